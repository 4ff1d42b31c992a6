"""How the corpus grows: write a function that yields (name, bytes), mark it with `@hostile(...)`, done.

Everything is deterministic: the same bytes on every run, so that a finding can be named and kept.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

REFUSED, EITHER, TAKEN = "refused", "either", "taken"
LARGE = "large"  # honest but for its size: judged in the background, where it may take longer
Files = Iterable[tuple[str, bytes]]
_MAKERS: list[tuple[str, str, Callable[[], Files]]] = []


@dataclass(frozen=True, slots=True)
class Hostile:
    """`upload`: books or attachments. `wanted`: refused; taken, and made harmless; either; or large."""

    name: str
    upload: str
    wanted: str
    content: bytes


def hostile(upload: str, wanted: str = REFUSED) -> Callable[[Callable[[], Files]], Callable[[], Files]]:
    def mark(make: Callable[[], Files]) -> Callable[[], Files]:
        _MAKERS.append((upload, wanted, make))
        return make

    return mark


def corpus(of_each: int | None = None) -> Iterator[Hostile]:
    """Every hostile file, or the first few of each function, in the order of the functions."""
    from tests.hostile import books, metadata, odds, office, pdfs, pictures

    for upload, wanted, make in _MAKERS:
        for name, content in islice(make(), of_each):
            yield Hostile(
                f"{upload}-{make.__name__}-{name}".replace(" ", "_").replace("/", "_"), upload, wanted, content
            )


# --- zip by hand: what zipfile itself would refuse to write ------------------------------------------------------

_DAY = (1980, 1, 1, 0, 0, 0)


def zipped(parts: dict[str, bytes], level: int = 6, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=level if method == zipfile.ZIP_DEFLATED else None) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


@dataclass(slots=True)
class Entry:
    """One entry with every figure free to lie."""

    name: bytes
    packed: bytes
    method: int = 8
    flags: int = 0
    size: int | None = None  # unpacked, as claimed
    crc: int = 0
    offset: int | None = None  # where the directory says it begins
    packed_size: int | None = None


def by_hand(entries: list[Entry], *, comment: bytes = b"", count: int | None = None) -> bytes:
    """Local headers, directory, end: the figures are taken as they are given."""
    out, directory = io.BytesIO(), io.BytesIO()
    for one in entries:
        at = out.tell() if one.offset is None else one.offset
        packed_size = len(one.packed) if one.packed_size is None else one.packed_size
        size = len(one.packed) if one.size is None else one.size
        figures = struct.pack("<HHHHHIII", 20, one.flags, one.method, 0, 0x21, one.crc, packed_size, size)
        out.write(b"PK\3\4" + figures + struct.pack("<HH", len(one.name), 0) + one.name + one.packed)
        directory.write(
            b"PK\1\2"
            + struct.pack("<H", 20)
            + figures
            + struct.pack("<HHHHHII", len(one.name), 0, 0, 0, 0, 0, at)
            + one.name
        )
    number = len(entries) if count is None else count
    end = struct.pack("<HHHHIIH", 0, 0, number, number, directory.tell(), out.tell(), len(comment))
    return out.getvalue() + directory.getvalue() + b"PK\5\6" + end + comment


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def zeros(megabytes: int) -> bytes:
    """A deflate stream of blanks, made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    blank = b" " * (1 << 20)
    return b"".join(packer.compress(blank) for _ in range(megabytes)) + packer.flush()


# --- office documents ---------------------------------------------------------------------------------------------

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument."


def relations(*rows: tuple[str, str, bool]) -> bytes:
    """(type, target, external) rows of a list of relations."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        f"{' TargetMode="External"' if external else ''}/>"
        for number, (kind, target, external) in enumerate(rows, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELS}">{lines}</Relationships>'.encode()


def docx(text: str = "支部会议纪要", **parts: bytes) -> dict[str, bytes]:
    """The parts of a small Word document; more of them, or others, by name."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return {
        "[Content_Types].xml": types(("/word/document.xml", f"{_KIND}wordprocessingml.document.main+xml")),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{word}">{body}</w:document>'.encode(),
    } | parts


def types(*rows: tuple[str, str]) -> bytes:
    lines = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in rows)
    usual = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    usual += '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{_HEAD}<Types xmlns="{_TYPES}">{usual}{lines}</Types>'.encode()


def xlsx(rows: str | None = None, **parts: bytes) -> dict[str, bytes]:
    """The parts of a small workbook: the three rows of an honest book of organisations, or the XML rows given."""
    one = '<sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>'
    book = f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{one}</workbook>'
    return {
        "[Content_Types].xml": types(
            ("/xl/workbook.xml", f"{_KIND}spreadsheetml.sheet.main+xml"),
            ("/xl/worksheets/sheet1.xml", f"{_KIND}spreadsheetml.worksheet+xml"),
        ),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml", False)),
        "xl/workbook.xml": book.encode(),
        "xl/worksheets/sheet1.xml": sheet(table(HONEST) if rows is None else rows),
    } | parts


HONEST = (
    ("党组织名称", "党组织类别", "上级党组织", "领域", "建立日期", "届满日期"),
    ("中共某县委员会", "党委", "", "党政机关", "1990.1.1", "2028.1.1"),
    ("甲村党支部", "党支部", "中共某县委员会", "村", "1995.1.1", "2027.1.1"),
)


def table(rows: Iterable[Iterable[str]]) -> str:
    return "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + place)}{number}", text) for place, text in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows: str, after: str = "", before: str = "") -> bytes:
    return f'{_HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()
