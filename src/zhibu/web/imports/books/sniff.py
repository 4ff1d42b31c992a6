"""What a file really is, told from its bytes and not from its name; hostile archives stop here (security.md H01-H09).

Everything is counted while inflating, because the figures in an archive's directory may lie.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from zhibu.web.core import archives, xmlparts
from zhibu.web.imports import limits
from zhibu.web.imports.books import scan
from zhibu.web.imports.books.refuse import Refused

XLSX, XLS, CSV = "xlsx", "xls", "csv"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
RESAVE = "用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再传"


@dataclass(slots=True)
class Sniffed:
    """`formulas` holds (part, row, column) of formula cells: part is the sheet's file in the archive, row 1-based,
    column 0-based."""

    form: str
    formulas: set[tuple[str, int, int]] = field(default_factory=set)


def sniff(path: Path) -> Sniffed:
    """Raises Refused for whatever isn't a readable .xlsx, .xls or .csv within the limits."""
    size = path.stat().st_size
    if size > limits.FILE_MB << 20:
        raise Refused(f"文件 {size / (1 << 20):.1f} MB，超过 {limits.FILE_MB} MB。按乡镇或部门分成几个文件再传")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Refused("文件是空的")
    if head.startswith(_OLE):
        return _ole(path)
    if head.startswith(b"PK"):
        return _archive(path)
    return _plain(path, head)


def _ole(path: Path) -> Sniffed:
    if _ENCRYPTED in path.read_bytes():
        raise Refused("文件设了打开密码。在 Excel 里去掉密码，保存后再传")
    return Sniffed(XLS)


def _plain(path: Path, head: bytes) -> Sniffed:
    if head.lstrip()[:1] == b"<" or head.startswith((b"%PDF", b"{\\rtf")):
        raise Refused(f"这不是 Excel 文件（内容是网页或其他文档）。{RESAVE}")
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"认不出这个文件。{RESAVE}")
    content = path.read_bytes()
    if max(content.count(b"\n"), content.count(b"\r")) > limits.ROWS:
        raise Refused(f"文件超过 {limits.ROWS:,} 行。按乡镇或部门分成几个文件再传")
    return Sniffed(CSV)


def _archive(path: Path) -> Sniffed:
    try:
        with archives.opened(path) as archive:
            return _workbook(archive)
    except archives.Unfit as unfit:
        raise Refused(_UNFIT.get(str(unfit), f"文件的内部结构不对。{RESAVE}")) from unfit
    except (*archives.BROKEN, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"文件损坏，打不开。{RESAVE}") from error


_UNFIT = {
    archives.LOCKED: "文件设了密码。去掉密码，保存后再传",
    archives.TOO_BIG: f"文件解开后超过 {limits.UNPACKED_MB} MB，没有读取。删去用不着的工作表和图片，或分成几个文件",
    xmlparts.ENTITIES: "文件里有不该有的 XML 声明，没有读取。用 Excel 或 WPS 打开，另存后再传",
    xmlparts.ENCODING: "文件的文字编码不是 UTF-8，没有读取。用 Excel 或 WPS 打开，另存后再传",
}
_LIST = 1 << 20  # bytes of the list of sheets
_MACROS = ("vbaproject", "macrosheets/", "activex/")


def _workbook(archive: zipfile.ZipFile) -> Sniffed:
    entries = archives.entries(archive, limits.PARTS, limits.UNPACKED_MB << 20)
    names = [entry.filename for entry in entries]
    if any(part in name.lower() for name in names for part in _MACROS) or any(name.endswith(".vbs") for name in names):
        raise Refused("文件带有宏（.xlsm）。另存为不带宏的“Excel 工作簿（.xlsx）”后再传")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise Refused(f"这个压缩文件不是 .xlsx 工作簿。{RESAVE}")
    return _inflate(archive, entries)


def _inflate(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Sniffed:
    found, budget = Sniffed(XLSX), archives.Budget(limits.UNPACKED_MB << 20)
    book = scan.Book()
    for entry in entries:
        name = entry.filename
        if not name.endswith((".xml", ".rels", ".vml")):
            budget.spend(entry.file_size)  # pictures: nobody unpacks them here
        elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
            found.formulas |= {(name, *cell) for cell in book.sheet(budget.chunks(archive, entry))}
        else:
            if name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels") and entry.file_size > _LIST:
                raise Refused(f"工作表太多，最多 {limits.SHEETS} 张。删去用不着的")
            book.part(name, budget.chunks(archive, entry))
    return found
