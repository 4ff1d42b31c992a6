"""Pixels, frames and passes of a picture, read from its header: whatever is too large is refused before any library
decodes it. Bytes only."""

from __future__ import annotations

import struct
from pathlib import Path

from zhibu.web.core.uploads import TABLE
from zhibu.web.files.refuse import BROKEN, Refused

_TYPES = TABLE["attachments"]["types"]
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # frames of a JPEG; the three are tables
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_SEGMENTS = 2_000  # before the picture begins; an honest one has a few dozen


def check(path: Path, kind: str) -> None:
    """Raises Refused for a picture beyond the table."""
    data = path.read_bytes()
    try:
        width, height, frames = {"jpeg": _jpeg, "png": _png, "webp": _webp}[kind](data)
    except (struct.error, IndexError) as error:
        raise Refused(BROKEN) from error
    limits = _TYPES[kind]
    if not width or not height:
        raise Refused(BROKEN)
    if width * height > limits["pixels_m"] * 1_000_000:
        raise Refused(f"照片 {width}×{height} 像素，超过 {limits['pixels_m']} 百万。缩小后再传")
    if frames > limits["frames"]:
        raise Refused("会动的图片不收。截一张静止的再传")
    if kind == "jpeg" and data.count(b"\xff\xda") > limits["scans"]:
        raise Refused(BROKEN)


def _jpeg(data: bytes) -> tuple[int, int, int]:
    at = 2
    for _ in range(_SEGMENTS):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker in _SOF:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height, 1
        if marker in (0xD9, 0xDA):  # the picture begins or ends without saying its size
            break
        alone = 1 if marker == 0xFF else 2 if marker in _ALONE else 0
        at += alone or 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    raise Refused(BROKEN)


def _png(data: bytes) -> tuple[int, int, int]:
    if data[12:16] != b"IHDR":
        raise Refused(BROKEN)
    width, height = struct.unpack(">II", data[16:24])
    at, frames = 8, 1
    for _ in range(_SEGMENTS):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"acTL":
            frames = max(frames, struct.unpack(">I", data[at + 8 : at + 12])[0], 2)
        if name == b"IDAT":
            return width, height, frames
        at += 12 + length
    raise Refused(BROKEN)


def _webp(data: bytes) -> tuple[int, int, int]:
    name = data[12:16]
    if name == b"VP8X":
        wide, high = data[24:27] + b"\0", data[27:30] + b"\0"
        size = (int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1)
        return *size, 2 if data[20] & 2 else 1
    if name == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, 1
    if name == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF, 1
    raise Refused(BROKEN)
