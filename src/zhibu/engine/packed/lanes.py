"""Words of counts: how often each status stands, side by side in 64 bits, as in kernel.c."""

from __future__ import annotations

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.results import STATUSES

LANE = 10  # bits of a status
MOST = (1 << LANE) - 1
SHIFTS = LANE * np.arange(len(STATUSES), dtype=np.uint64)


def packed(counts: Numbers) -> Numbers:
    """A word for each row of counts by status, none over MOST."""
    found: Numbers = (counts.astype(np.uint64) << SHIFTS).sum(axis=1, dtype=np.uint64)
    return found


def unpacked(words: Numbers) -> Numbers:
    """[statuses] in front of the shape of the words."""
    found: Numbers = ((words >> SHIFTS.reshape(-1, *[1] * words.ndim)) & np.uint64(MOST)).astype(np.int64)
    return found
