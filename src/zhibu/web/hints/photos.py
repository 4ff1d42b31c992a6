"""A photo told again: by its pixels exactly, by its shape after it was saved anew, shrunk or brightened. No Django.

Shape is a difference hash (dHash): the picture in 17 × 16 greys, one bit for each grey darker than the next: 256 bits.
How far two may lie apart was measured on made-up pictures: docs/manual/hints.md, `benchmarks/same_photo.py`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

METHOD = 1
SIDE = 16
APART = 40  # bits of 256 in which two pictures of one shape may differ
# A shape with fewer bits of one kind than this says nothing: a wall, a sheet of paper, the dark.
PLAIN = 32


class Mark(NamedTuple):
    pixels: str  # SHA-256, hex
    shape: bytes  # 32 bytes; none: it is plain


def mark(file: Path | str | IO[bytes]) -> Mark:
    """Of a picture we made ourselves (`files/pixels.py`). Raises OSError when it cannot be read."""
    from PIL import Image

    with Image.open(file) as picture:
        colours = picture.convert("RGB")
    digest = hashlib.sha256(f"{colours.size}".encode() + colours.tobytes()).hexdigest()
    grey = np.asarray(colours.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS), np.int16)
    bits = np.packbits(grey[:, 1:] > grey[:, :-1])
    ones = int(np.bitwise_count(bits).sum())
    steps = int((np.abs(np.diff(grey, axis=1)) > 1).sum())
    plain = min(ones, bits.size * 8 - ones) < PLAIN or steps < PLAIN
    return Mark(digest, b"" if plain else bits.tobytes())


def apart(shape: bytes, shapes: list[bytes]) -> npt.NDArray[np.int64]:
    """In how many bits each of the shapes differs from this one."""
    if not shapes:
        return np.empty(0, np.int64)
    one = np.frombuffer(shape, np.uint8)
    several = np.frombuffer(b"".join(shapes), np.uint8).reshape(len(shapes), -1)
    return np.bitwise_count(several ^ one).sum(axis=1, dtype=np.int64)
