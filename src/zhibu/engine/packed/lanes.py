"""Words of counts: how often each status stands, side by side in 64 bits, as in kernel.c; or in 32, half as wide."""

from __future__ import annotations

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.results import STATUSES

LANE = 10  # bits of a status
MOST = (1 << LANE) - 1
FEW = (1 << LANE // 2) - 1  # the most in a narrow word
SHIFTS = LANE * np.arange(len(STATUSES), dtype=np.uint64)


def packed(counts: Numbers) -> Numbers:
    """A word for each row of counts by status, none over MOST."""
    found: Numbers = (counts.astype(np.uint64) << SHIFTS).sum(axis=1, dtype=np.uint64)
    return found


def unpacked(words: Numbers) -> Numbers:
    """[statuses] in front of the shape of the words."""
    found: Numbers = ((words >> SHIFTS.reshape(-1, *[1] * words.ndim)) & np.uint64(MOST)).astype(np.int64)
    return found


def narrowed(words: Numbers) -> Numbers:
    """The same counts in half the bits. None over FEW."""
    found: Numbers
    pairs = (words | words >> np.uint64(LANE // 2)) & np.uint64(MOST * (1 + (1 << 2 * LANE) + (1 << 4 * LANE)))
    found = (pairs | pairs >> np.uint64(LANE)) & np.uint64((1 << 2 * LANE) - 1 | MOST << 4 * LANE)
    found = (found | found >> np.uint64(2 * LANE)).astype(np.uint32)
    return found


def most(words: Numbers) -> int:
    """The most that a lane of these words holds."""
    return (1 << LANE * words.itemsize // 8) - 1


def lane(words: Numbers, status: int) -> Numbers:
    """How often a status stands in each word."""
    width = LANE * words.itemsize // 8
    found: Numbers = words.view(f"i{words.itemsize}") >> (width * status) & most(words)
    return found


def totals(words: Numbers) -> Numbers:
    """How often each status stands in all words. Every other lane lends its room to its neighbour, so that 32 words
    are added at once."""
    width = LANE * words.itemsize // 8
    twice, kind = 2 * width, words.dtype.type
    room = kind(sum(most(words) << twice * place for place in range(len(STATUSES) // 2)))
    blocks = np.append(words, np.zeros(-len(words) % 32, words.dtype)).reshape(32, -1)
    sums = [(half & room).sum(axis=0, dtype=words.dtype) for half in (blocks, blocks >> kind(width))]
    fields = [sums[status % 2] >> kind(twice * (status // 2)) & kind((1 << twice) - 1) for status in range(6)]
    return np.array([int(field.sum()) for field in fields])
