"""Pictures: floods of pixels, frames, passes and chunks; damage; what is no picture of ours."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.hostile.kit import EITHER, TAKEN, hostile


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def jpeg(picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or noise(64, 48)).save(out, "JPEG", **options)  # type: ignore[arg-type]
    return out.getvalue()


def png(picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or noise(64, 48)).save(out, "PNG", **options)  # type: ignore[arg-type]
    return out.getvalue()


def webp(picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or noise(64, 48)).save(out, "WEBP", **options)  # type: ignore[arg-type]
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(
    width: int, height: int, *, depth: int = 8, colour: int = 2, packed: bytes = b"", extra: bytes = b""
) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", packed or zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


@hostile("attachments")
def pixel_flood() -> Iterator[tuple[str, bytes]]:
    for width, height in (
        (60_000, 60_000),
        (30_000, 30_000),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (2**31, 2**31),
        (0, 5),
        (5, 0),
    ):
        yield f"png {width}x{height}", png_of(width, height)
    rows = zlib.compress(bytes(20_000 * 2_501), 9)
    yield "png of one bit, all there", png_of(20_000, 20_000, depth=1, colour=0, packed=rows)
    flat = jpeg()
    at = flat.index(b"\xff\xc0")
    for width, height in ((65_535, 65_535), (60_000, 1_000), (0, 48), (64, 0)):
        yield f"jpeg {width}x{height}", flat[: at + 5] + struct.pack(">HH", height, width) + flat[at + 9 :]
    size = struct.pack("<I", 4)[:3]
    for width, height in ((16_383, 16_383), (2**24, 2**24)):
        canvas = (
            b"VP8X"
            + struct.pack("<I", 10)
            + b"\0\0\0\0"
            + (width - 1).to_bytes(3, "little")
            + (height - 1).to_bytes(3, "little")
        )
        yield f"webp canvas {width}", b"RIFF" + struct.pack("<I", 4 + len(canvas)) + b"WEBP" + canvas
    bits = (16_383) | (16_383 << 14)
    yield (
        "webp lossless",
        b"RIFF\x20\0\0\0WEBPVP8L" + struct.pack("<I", 20) + b"\x2f" + struct.pack("<I", bits) + bytes(16),
    )
    lossy = b"\x9d\x01\x2a" + struct.pack("<HH", 16_383, 16_383)
    yield "webp lossy", b"RIFF\x20\0\0\0WEBPVP8 " + struct.pack("<I", 20) + size + lossy + bytes(16)


@hostile("attachments")
def frames() -> Iterator[tuple[str, bytes]]:
    small = [noise(8, 8, seed) for seed in range(4)]
    yield "apng 4", png(small[0], save_all=True, append_images=small[1:])
    control = chunk(b"acTL", struct.pack(">II", 10_000, 0))
    yield "apng that says 10000", png_of(8, 8, extra=control)
    yield "webp 4", webp(small[0], save_all=True, append_images=small[1:])
    out = io.BytesIO()
    small[0].save(out, "GIF", save_all=True, append_images=[small[1]] * 9_999, duration=10)
    yield "gif 10000", out.getvalue()


@hostile("attachments")
def passes_and_chunks() -> Iterator[tuple[str, bytes]]:
    slow = jpeg(noise(2_000, 2_000), progressive=True, quality=30)
    scan = slow.rindex(b"\xff\xda")
    yield "jpeg of 3000 scans", slow[:scan] + slow[scan:-2] * 3 + b"\xff\xda\0\x08\1\1\0\x3f\0" * 3_000 + b"\xff\xd9"
    plain = jpeg()
    yield "jpeg of a million segments", plain[:2] + b"\xff\xe5\0\x02" * 1_000_000 + plain[2:]
    yield "jpeg of filling", plain[:2] + b"\xff" * 2_000_000 + plain[2:]
    yield "jpeg of restarts", plain[:2] + b"\xff\xd0" * 1_000_000 + plain[2:]
    yield "png of 300000 chunks", png_of(8, 8, extra=chunk(b"abCd", b"") * 300_000)
    yield "png chunk that climbs over the end", png_of(8, 8, extra=struct.pack(">I4s", 0x7FFFFFF0, b"abCd"))
    at = plain.index(b"\xff\xc0")
    yield "jpeg with no tables", plain[:2] + plain[at:]
    yield "jpeg of nothing but a start", b"\xff\xd8\xff\xe0"
    yield "jpeg that ends at once", b"\xff\xd8\xff\xd9"


@hostile("attachments", EITHER)
def jpeg_oddities() -> Iterator[tuple[str, bytes]]:
    plain = jpeg()
    at = plain.index(b"\xff\xc0")
    yield "arithmetic coding", plain[:at] + b"\xff\xc9" + plain[at + 2 :]
    yield "lossless", plain[:at] + b"\xff\xc3" + plain[at + 2 :]


@hostile("attachments", EITHER)
def packed_texts() -> Iterator[tuple[str, bytes]]:
    bomb = zlib.compress(bytes(100 << 20), 9)
    good = zlib.compress((b"\0" + bytes(24)) * 8)
    for name, content in ((b"zTXt", b"a\0\0" + bomb), (b"iTXt", b"a\0\1\0\0\0" + bomb), (b"iCCP", b"a\0\0" + bomb)):
        yield f"png {name.decode()} of 100 MB", png_of(8, 8, packed=good, extra=chunk(name, content))
    yield (
        "png zTXt 2000 times",
        png_of(8, 8, packed=good, extra=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000), 9)) * 1_500),
    )
    yield "png whose pixels are a bomb", png_of(8, 8, packed=zlib.compress(bytes(150 << 20), 9))
    yield (
        "png exif",
        png_of(8, 8, packed=good, extra=chunk(b"eXIf", b"II*\0" + struct.pack("<I", 8) + b"\xff\xff" * 2_000)),
    )


@hostile("attachments", EITHER)
def damaged() -> Iterator[tuple[str, bytes]]:
    for kind, whole in (("jpeg", jpeg()), ("png", png()), ("webp", webp())):
        for part in (3, 12, 30, 60, 90):
            yield f"{kind} cut at {part} percent", whole[: max(20, len(whole) * part // 100)]
        draw = random.Random(7)
        for number in range(4):
            spoiled = bytearray(whole)
            for _ in range(20):
                spoiled[draw.randrange(12, len(spoiled))] = draw.randrange(256)
            yield f"{kind} spoiled {number}", bytes(spoiled)


@hostile("attachments", EITHER)
def looping_exif() -> Iterator[tuple[str, bytes]]:
    """A directory that leads to itself, entries by the thousand, offsets far outside."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    for name, body in (
        ("to itself", struct.pack("<H", 1) + entry + struct.pack("<I", 8)),
        ("65535 entries", struct.pack("<H", 65_535) + entry * 4_000 + struct.pack("<I", 8)),
        ("far outside", struct.pack("<H", 1) + struct.pack("<HHII", 0x010E, 2, 0xFFFFFFFF, 0xFFFFFFF0) + bytes(4)),
        ("orientation of 99", struct.pack("<H", 1) + struct.pack("<HHII", 0x0112, 3, 1, 99) + bytes(4)),
    ):
        segment = b"Exif\0\0II*\0" + struct.pack("<I", 8) + body
        plain = jpeg()
        yield (
            name,
            plain[:2] + b"\xff\xe1" + struct.pack(">H", min(65_535, len(segment) + 2)) + segment[:65_533] + plain[2:],
        )


@hostile("attachments")
def other_pictures() -> Iterator[tuple[str, bytes]]:
    for kind in ("BMP", "TIFF", "GIF", "ICO", "PCX", "TGA", "PPM", "SGI", "EPS"):
        out = io.BytesIO()
        noise(8, 8).save(out, kind)
        yield kind.lower(), out.getvalue()
    for brand in (b"heic", b"mif1", b"avif", b"hevc"):
        yield f"{brand.decode()}", struct.pack(">I", 24) + b"ftyp" + brand + bytes(12) + bytes(200)
    yield "mp4", struct.pack(">I", 24) + b"ftypisom" + bytes(200)
    yield "jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100)
    yield "jpeg xl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100)
    yield "psd", b"8BPS\0\1" + bytes(100)


@hostile("attachments")
def scalable() -> Iterator[tuple[str, bytes]]:
    space = 'xmlns="http://www.w3.org/2000/svg"'
    yield "svg with script", f"<svg {space}><script>alert(1)</script></svg>".encode()
    yield "svg onload", f"<svg {space} onload='alert(1)'/>".encode()
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    yield "svg laughs", f"<!DOCTYPE svg [{laughs}]><svg {space}><text>&a9;</text></svg>".encode()
    yield (
        "svg foreign",
        f"<svg {space}><foreignObject><iframe src='javascript:alert(1)'/></foreignObject></svg>".encode(),
    )


@hostile("attachments", TAKEN)
def odd_but_honest() -> Iterator[tuple[str, bytes]]:
    """Large or unusual, taken and made small: the limits don't bite honest people."""
    yield "png 5000x5000", png(Image.new("RGB", (5_000, 5_000), "red"))
    yield "jpeg 8660x5773", jpeg(noise(1_000, 1_000).resize((8_660, 5_773), Image.Resampling.NEAREST), quality=5)
    yield "png with transparency", png(Image.new("RGBA", (300, 200), (255, 0, 0, 90)))
    yield "png palette", png(noise(300, 200).quantize(16))
    yield "png 16 bit", png(Image.new("I;16", (300, 200), 40_000))
    yield "png grey", png(noise(300, 200).convert("L"))
    yield "png one bit", png(noise(300, 200).convert("1"))
    yield "jpeg cmyk", jpeg(noise(300, 200).convert("CMYK"))
    yield "jpeg progressive", jpeg(noise(300, 200), progressive=True)
    yield "jpeg 1x1", jpeg(noise(1, 1))
    yield "jpeg 1x5000", jpeg(noise(1, 5_000))
    yield "webp lossless alpha", webp(Image.new("RGBA", (300, 200), (0, 0, 255, 90)), lossless=True)
