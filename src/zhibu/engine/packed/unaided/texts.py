"""Texts among texts, as kernel.c does it: `find`, `hash_texts`, `out_of_order`."""

from __future__ import annotations

import ctypes as c

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.pointers import texts, view

WORD = 8  # bytes
LONG = 64  # bytes: longer texts are few
FIRST, EVERY, LAST = (np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
LEFT = np.array([(1 << 8 * count) - 1 for count in range(WORD + 1)], np.uint64)  # the first bytes of a word


def find(
    n: c.c_int64,
    begins: c.c_void_p,
    content: c.c_void_p,
    known: c.c_int64,
    known_begins: c.c_void_p,
    known_content: c.c_void_p,
    places: c.c_void_p,
) -> None:
    """Places of texts among ascending texts, or -1: all searched at once, half of what is left at each step."""
    found = view(places, np.int32, n.value)
    asked, among = texts(n.value, begins, content), texts(known.value, known_begins, known_content)
    if not len(among):
        found[:] = -1
        return
    low, high = np.zeros(len(asked), np.int64), np.full(len(asked), len(among))
    while (still := low < high).any():
        middle = (low + high) // 2
        less = still & np.asarray(pc.less(_at(among, middle), asked))
        low, high = np.where(less, middle + 1, low), np.where(still & ~less, middle, high)
    same = (low < len(among)) & np.asarray(pc.equal(_at(among, low), asked))
    found[:] = np.where(same, low, -1)


def _at(among: pa.LargeBinaryArray, places: Numbers) -> pa.LargeBinaryArray:
    return among.take(pa.array(np.minimum(places, len(among) - 1)))


def hash_texts(n: c.c_int64, begins: c.c_void_p, content: c.c_void_p, hashes: c.c_void_p) -> None:
    """64 bits of each text; equal texts have equal bits, others hardly ever. Other bits than kernel.c's."""
    found, ends = view(hashes, np.uint64, n.value), view(begins, np.int64, n.value + 1)
    text = np.append(view(content, np.uint8, int(ends[-1])), np.zeros(WORD, np.uint8))
    lengths = np.diff(ends)
    found[:] = FIRST ^ lengths.astype(np.uint64)
    for row in np.flatnonzero(lengths > LONG):
        found[row] ^= np.uint64(hash(text[ends[row] : ends[row + 1]].tobytes()) % 2**64)
    lengths = np.where(lengths > LONG, 0, lengths)
    for at in range(0, int(lengths.max(initial=0)), WORD):
        rows = np.flatnonzero(lengths > at)
        words = text[(ends[rows] + at)[:, None] + np.arange(WORD)].view(np.uint64)[:, 0]
        mixed = (found[rows] ^ (words & LEFT[np.minimum(lengths[rows] - at, WORD)])) * EVERY
        mixed ^= mixed >> np.uint64(29)
        found[rows] = (mixed * LAST) ^ (mixed >> np.uint64(31))


def out_of_order(
    n: c.c_int64, begins: c.c_void_p, content: c.c_void_p, room: c.c_int64, rows: c.c_void_p, last: c.c_void_p
) -> int:
    """The rows whose text does not come behind all before it, and the row of the last text of all.

    Returns how many, or -1: more than `room`.
    """
    every, late = texts(n.value, begins, content), view(rows, np.int64, room.value)
    found, here, greatest = 0, 0, max(len(every) - 1, 0)
    for broken in 1 + np.flatnonzero(~np.asarray(pc.less(every[:-1], every[1:]))):
        if broken < here:
            continue
        behind, here = every[int(broken) - 1].as_py(), int(broken)
        while here < len(every) and every[here].as_py() <= behind:
            if found == room.value:
                return -1
            late[found] = here
            found, here = found + 1, here + 1
        if here == len(every):
            greatest = int(broken) - 1
    view(last, np.int64, 1)[0] = greatest
    return found
