"""What an uploaded file is, told from its bytes; whatever is none of ours is refused with what to do instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhibu.web.core.uploads import MB, TABLE
from zhibu.web.files import office, pdf, pictures
from zhibu.web.files.refuse import WANTED, Refused

KINDS: dict[str, dict[str, Any]] = TABLE["attachments"]["types"]
PHOTOS = ("jpeg", "png", "webp")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_HEAD = 64


def look(path: Path) -> str:
    """The kind of a file that may be kept. Raises Refused."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = _kind(path, head)
    _weigh(kind, path.stat().st_size)
    if kind in PHOTOS:
        pictures.check(path, kind)
    elif kind == "pdf":
        pdf.check(path)
    else:
        office.check(path, kind)
    return kind


def _kind(path: Path, head: bytes) -> str:
    if not head.strip():
        raise Refused("文件是空的，换一个再传")
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\3\4"):
        return office.kind(path)
    raise Refused(_other(path, head))


def _other(path: Path, head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return "苹果手机的 HEIC 照片打不开。用手机浏览器直接选这张照片会自动转成 JPEG；在电脑上先另存为 JPEG 再传"
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[: 64 * MB]:
            return "文件设了打开密码。去掉密码，保存后再传"
        return "这是旧式的 Word 或 Excel 文件。打开后另存为 .docx 或 .xlsx 再传"
    if head.startswith((b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        return f"这种图片不收。另存为 JPEG 或 PNG 再传；{WANTED}"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return f"压缩包不收。解开后一个一个传；{WANTED}"
    return f"认不出这是什么文件。{WANTED}"


def _weigh(kind: str, size: int) -> None:
    most = KINDS[kind]["file_mb"]
    if size > most * MB:
        word = "照片" if kind in PHOTOS else "文件"
        raise Refused(f"{word} {size / MB:.1f} MB，超过 {most} MB，没有传上。可以不传，或换一个小一些的")
