"""Rows that belong together, as kernel.c does it: `encode_lists`, `place`."""

from __future__ import annotations

import ctypes as c

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.pointers import view

DENSE = 2**22  # so many keys are looked up in a table; more are sorted


def encode_lists(n: c.c_int64, of: c.c_void_p, items: c.c_void_p, codes: c.c_void_p, first: c.c_void_p) -> int:
    """Codes for equal lists, from 0 in the order in which they first appear; the first row of each. Returns how many.

    A list is the way to it: a number for each beginning, one item longer at each step.
    """
    count = n.value
    begins, out = view(of, np.int64, count + 1), view(codes, np.uint32, count)
    lengths, way, known = np.diff(begins), np.zeros(count, np.int64), 1
    content, span = _ranked(view(items, np.int32, int(begins[-1])))
    for place_ in range(int(lengths.max(initial=0))):
        if known * (span + 1) > DENSE:
            way, known = _ranked(way)
        rows = np.flatnonzero(lengths > place_)
        way[rows] = known + way[rows] * span + content[begins[rows] + place_]
        known += known * span
    if known > DENSE:
        way, known = _ranked(way)
    firsts = np.full(known, count)
    firsts[way[::-1]] = np.arange(count)[::-1]  # of several rows the last one that is written stays: the first
    order = np.argsort(firsts, kind="stable")
    order = order[: int((firsts < count).sum())]
    rank = np.empty(known, np.uint32)
    rank[order] = np.arange(len(order))
    out[:] = rank[way]
    view(first, np.int64, count)[: len(order)] = firsts[order]
    return len(order)


def _ranked(keys: Numbers) -> tuple[Numbers, int]:
    """For each number its place among those that are there, and how many there are."""
    low, high = int(keys.min(initial=0)), int(keys.max(initial=0))
    if high - low > DENSE:
        known, places = np.unique(keys, return_inverse=True)
        return places, len(known)
    keys = keys - low if low else keys
    seen = np.zeros(high - low + 1, bool)
    seen[keys] = True
    found = np.cumsum(seen)
    return (found - 1)[keys], int(found[-1])


def place(n: c.c_int64, owner: c.c_void_p, free: c.c_void_p, places: c.c_void_p) -> int:
    """Where each row goes: the next free place of its owner; -1 for rows without. Returns whether they go in order."""
    owners, out = view(owner, np.int32, n.value), view(places, np.int64, n.value)
    out[:] = -1
    rows = np.flatnonzero(owners >= 0)
    if not len(rows):
        return 1
    mine = owners[rows]
    if (mine[1:] < mine[:-1]).any():
        order = np.argsort(mine, kind="stable")
        rows, mine = rows[order], mine[order]
    starts = np.flatnonzero(np.append(True, mine[1:] != mine[:-1]))
    counts = np.diff(np.append(starts, len(mine)))
    whose, following = mine[starts], view(free, np.int64, int(mine[-1]) + 1)
    out[rows] = np.repeat(following[whose] - starts, counts) + np.arange(len(mine))
    following[whose] += counts
    going = out[owners >= 0]
    return int((np.diff(going) == 1).all())
