"""Archives and office documents: bombs, lies in the directory, programs inside, things fetched from elsewhere."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

from tests.hostile.kit import (
    EITHER,
    TAKEN,
    Entry,
    by_hand,
    deflated,
    docx,
    hostile,
    relations,
    types,
    xlsx,
    zeros,
    zipped,
)

_KIND = "application/vnd.openxmlformats-officedocument."
LAUGHS = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12)) + "]>"
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
DTDS = {
    "laughs": LAUGHS,
    "quadratic": QUADRATIC,
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x.dtd"> %a;]>',
    "external dtd": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    "lower case": "<!doctype x []>",
}


def _entries(parts: dict[str, bytes]) -> list[Entry]:
    return [
        Entry(name.encode(), deflated(content), size=len(content), crc=zlib.crc32(content))
        for name, content in parts.items()
    ]


def bombs(parts: dict[str, bytes], inner: str) -> Iterator[tuple[str, bytes]]:
    """Around a small honest document; `inner` is its main part."""
    honest = _entries(parts)
    blank = zeros(400)
    yield "one part of 400 MB", by_hand([*honest, Entry(b"docProps/app.xml", blank, size=400 << 20)])
    yield "a part that says it is small", by_hand([*honest, Entry(b"docProps/app.xml", blank, size=100)])
    yield (
        "its main part is a bomb",
        by_hand(
            [*_entries({k: v for k, v in parts.items() if k != inner}), Entry(inner.encode(), blank, size=400 << 20)]
        ),
    )
    one = deflated(bytes(1 << 20))
    yield "500 parts of 1 MB", by_hand([*honest, *(Entry(b"media/%d.xml" % n, one, size=1 << 20) for n in range(500))])
    yield "100000 empty parts", zipped(parts | {f"x/{n}": b"" for n in range(60_000)}, 0)
    shared = [
        Entry(b"x/%d.xml" % n, one if not n else b"", size=1 << 20, offset=None if not n else -1) for n in range(400)
    ]
    yield "parts that share their bytes", _sharing(honest, shared, len(one))
    yield "a directory that says 4 GB", by_hand([*honest, Entry(b"x.xml", b"a", size=0xFFFFFFFE)])
    yield "packed sizes beyond the file", by_hand([*honest, Entry(b"x.xml", b"a", packed_size=0x7FFFFFFF)])
    yield "nested", zipped(parts | {"x/a.zip.xml": zipped({"b.zip": zipped({"c": bytes(50 << 20)})})})


def _sharing(honest: list[Entry], many: list[Entry], size: int) -> bytes:
    """All entries of `many` begin where the first one does."""
    at = len(by_hand(honest)) - sum(46 + len(one.name) for one in honest) - 22
    for one in many[1:]:
        one.offset, one.packed_size = at, size
    return by_hand([*honest, *many])


@hostile("attachments")
def docx_bombs() -> Iterator[tuple[str, bytes]]:
    yield from bombs(docx(), "word/document.xml")


@hostile("books")
def xlsx_bombs() -> Iterator[tuple[str, bytes]]:
    yield from bombs(xlsx(), "xl/worksheets/sheet1.xml")


@hostile("attachments")
def directories_that_lie() -> Iterator[tuple[str, bytes]]:
    parts, entries = docx(), _entries(docx())
    yield "locked", by_hand([Entry(e.name, e.packed, flags=1, size=e.size, crc=e.crc) for e in entries])
    yield "the same part twice", by_hand([*entries, entries[2]])
    yield "the same part in capitals", by_hand([*entries, Entry(b"WORD/DOCUMENT.XML", deflated(b"<a/>"), size=4)])
    yield "wrong sum", by_hand([Entry(e.name, e.packed, size=e.size, crc=1) for e in entries])
    for number in (1, 9, 12, 14, 93, 95, 99):
        yield f"method {number}", by_hand([*entries, Entry(b"x.xml", b"abc", method=number)])
    yield "bzip2", zipped(parts, method=zipfile.ZIP_BZIP2)
    yield "lzma", zipped(parts, method=zipfile.ZIP_LZMA)
    whole = zipped(parts)
    yield "something in front", b"MZ" + bytes(100) + whole
    yield "an archive in front", zipped({"a.exe": b"MZ"}) + whole
    for part in (10, 50, 90, 99):
        yield f"cut at {part} percent", whole[: len(whole) * part // 100]
    yield "empty archive", b"PK\5\6" + bytes(18)
    yield "only a local head", b"PK\3\4" + bytes(26)


@hostile("attachments", EITHER)
def counts_that_lie() -> Iterator[tuple[str, bytes]]:
    yield "count of 65535", by_hand(_entries(docx()), count=65_535)
    yield "count of 0", by_hand(_entries(docx()), count=0)


@hostile("attachments")
def names_that_climb() -> Iterator[tuple[str, bytes]]:
    names = (
        "../../etc/passwd",
        "..\\..\\evil.xml",
        "/etc/passwd",
        "C:\\evil.xml",
        "word/../../x.xml",
        "\\\\host\\share\\x.xml",
    )
    for number, name in enumerate((*names, "a" * 5_000)):
        yield f"name {number}", zipped(docx() | {name: b"<a/>"})
    yield "name with a nul", by_hand([*_entries(docx()), Entry(b"word/a.xml\0.exe", deflated(b"<a/>"), size=4)])


@hostile("attachments")
def programs_inside() -> Iterator[tuple[str, bytes]]:
    for name in (
        "word/vbaProject.bin",
        "xl/macrosheets/sheet1.xml",
        "word/activeX/activeX1.bin",
        "word/embeddings/oleObject1.bin",
        "word/embeddings/Microsoft_Excel_Sheet.xlsm",
        "xl/externalLinks/externalLink1.xml",
        "customUI/customUI14.xml",
        "word/webextensions/webextension1.xml",
        "word/afchunk.htm",
        "word/media/evil.exe",
        "word/media/evil.JS",
        "word/evil.lnk",
    ):
        yield name, zipped(docx() | {name: b"<a/>"})
    for kind in (
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ):
        yield kind[19:40], zipped(docx(**{"[Content_Types].xml": types(("/word/document.xml", kind))}))
    for number, field in enumerate(("DDEAUTO c:\\\\windows\\\\cmd.exe", "DDE Excel x", '"DDE" x')):
        body = f'<w:p><w:r><w:instrText xml:space="preserve">{field}</w:instrText></w:r></w:p>'
        main = docx()["word/document.xml"].replace(b"<w:p>", body.encode() + b"<w:p>", 1)
        yield f"field {number}", zipped(docx(**{"word/document.xml": main}))
    simple = docx()["word/document.xml"].replace(b"<w:p>", b'<w:p><w:fldSimple w:instr="DDEAUTO x"/></w:p><w:p>', 1)
    yield "simple field", zipped(docx(**{"word/document.xml": simple}))


@hostile("attachments")
def fetched_from_elsewhere() -> Iterator[tuple[str, bytes]]:
    for kind in ("attachedTemplate", "oleObject", "image", "frame", "subDocument", "externalLinkPath", "package"):
        rows = relations((kind, "http://127.0.0.1:1/evil", True))
        yield kind, zipped(docx() | {"word/_rels/document.xml.rels": rows})
    for number, target in enumerate(
        (
            "file:///etc/passwd",
            "\\\\evil\\share",
            "javascript:alert(1)",
            "ms-msdt:/id",
            "smb://evil/x",
            "data:text/html,x",
        )
    ):
        yield (
            f"link {number}",
            zipped(docx() | {"word/_rels/document.xml.rels": relations(("hyperlink", target, True))}),
        )
    nested = (
        relations(("image", "http://127.0.0.1:1/evil", True))
        .replace(b"<Relationship ", b"<x><Relationship ")
        .replace(b"/></R", b"/></x></R")
    )
    yield "one level deeper", zipped(docx() | {"word/_rels/document.xml.rels": nested})
    shouting = relations(("image", "http://127.0.0.1:1/evil", True)).replace(b'"External"', b'"EXTERNAL"')
    yield "in capitals", zipped(docx() | {"word/_rels/document.xml.rels": shouting})
    yield (
        "relations without end",
        zipped(
            docx() | {"word/_rels/document.xml.rels": b"<Relationships>" + b"<a/>" * 3_000_000 + b"</Relationships>"}
        ),
    )
    yield "relations that are no xml", zipped(docx() | {"word/_rels/document.xml.rels": b"<Relationships"})


@hostile("attachments")
def entities() -> Iterator[tuple[str, bytes]]:
    for name, dtd in DTDS.items():
        main = f'<?xml version="1.0"?>{dtd}<w:document xmlns:w="a">&a9;&a;</w:document>'.encode()
        yield f"document {name}", zipped(docx(**{"word/document.xml": main}))
    whole = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><a/>'
    yield "utf-16", zipped(docx(**{"word/document.xml": whole.encode("utf-16")}))
    yield "utf-16 without a mark", zipped(docx(**{"word/document.xml": whole.encode("utf-16-le")}))
    for name in ("cp037", "utf-7", "utf-32", "gb2312", "ISO-8859-1"):
        declared = f'<?xml version="1.0" encoding="{name}"?>'.encode()
        yield f"declared {name}", zipped(docx(**{"word/document.xml": declared + b"<a/>"}))
    late = b'<?xml version="1.0"?>' + b" " * ((1 << 18) - 25) + b"<!DOCTYPE x []><a/>"
    yield "on the border of two pieces", zipped(docx(**{"word/document.xml": late}))
    rows = relations(("hyperlink", "https://www.example.cn", True)).replace(b"?>\n", b"?>" + LAUGHS.encode(), 1)
    yield "in relations", zipped(docx() | {"word/_rels/document.xml.rels": rows})
    yield "in types", zipped(docx(**{"[Content_Types].xml": b"<!DOCTYPE x []>" + docx()["[Content_Types].xml"]}))


@hostile("attachments")
def other_archives() -> Iterator[tuple[str, bytes]]:
    yield "program in an archive", zipped({"setup.exe": b"MZ" + bytes(1000)})
    yield "jar", zipped({"META-INF/MANIFEST.MF": b"Main-Class: Evil", "Evil.class": b"\xca\xfe\xba\xbe"})
    yield "apk", zipped({"AndroidManifest.xml": b"\3\0", "classes.dex": b"dex\n035"})
    yield "odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})
    yield (
        "pptx",
        zipped({"[Content_Types].xml": types(("/ppt/presentation.xml", "x")), "ppt/presentation.xml": b"<a/>"}),
    )
    yield "both at once", zipped(docx() | {"xl/workbook.xml": b"<a/>"})
    yield "no types", zipped({"word/document.xml": b"<a/>"})
    for name, head in (
        ("rar", b"Rar!\x1a\7\1\0"),
        ("7z", b"7z\xbc\xaf\x27\x1c"),
        ("gzip", b"\x1f\x8b\x08"),
        ("tar", bytes(257) + b"ustar"),
    ):
        yield name, head + bytes(300)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "old word", ole + "WordDocument".encode("utf-16-le")
    yield "locked office", ole + "EncryptedPackage".encode("utf-16-le")


@hostile("attachments", EITHER)
def deep_markup() -> Iterator[tuple[str, bytes]]:
    main = docx()["word/document.xml"]
    yield "a million elements deep", zipped(docx(**{"word/document.xml": main.replace(b"<w:p>", b"<w:p>" * 1_000_000)}))
    yield (
        "one attribute of 50 MB",
        zipped(docx(**{"word/document.xml": main.replace(b"<w:p>", b'<w:p a="' + b"x" * (50 << 20) + b'">', 1)})),
    )
    yield "exclamation marks", zipped(docx(**{"word/document.xml": main + b"<!" * 20_000_000}))
    yield "nearly fields", zipped(docx(**{"word/document.xml": main + b'<w:instrText DDE "' * 2_000_000}))
    yield "relations deep", zipped(docx() | {"word/_rels/document.xml.rels": b"<a>" * 400_000})


@hostile("attachments", TAKEN)
def honest_documents() -> Iterator[tuple[str, bytes]]:
    yield "word", zipped(docx())
    yield "excel", zipped(xlsx())
    yield (
        "link to a page",
        zipped(docx() | {"word/_rels/document.xml.rels": relations(("hyperlink", "https://www.example.cn", True))}),
    )
    yield "table of a chart", zipped(docx() | {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": zipped(xlsx())})
    yield "script in the text", zipped(docx("&lt;script&gt;alert(1)&lt;/script&gt;"))
