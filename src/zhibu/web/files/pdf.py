"""PDF: whole, without a password, without scripts, programs or files inside. It is looked through, never drawn here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from zhibu.web.core import archives
from zhibu.web.core.uploads import MB, TABLE
from zhibu.web.files.refuse import BROKEN, Refused

_LIMITS = TABLE["attachments"]["types"]["pdf"]
_DICTIONARY = 2000  # bytes around a name in which its dictionary stands


def _named(*names: str) -> re.Pattern[bytes]:
    """Finds a name however it is written: each letter may be #xx. Begins with a literal, so it runs at full speed;
    the look at the next letter spares nine tries at a slash that begins no name of ours (1.7 s for 15 MB of slashes).
    """
    letters = (["(?:" + re.escape(one) + f"|#{ord(one):02x}|#{ord(one):02X})" for one in name] for name in names)
    first = "".join(sorted({name[0] for name in names}))
    written = "|".join("".join(name) for name in letters)
    return re.compile(rf"/(?=[{first}#])(?:{written})(?![\w#])".encode())


# Long names only: they don't occur by chance in packed bytes. Every script action has to say /JavaScript.
_ACTIVE = _named(
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "RichMedia",
    "ImportData",
    "SubmitForm",
    "Rendition",
    "GoToE",
)
_LOCKED = _named("Encrypt")
_OBJECTS = _named("ObjStm")
_OTHER = re.compile(rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|Crypt|Predictor|AHx|A85|LZW|RL)\b|#")


def check(path: Path) -> None:
    """Raises Refused."""
    data = path.read_bytes()
    if b"%%EOF" not in data[-2048:]:
        raise Refused(BROKEN)
    if data.count(b"#") > max(10_000, len(data) // 64):  # four times what packed bytes have: escapes to wear us out
        raise Refused(BROKEN)
    if _LOCKED.search(data):
        raise Refused("PDF 设了密码或限制。去掉后再传")
    _harmless(data)
    for content in _objects(data):
        _harmless(content)


def _harmless(data: bytes) -> None:
    if _ACTIVE.search(data):
        raise Refused("PDF 里有脚本、表单程序或夹带的文件。用打印成 PDF 的办法另存一份再传")


def _objects(data: bytes) -> Iterator[bytes]:
    """What is in the packed object streams: the only packed place where an action can stand.

    Honest streams lie side by side, so together they are no longer than the file.
    """
    out, read, at = archives.Budget(_LIMITS["unpacked_mb"] * MB), archives.Budget(len(data)), 0
    for _ in range(_LIMITS["parts"]):
        if not (found := _OBJECTS.search(data, at)):
            return
        at = _start(data, found.start())
        try:
            yield archives.inflate(memoryview(data)[at:], out, read)
        except archives.Unfit as error:
            raise Refused("PDF 解开后太大，没有收下") from error
    raise Refused(BROKEN)


def _start(data: bytes, name: int) -> int:
    """Where the packed bytes of an object stream begin; only the plain way of packing is taken."""
    begin = data.find(b"stream", name, name + _DICTIONARY)
    head = data[max(0, data.rfind(b"obj", max(0, name - _DICTIONARY), name)) : begin]
    if begin < 0 or _OTHER.search(head) or b"/FlateDecode" not in head:
        raise Refused("PDF 的内部写法少见，查不清楚。用打印成 PDF 的办法另存一份再传")
    return begin + 6 + (2 if data[begin + 6 : begin + 8] == b"\r\n" else 1)
