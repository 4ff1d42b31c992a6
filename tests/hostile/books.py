"""Books for the import: cells far away in every spelling, lies about sizes, formulas, old .xls, hostile CSV."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.hostile.kit import (
    EITHER,
    HONEST,
    LARGE,
    TAKEN,
    cell,
    docx,
    hostile,
    relations,
    sheet,
    table,
    types,
    xlsx,
    zipped,
)
from tests.hostile.office import DTDS

SHEET = "xl/worksheets/sheet1.xml"
FAR = (
    '<c r="XFD1048576"><v>1</v></c>',
    "<c r='XFD1048576'><v>1</v></c>",
    '<c s="0" r="XFD1048576"><v>1</v></c>',
    '<c r ="XFD1048576"><v>1</v></c>',
    '<c r= "XFD1048576"><v>1</v></c>',
    '<c\nr="XFD1048576"><v>1</v></c>',
    '<c\tr\t=\t"XFD1048576"\t><v>1</v></c>',
    f'<c x="{"a" * 200}" r="XFD1048576"><v>1</v></c>',
    f'<c x="{"a" * 2_000}" r="XFD1048576"><v>1</v></c>',
    f'<c {"x" * 1_000}="" r="XFD1048576"><v>1</v></c>',
    '<c r="&#88;FD1048576"><v>1</v></c>',
    '<c r="xfd1048576"><v>1</v></c>',
    '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="XFD1048576"><v>1</v></x:c>',
    f'<{"x" * 40}:c r="XFD1048576"><v>1</v></{"x" * 40}:c>',
    '<c r="A1048576"><v>1</v></c>',
    '<c r="XFD1"><v>1</v></c>',
    '<c r="GS5"><v>1</v></c>',
    '<c r="A200000"><v>1</v></c>',
    '<c r="ZZZZ1"><v>1</v></c>',
    '<c r="A99999999999999999999"><v>1</v></c>',
    '<c r="A1:XFD1048576"><v>1</v></c>',
    '<c r=""><v>1</v></c>',
    '<c r="XFD1048576" t="str"><f>1</f><v>x</v></c>',
    '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    '<c r="XFD1048576"\n\n\n\n\n\n\n\n\n\n><v>1</v></c>',
)


@hostile("books")
def far_away() -> Iterator[tuple[str, bytes]]:
    for number, one in enumerate(FAR):
        yield f"cell {number}", zipped(xlsx(table(HONEST) + f'<row r="1048576">{one}</row>'))
    yield "no address", zipped(xlsx(table(HONEST) + '<row r="1048576"><c><v>1</v></c></row>'))
    yield "cells without addresses", zipped(xlsx("<row>" + "<c><v>1</v></c>" * 2_000_000 + "</row>"))
    yield (
        "two cells far apart",
        zipped(xlsx(table(HONEST) + '<row r="199999"><c r="A199999"><v>1</v></c><c r="GR199999"><v>1</v></c></row>')),
    )
    border = " " * ((1 << 18) - 200 - len(sheet(table(HONEST))))
    yield (
        "on the border of two pieces",
        zipped(xlsx(table(HONEST) + border + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>')),
    )


@hostile("books", LARGE)
def legal_and_large() -> Iterator[tuple[str, bytes]]:
    columns = [chr(65 + n) for n in range(20)]
    row = "".join(f'<c r="{letter}%d"><v>1</v></c>' for letter in columns)
    yield (
        "a million cells",
        zipped(xlsx(table(HONEST) + "".join(f"<row>{row.replace('%d', str(n))}</row>" for n in range(4, 50_004))), 1),
    )
    yield (
        "five million cells and more",
        zipped(
            xlsx(
                table(HONEST)
                + "".join(f"<row>{row.replace('%d', str(n))}</row>" for n in range(4, 140_004))
                + '<row><c r="AZ199998"><v>1</v></c></row>'
            ),
            1,
        ),
    )


@hostile("books", EITHER)
def large() -> Iterator[tuple[str, bytes]]:
    columns = [chr(65 + n) for n in range(20)]
    merged = "".join('<mergeCell ref="A1:A199999"/>' for _ in range(20_000))
    yield (
        "merged areas without end",
        zipped(xlsx(**{SHEET: sheet(table(HONEST), f"<mergeCells>{merged}</mergeCells>")})),
    )
    areas = "".join(f'<mergeCell ref="{letter}1:{letter}199999"/>' for letter in columns * 900)
    yield (
        "merged areas side by side",
        zipped(xlsx(**{SHEET: sheet(table(HONEST), f"<mergeCells>{areas}</mergeCells>")})),
    )
    yield (
        "formatting down to the last cell",
        zipped(xlsx(table(HONEST) + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')),
    )
    yield (
        "a dimension that lies",
        zipped(xlsx(**{SHEET: sheet(table(HONEST), before='<dimension ref="A1:XFD1048576"/>')})),
    )
    yield "100000 sheets", zipped(xlsx(**{"xl/workbook.xml": _sheets(100_000)}))
    yield "a cell of 30 MB", zipped(xlsx(table(HONEST) + f"<row>{cell('A4', '甲' * (10 << 20))}</row>"))
    yield (
        "columns without end",
        zipped(
            xlsx(**{SHEET: sheet(table(HONEST), before="<cols>" + '<col min="1" max="16384"/>' * 500_000 + "</cols>")})
        ),
    )


def _sheets(number: int) -> bytes:
    one = xlsx()["xl/workbook.xml"]
    start, end = one.index(b"<sheet "), one.index(b"</sheets>")
    return (
        one[:start]
        + b"".join(b'<sheet name="%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, number))
        + one[end:]
    )


@hostile("books", EITHER)
def shared_strings() -> Iterator[tuple[str, bytes]]:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = relations(("worksheet", "worksheets/sheet1.xml", False), ("sharedStrings", "sharedStrings.xml", False))
    for name, content in (
        (
            "that say four thousand million",
            f'<sst {space} count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>',
        ),
        ("fewer than used", f"<sst {space}><si><t>a</t></si></sst>"),
        ("a million", f"<sst {space}>{'<si><t>a</t></si>' * 1_000_000}</sst>"),
        ("one of 100 MB", f"<sst {space}><si><t>{'a' * (100 << 20)}</t></si></sst>"),
        ("deep", f"<sst {space}>{'<si>' * 500_000}</sst>"),
        ("no xml", "<sst"),
    ):
        used = sheet(table(HONEST) + '<row r="4"><c r="A4" t="s"><v>4294967294</v></c></row>')
        parts = {"xl/_rels/workbook.xml.rels": rows, "xl/sharedStrings.xml": content.encode(), SHEET: used}
        yield name, zipped(xlsx(**parts))


@hostile("books", EITHER)
def lists_that_lie() -> Iterator[tuple[str, bytes]]:
    """Each list of a workbook says that it holds thousands of millions."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = relations(("worksheet", "worksheets/sheet1.xml", False), ("styles", "styles.xml", False))
    for figure in ("4294967295", "18446744073709551615", "99999999", "-1", "1e9", "&#57;999999999"):
        for name in ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            content = f'<styleSheet {space}><{name} count="{figure}"><x/></{name}></styleSheet>'
            yield (
                f"{name} {figure}",
                zipped(xlsx(**{"xl/_rels/workbook.xml.rels": rows, "xl/styles.xml": content.encode()})),
            )
        texts = relations(("worksheet", "worksheets/sheet1.xml", False), ("sharedStrings", "x.xml", False))
        for attribute in ("count", "uniqueCount", "x='a' uniqueCount ", "\nuniqueCount\t"):
            content = f'<sst {space} {attribute}="{figure}"><si><t>a</t></si></sst>'
            yield (
                f"{attribute!r} {figure}",
                zipped(xlsx(**{"xl/_rels/workbook.xml.rels": texts, "xl/x.xml": content.encode()})),
            )
        merged = sheet(table(HONEST), f'<mergeCells count="{figure}"><mergeCell ref="A1:B1"/></mergeCells>')
        yield f"merged {figure}", zipped(xlsx(**{SHEET: merged}))
        row = table(HONEST).replace('<row r="1">', f'<row r="1" spans="1:{figure}">', 1)
        yield f"spans {figure}", zipped(xlsx(row))
        yield f"row {figure}", zipped(xlsx(table(HONEST) + f'<row r="{figure}"><c r="A4"><v>1</v></c></row>'))


@hostile("books")
def marked_up() -> Iterator[tuple[str, bytes]]:
    for name, dtd in DTDS.items():
        spoiled = xlsx()[SHEET].replace(b"?>\n", b"?>" + dtd.encode(), 1)
        yield f"sheet {name}", zipped(xlsx(**{SHEET: spoiled}))
    for part in ("xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        yield f"dtd in {part}", zipped(xlsx(**{part: xlsx()[part].replace(b"?>\n", b"?><!DOCTYPE x []>", 1)}))
    for name in ("cp037", "utf-7", "utf-16"):
        yield f"declared {name}", zipped(xlsx(**{SHEET: xlsx()[SHEET].replace(b'"UTF-8"', f'"{name}"'.encode())}))
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    yield "macros by type", zipped(xlsx(**{"[Content_Types].xml": types(("/xl/workbook.xml", kind))}))
    for name in ("xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.bin"):
        yield name, zipped(xlsx() | {name: b"\xd0\xcf\x11\xe0"})
    yield "a word document", zipped(docx())
    for missing in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "[Content_Types].xml"):
        yield f"without {missing}", zipped({name: content for name, content in xlsx().items() if name != missing})
    yield (
        "sheet elsewhere",
        zipped(xlsx(**{"xl/_rels/workbook.xml.rels": relations(("worksheet", "../../../etc/passwd", False))})),
    )
    yield (
        "sheet at an address",
        zipped(xlsx(**{"xl/_rels/workbook.xml.rels": relations(("worksheet", "http://127.0.0.1:1/x", True))})),
    )


@hostile("books", TAKEN)
def values_only() -> Iterator[tuple[str, bytes]]:
    """Formulas give the value that was kept, links are not followed, dates are believed or named as wrong."""
    for number, formula in enumerate(
        (
            "1+1",
            "[1]Sheet!A1",
            "WEBSERVICE(&quot;http://127.0.0.1:1&quot;)",
            "cmd|'/c calc'!A0",
            "HYPERLINK(&quot;http://x&quot;)",
        )
    ):
        rows = table(HONEST).replace(cell("F3", "2027.1.1"), f'<c r="F3" t="str"><f>{formula}</f><v>2027.1.1</v></c>')
        yield f"formula {number}", zipped(xlsx(rows))
    for number, text in enumerate(
        ("=1+1", "+1", "-1", "@A1", "\t=1", "＝1", "&lt;script&gt;alert(1)&lt;/script&gt;", "{{7*7}}", "%s%n")
    ):
        yield (
            f"text {number}",
            zipped(
                xlsx(
                    table(HONEST) + f"<row>{cell('A4', text)}{cell('B4', '党支部')}{cell('C4', '中共某县委员会')}</row>"
                )
            ),
        )
    for number, value in enumerate(("1e308", "-1e308", "NaN", "1e-400", "9" * 400, "-1", "2958466", "0.00001")):
        yield (
            f"number {number}",
            zipped(xlsx(table(HONEST) + f'<row>{cell("A4", "乙")}<c r="E4"><v>{value}</v></c></row>')),
        )
    yield "a path that climbs", zipped(xlsx() | {"../../evil.xml": b"<a/>"})


# --- old .xls: a compound file by hand ---------------------------------------------------------------------------


def xls(stream: bytes, *, fat: bytes | None = None) -> bytes:
    """A compound file whose one stream is `Workbook`."""
    stream += bytes(max(0, 4096 - len(stream)))
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    if len(chain) > 128:
        raise ValueError("one sector of the table is enough for 60 KB")
    table_ = fat or struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * (109 * 4 - 4)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        tree = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + tree + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return head + table_ + directory.ljust(512, b"\0") + stream


def record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def biff(cells: bytes, *, place: int | None = None, count: int = 1) -> bytes:
    """A BIFF8 workbook with `count` sheets that all begin at the same place."""
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    name = b"\4\0" + b"data"
    sheets = [record(0x85, struct.pack("<IBB", 0, 0, 0) + name)] * count
    at = len(start) + sum(map(len, sheets)) + 4 if place is None else place
    sheets = [record(0x85, struct.pack("<IBB", at, 0, 0) + name)] * count
    book = start + b"".join(sheets) + record(0x0A)
    return book + record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + record(0x0A)


def number_at(row: int, column: int) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, 1.0))


@hostile("books", EITHER)
def old_workbooks() -> Iterator[tuple[str, bytes]]:
    yield "small", xls(biff(number_at(0, 0)))
    yield "the whole rectangle of two cells", xls(biff(number_at(0, 0) + number_at(65_535, 255)))
    yield (
        "dimensions that lie",
        xls(biff(record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)) + number_at(0, 0))),
    )
    yield "sheets that begin nowhere", xls(biff(b"", place=0x7FFFFFFF))
    yield "a sheet that is the book", xls(biff(b"", place=0))
    yield "1000 sheets of one rectangle", xls(biff(number_at(0, 0) + number_at(65_535, 255), count=1_000))
    yield "strings that are not there", xls(biff(record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0xFFFFFFFF))))
    yield "strings by the million", xls(biff(b"") + record(0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF)))
    yield "a record longer than the file", xls(struct.pack("<HH", 0x809, 0xFFFF))
    yield "a chain that leads to itself", xls(biff(b""), fat=struct.pack("<128I", *[2] * 128))
    yield "a chain that leads outside", xls(biff(b""), fat=struct.pack("<128I", *[0x7FFFFFF0] * 128))
    yield "formulas", xls(biff(record(0x06, struct.pack("<HHHQHIH", 0, 0, 0, 0, 0, 0, 0))))
    yield "no stream", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000)


# --- CSV ----------------------------------------------------------------------------------------------------------

HEAD = ",".join(HONEST[0])


@hostile("books", EITHER)
def comma_separated() -> Iterator[tuple[str, bytes]]:
    row = ",".join(HONEST[1])
    yield "one line of 15 MB", (HEAD + "\n" + "a" * (15 << 20)).encode()
    yield "a quote that never ends", (HEAD + '\n"' + "a,b\n" * 1_000_000).encode()
    yield "quotes without end", (HEAD + "\n" + '"' * 5_000_000).encode()
    yield "a million columns", (HEAD + "\n" + "," * 5_000_000).encode()
    yield "five million empty lines", (HEAD + "\n" * 5_000_000).encode()
    yield "a million rows", (HEAD + "\n" + (row + "\n") * 250_000).encode()
    yield "nul bytes", (HEAD + "\n" + row + "\0\n").encode()
    yield "utf-16", (HEAD + "\n" + row).encode("utf-16")
    yield "utf-16 cut", (HEAD + "\n" + row).encode("utf-16")[:-1]
    yield "gb18030", (HEAD + "\n" + row).encode("gb18030")
    yield "half a letter", (HEAD + "\n" + row).encode("gb18030") + b"\x81"
    yield "utf-7", (HEAD + "\n+ADw-script+AD4-").encode()
    yield "surrogates", HEAD.encode() + b"\n\xed\xa0\x80,\xed\xbf\xbf\n"
    yield "carriage returns only", (HEAD + "\r" + row).encode()
    yield "formulas", (HEAD + '\n=1+1,@A1,+1,-1,"=HYPERLINK(""http://x"")",\t=1\n').encode()
    yield "heads 100000 times", (HEAD + "\n").encode() * 100_000
