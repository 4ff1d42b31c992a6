"""Texts as arrays of code points, with nothing in them but letters and digits. No Django.

Blanks, punctuation, invisible marks and emoji say nothing about who wrote a text first, and are what changes when one
is pasted from a chat: they are left out before texts are compared.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Offsets = npt.NDArray[np.int64]

_BASIC = 0x10000
_HAN_BEYOND = (
    0x20000,
    0x3FFFF,
)  # rare characters of names and places; the rest beyond is left out


@functools.cache
def _table() -> Codes:
    """Code point → the letter or digit it counts as (Ａ → a, ３ → 3), 0: left out."""
    table = np.zeros(_BASIC, np.uint32)
    for code in range(_BASIC):
        letter = chr(code)
        if unicodedata.category(letter)[0] in "LN":
            plain = unicodedata.normalize("NFKC", letter).lower()
            table[code] = ord(plain[0]) if plain and plain[0].isalnum() else 0
    return table


def pack(texts: Sequence[str]) -> tuple[Codes, Offsets]:
    """All texts end to end, and where each begins (one more offset than texts)."""
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _table()[np.minimum(raw, _BASIC - 1)]
    if raw.size and raw.max() >= _BASIC:
        beyond = raw >= _BASIC
        han = beyond & (raw >= _HAN_BEYOND[0]) & (raw <= _HAN_BEYOND[1])
        letters = np.where(han, raw, np.where(beyond, 0, letters)).astype(np.uint32)
    kept = letters != 0
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])
    return letters[kept], np.concatenate([[0], before[ends]]).astype(np.int64)


def places(text: str) -> list[int]:
    """Where in the text each packed letter stands: to mark what two texts share."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _table()[np.minimum(raw, _BASIC - 1)]
    han = (raw >= _HAN_BEYOND[0]) & (raw <= _HAN_BEYOND[1])
    return np.nonzero(np.where(raw >= _BASIC, han, letters != 0))[0].tolist()
