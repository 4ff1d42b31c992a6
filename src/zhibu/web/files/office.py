"""Word and Excel documents: no macros, no programs inside, nothing fetched from elsewhere when they are opened."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from zhibu.web.core import archives, xmlparts
from zhibu.web.core.uploads import MB, TABLE
from zhibu.web.files.refuse import BROKEN, WANTED, Refused

_TYPES = TABLE["attachments"]["types"]
_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_ACTIVE = re.compile(
    r"vbaproject|macrosheets/|activex/|externallinks/|customui|webextensions"
    r"|embeddings/(?!.*\.xlsx$)|\.(?:exe|dll|com|scr|bat|cmd|ps1|js|jse|vbs|vbe|wsf|hta|lnk|jar|msi|html?|mht)$",
    re.IGNORECASE,
)
_RELATIONS = 2 * MB  # of one list of relations
_FIELD = re.compile(rb"<(?:\w{1,20}:)?(?:instrText|fldSimple)\b[^<>]{0,500}>[^<]{0,500}")
_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_SENTENCES = {
    archives.LOCKED: "文件设了密码。去掉密码，保存后再传",
    archives.TOO_BIG: "文件解开后太大，没有收下。删去用不着的图片，或分成几个文件",
    xmlparts.ENTITIES: "文件里有不该有的 XML 声明。用 Word、Excel 或 WPS 打开，另存后再传",
    xmlparts.ENCODING: "文件里有不该有的文字编码。用 Word、Excel 或 WPS 打开，另存后再传",
}
_MACROS = "文件里有宏、嵌入的程序或链接到别处的内容。去掉它们，另存为 .docx 或 .xlsx 再传"


def kind(path: Path) -> str:
    """docx or xlsx. Raises Refused for any other archive."""
    names = _names(path)
    found = [one for one, main in _MAIN.items() if main in names]
    if len(found) != 1 or "[Content_Types].xml" not in names:
        raise Refused(f"这是压缩包或别的文件。{WANTED}")
    return found[0]


def _names(path: Path) -> set[str]:
    try:
        with archives.opened(path) as archive:
            return set(archive.namelist())
    except (*archives.BROKEN, ValueError) as error:
        raise Refused(BROKEN) from error


def check(path: Path, kind: str) -> None:
    """Raises Refused for whatever is not a plain document within the table."""
    limits = _TYPES[kind]
    try:
        with archives.opened(path) as archive:
            entries = archives.entries(archive, limits["parts"], limits["unpacked_mb"] * MB)
            if min(entry.header_offset for entry in entries) != 0:
                raise archives.Unfit(archives.ODD)  # something else stands in front
            _look(archive, entries, archives.Budget(limits["unpacked_mb"] * MB))
    except archives.Unfit as unfit:
        raise Refused(_SENTENCES.get(str(unfit), BROKEN)) from unfit
    except (*archives.BROKEN, ElementTree.ParseError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(BROKEN) from error


def _look(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], budget: archives.Budget) -> None:
    for entry in entries:
        name = entry.filename
        if archives.climbs(name):
            raise archives.Unfit(archives.ODD)
        if _ACTIVE.search(name):
            raise Refused(_MACROS)
        chunks = budget.chunks(archive, entry)
        if name.endswith(".rels"):
            _relations(b"".join(archives.Budget(_RELATIONS).counted(chunks)))
        elif name.endswith((".xml", ".vml")):
            _markup(name, chunks)
        else:
            if next(chunks, b"").startswith(b"PK\3\4") and not name.endswith(".xlsx"):  # the table of a chart
                raise Refused(_MACROS)
            for _ in chunks:  # counted as it comes out
                pass


def _markup(name: str, chunks) -> None:
    for window in xmlparts.windows(chunks):
        if name == "[Content_Types].xml" and re.search(rb"macroEnabled|\.template", window, re.IGNORECASE):
            raise Refused(_MACROS)
        if b"DDE" in window and any(b"DDE" in field for field in _FIELD.findall(window)):
            raise Refused(_MACROS)


def _relations(content: bytes) -> None:
    """Only links that a reader clicks may lead outside, and only to pages and mail addresses."""
    for _ in xmlparts.windows([content]):
        pass
    for one in ElementTree.fromstring(content).iter():  # noqa: S314  no DTD: looked at just now
        if one.get("TargetMode", "").lower() != "external":
            continue
        if not one.get("Type", "").endswith("/hyperlink") or not _LINK.match(one.get("Target", "")):
            raise Refused(_MACROS)
