"""XML from strangers, looked at as bytes before any parser sees it: no DTD, no entities, UTF-8 only.

A declaration in another encoding could hide a DTD from a search, so other encodings are refused; office programs write
UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhibu.web.core.archives import Unfit

ENTITIES, ENCODING = "entities", "encoding"
TAIL = 400  # bytes of one window that the next one repeats
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,40})")
_KNOWN = (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def windows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of one part, each with the end of the one before, so that nothing hides on a border. Raises Unfit."""
    tail = b""
    for number, chunk in enumerate(chunks):
        if number == 0:
            _encoding(chunk)
        window = tail + chunk
        if b"<!" in window and _DOCTYPE.search(window):
            raise Unfit(ENTITIES)
        yield window
        tail = window[-TAIL:]


def _encoding(start: bytes) -> None:
    declared = _DECLARED.match(start.removeprefix(b"\xef\xbb\xbf")[:400].lstrip())
    if (
        (declared and declared[1].lower() not in _KNOWN)
        or b"\0" in start[:4]
        or start[:2] in (b"\xff\xfe", b"\xfe\xff")
    ):
        raise Unfit(ENCODING)
    if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise Unfit(ENCODING)  # another kind of file under the name of a part
