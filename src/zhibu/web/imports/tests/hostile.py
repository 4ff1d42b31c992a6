"""Files made to hurt: each is refused with a sentence, or read without harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from zhibu.web.imports.tests.helpers import COUNTY, ORGANISATIONS, book

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refused(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(what it is, its bytes) of files that must not be read."""
    good = book(folder / "good.xlsx", [ORGANISATIONS, *COUNTY]).read_bytes()
    yield "empty", b""
    yield "blanks", b"  \n\n"
    yield "text in a zip's clothes", b"PK\x03\x04 this is no zip"
    yield "web page", b"<!DOCTYPE html><html><script>alert(1)</script><table></table></html>"
    yield "pdf", b"%PDF-1.7 ..."
    yield "exe", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)
    yield "png", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    yield "broken xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    for cut in (30, 200, len(good) // 2, len(good) - 30, len(good) - 5):
        yield f"truncated at {cut}", good[:cut]
    for place in range(60, len(good), len(good) // 12):
        spoiled = bytearray(good)
        spoiled[place] ^= 0xFF
        yield f"one byte turned at {place}", bytes(spoiled)
    yield from _zips(good)


def _zips(good: bytes) -> Iterator[tuple[str, bytes]]:
    sheet = "xl/worksheets/sheet1.xml"
    bomb = b"<worksheet " + _NS.encode() + b"><sheetData>" + b" " * (24 << 20)
    yield "zip bomb", _changed(good, {sheet: bomb})
    yield "bomb beside the sheet", _changed(good, {"xl/sharedStrings.xml": b" " * (24 << 20)})
    for reference in ("XFD1048576", "A1048576", "XFD1", "GS5", "A200000"):
        cell = f'<c r="{reference}"><v>1</v></c>'
        row = int("".join(filter(str.isdigit, reference)))
        yield f"cell at {reference}", _changed(good, {sheet: _sheet(f'<row r="{row}">{cell}</row>')})
        quoted = f"<c s='0' r='{reference}'><v>1</v></c>"
        yield f"quoted cell at {reference}", _changed(good, {sheet: _sheet(f"<row r='{row}'>{quoted}</row>")})
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>'
    yield (
        "entities",
        _changed(good, {sheet: laughs.encode() + _sheet("<row r='1'><c r='A1' t='str'><v>&b;</v></c></row>")}),
    )
    external = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield "external entity", _changed(good, {"xl/workbook.xml": external.encode() + _part(good, "xl/workbook.xml")})
    wide = "\ufeff<?xml version='1.0'?><!DOCTYPE x>".encode("utf-16")
    yield "entities in another encoding", _changed(good, {sheet: wide})
    yield "macros", _changed(good, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    types = _part(good, "[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    yield "macro type", _changed(good, {"[Content_Types].xml": types})
    yield "no workbook", _changed(good, {"xl/workbook.xml": None})
    yield "no relations", _changed(good, {"xl/_rels/workbook.xml.rels": None})
    yield "no sheet", _changed(good, {sheet: None})
    yield "sheet of nonsense", _changed(good, {sheet: b"<not xml"})
    yield "a zip of something else", _archive({"../../etc/passwd": b"root", "word/document.xml": b"<w/>"})
    yield "too many parts", _changed(good, {f"xl/media/{n}.png": b"" for n in range(2100)})
    yield "the same part twice", _twice(good, sheet)
    # Not compressed in vain: a megabyte of formulas.
    cells = "".join(f'<c r="A{n}"><f>1+1</f></c>' for n in range(1, 199_999))
    cells += "".join(f'<c r="B{n}"><f>1+1</f></c>' for n in range(1, 9))
    yield "formulas without end", _changed(good, {sheet: _sheet(f'<row r="1">{cells}</row>')})


def harmless(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Odd but honest files, which are read."""
    good = book(folder / "good.xlsx", [ORGANISATIONS, *COUNTY]).read_bytes()
    sheet = _part(good, "xl/worksheets/sheet1.xml")
    styled = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    yield "formatting down to the last cell", _changed(good, {"xl/worksheets/sheet1.xml": styled})
    yield "a picture inside", _changed(good, {"xl/media/image1.png": bytes(1 << 20)})
    yield "a path that climbs", _changed(good, {"../../evil.xml": b"<a/>"})


def _sheet(rows: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet {_NS}><sheetData>{rows}</sheetData></worksheet>'.encode()


def _part(good: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return archive.read(name)


def _changed(good: bytes, parts: dict[str, bytes | None]) -> bytes:
    """The workbook with parts put in, changed, or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        every = {name: archive.read(name) for name in archive.namelist()} | parts
    return _archive({name: content for name, content in every.items() if content is not None})


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _twice(good: bytes, name: str) -> bytes:
    out = io.BytesIO(good)
    import warnings

    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, b"<a/>")
    return out.getvalue()
