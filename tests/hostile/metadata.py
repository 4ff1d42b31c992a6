"""Photos with MARKER in every block that a camera, a phone or an editor may write, and pictures that are two things."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageCms, PngImagePlugin

from tests.hostile.kit import TAKEN, hostile, zipped
from tests.hostile.pictures import chunk, jpeg, noise, png, webp

MARKER = "ZQmarker"  # searched for in what is served; also in UTF-16
_M = MARKER.encode()


def exif() -> bytes:
    """Camera, artist, comment, the place, a thumbnail's directory."""
    found = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0xC614):
        found[tag] = MARKER
    found[0x0112] = 6  # turned: the pixels have to be
    inner = found.get_ifd(0x8769)
    inner.update({0x9286: b"ASCII\0\0\0" + _M, 0xA420: MARKER, 0xA430: MARKER, 0xA433: MARKER, 0x927C: _M * 20})
    place = found.get_ifd(0x8825)
    place.update({1: "N", 2: (25.0, 1.0, 2.0), 3: "E", 4: (102.0, 3.0, 4.0), 29: "2026:11:21", 0x1B: _M})
    return found.tobytes()


XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a b="{MARKER}"/></x:xmpmeta>'.encode()


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def _with(*segments: bytes) -> bytes:
    plain = jpeg(noise(64, 48))
    return plain[:2] + b"".join(segments) + plain[2:]


@hostile("attachments", TAKEN)
def marked_photos() -> Iterator[tuple[str, bytes]]:
    yield "jpeg exif and place", jpeg(noise(64, 48), exif=exif())
    yield "jpeg comment", jpeg(noise(64, 48), comment=_M)
    yield "jpeg two comments", _with(segment(0xFE, _M), segment(0xFE, b"<script>" + _M))
    yield "jpeg xmp", _with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP))
    yield "jpeg long xmp", _with(segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + _M))
    yield (
        "jpeg iptc",
        _with(
            segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 13) + b"\x1c\x02\x78\0\x08" + _M)
        ),
    )
    for number in range(2, 16):
        yield f"jpeg app{number}", _with(segment(0xE0 + number, _M + b"\0" + _M))
    yield "jpeg jfif thumbnail", _with(segment(0xE0, b"JFXX\0\x10" + jpeg(noise(8, 8), comment=_M)))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile[:24] + bytes(12) + profile[36:]  # without the moment of its making
    yield "jpeg colours", jpeg(noise(64, 48), icc_profile=profile.replace(b"sRGB", b"ZQma", 1) + _M)
    yield "jpeg with something behind it", jpeg(noise(64, 48)) + _M + zipped({"a.exe": b"MZ" + _M})
    out = io.BytesIO()
    noise(64, 48).save(out, "MPO", save_all=True, append_images=[noise(64, 48, 2)], exif=exif())
    yield "two pictures in one", out.getvalue()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", MARKER)
    texts.add_text("Author", MARKER, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    yield "png texts", png(noise(64, 48), pnginfo=texts, exif=exif())
    whole = png(noise(64, 48))
    yield "png own chunks", whole[:33] + chunk(b"tIME", b"\x07\xea\x0b\x15\0\0\0") + chunk(b"zqQq", _M) + whole[33:]
    yield "png with something behind it", whole + _M
    packed = chunk(b"iCCP", _M + b"\0\0" + zlib.compress(profile))
    yield "png colours", whole[:33] + packed + whole[33:]
    yield "webp exif and xmp", webp(noise(64, 48), exif=exif(), xmp=XMP)
    yield "webp lossless exif", webp(noise(64, 48), exif=exif(), lossless=True)


@hostile("attachments", TAKEN)
def two_things_at_once() -> Iterator[tuple[str, bytes]]:
    """A picture to us, a page or a program to somebody else: only the picture is left."""
    page = f"<html><script>alert('{MARKER}')</script></html>".encode()
    yield "jpeg and page", _with(segment(0xFE, page))
    yield "jpeg and script", _with(segment(0xE0, b"/*" + bytes(10)), segment(0xFE, b"*/=alert('" + _M + b"')/*"))
    yield "jpeg and php", _with(segment(0xFE, b"<?php system('" + _M + b"'); ?>"))
    yield "jpeg and archive", jpeg(noise(64, 48)) + zipped({f"{MARKER}.html": page})
    yield "png and page", png(noise(64, 48)) + page
    yield "webp and page", webp(noise(64, 48)) + page
    small = png(noise(64, 48))
    yield "png and script in a text", small[:33] + chunk(b"tEXt", b"a\0" + page) + small[33:]
