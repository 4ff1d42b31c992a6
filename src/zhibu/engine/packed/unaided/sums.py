"""Sums over all organisations, as kernel.c does them: `weigh`, `roll_up`, `rolled`."""

from __future__ import annotations

import ctypes as c
from collections.abc import Iterator

import numpy as np

from zhibu.engine.packed.lanes import unpacked
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.rollups import depths
from zhibu.engine.packed.unaided.pointers import view

PIECE = 2**13  # organisations at a time
MET, LATE, MISSED, EXEMPT = range(4)


def _pieces(count: int) -> Iterator[slice]:
    return (slice(first, min(first + PIECE, count)) for first in range(0, count, PIECE))


def weigh(
    n: c.c_int64,
    rules: c.c_int64,
    dimensions: c.c_int64,
    counts: c.c_void_p,
    worth: c.c_void_p,
    points: c.c_void_p,
    most: c.c_void_p,
) -> None:
    """Σ points and Σ max points of each dimension: worth[dimension][rule] = (met, late, missed)."""
    words = view(counts, np.uint64, n.value, rules.value)
    each = view(worth, np.int64, dimensions.value, rules.value, 3)
    got, full = (view(one, np.int64, n.value, dimensions.value) for one in (points, most))
    parts = [(rule, place) for rule, place in np.argwhere(each.any(axis=2).T)]
    for piece in _pieces(n.value):
        met, late, missed, *_ = unpacked(np.ascontiguousarray(words[piece].T))
        sums = np.zeros((2, dimensions.value, met.shape[1]), np.int64)
        for rule, place in parts:
            one = each[place, rule]
            sums[0, place] += met[rule] * one[0] + late[rule] * one[1] + missed[rule] * one[2]
            sums[1, place] += (met[rule] + late[rule] + missed[rule]) * one[0]
        got[piece], full[piece] = sums[0].T, sums[1].T


def _by_group(words: Numbers, rule_of: Numbers) -> Numbers:
    """[6 statuses][organisations][groups]: versions of one rule together."""
    found = unpacked(words)
    return found if len(rule_of) == words.shape[1] + 1 else np.add.reduceat(found, rule_of[:-1], axis=2)


def roll_up(
    n: c.c_int64,
    rules: c.c_int64,
    groups: c.c_int64,
    rule_of: c.c_void_p,
    counts: c.c_void_p,
    order: c.c_void_p,
    parent: c.c_void_p,
    inner: c.c_void_p,
    sums: c.c_void_p,
) -> None:
    """Sums of subtrees. inner[i]: row of `sums` of one that has organisations under it, else -1; parent -1: none."""
    above, row = view(parent, np.int32, n.value), view(inner, np.int32, n.value)
    words, firsts = view(counts, np.uint64, n.value, rules.value), view(rule_of, np.int32, groups.value + 1)
    total = _statuses(sums, row, groups)
    if not groups.value:
        return
    inners = np.flatnonzero(row >= 0)
    for piece in _pieces(len(inners)):
        total[:, row[inners[piece]]] = _by_group(words[inners[piece]], firsts)
    deepest = view(order, np.int32, n.value)
    for level in np.split(deepest, 1 + np.flatnonzero(np.diff(depths(above)[deepest]))):
        under = level[above[level] >= 0]
        under = under[np.argsort(above[under], kind="stable")]
        for piece in _pieces(len(under)):
            here = under[piece]
            leaf = row[here] < 0
            found = np.empty((6, len(here), groups.value), np.int64)
            found[:, leaf] = _by_group(words[here[leaf]], firsts)
            found[:, ~leaf] = total[:, row[here[~leaf]]]
            starts = np.flatnonzero(np.append(True, np.diff(above[here]) != 0))
            total[:, row[above[here[starts]]]] += np.add.reduceat(found, starts, axis=1)


def _statuses(sums: c.c_void_p, inner: Numbers, groups: c.c_int64) -> Numbers:
    """[6 statuses][inner organisations][groups], as the caller's memory has it the other way round."""
    return np.moveaxis(view(sums, np.int64, int(inner.max(initial=-1)) + 1, groups.value, 6), 2, 0)


def rolled(
    first: c.c_int64,
    last: c.c_int64,
    rules: c.c_int64,
    groups: c.c_int64,
    rule_of: c.c_void_p,
    counts: c.c_void_p,
    inner: c.c_void_p,
    sums: c.c_void_p,
    subject: c.c_void_p,
    group: c.c_void_p,
    columns: c.c_void_p,
    rate: c.c_void_p,
) -> int:
    """Rows of roll-ups of organisations first … last - 1; returns how many. Columns: due, and the six statuses."""
    room = (last.value - first.value) * groups.value
    if not room:
        return 0
    row = view(inner, np.int32, last.value)[first.value :]
    words = view(counts, np.uint64, last.value, rules.value)[first.value :]
    found = _by_group(words, view(rule_of, np.int32, groups.value + 1))
    found[:, row >= 0] = _statuses(sums, row, groups)[:, row[row >= 0]]
    found = found.reshape(6, room)
    every = found.sum(axis=0)
    there = np.flatnonzero(every)
    found, every, used = found[:, there], every[there], len(there)
    org, which = np.divmod(there, groups.value)
    view(subject, np.int32, room)[:used] = org + first.value
    view(group, np.int32, room)[:used] = which
    numbers = [every - found[EXEMPT], *found]
    for pointer, column in zip(view(columns, np.uint64, len(numbers)), numbers, strict=True):
        view(c.c_void_p(int(pointer)), np.int64, room)[:used] = column
    kept, concluded = found[MET] + found[LATE], found[MET] + found[LATE] + found[MISSED]
    view(rate, np.float64, room)[:used] = np.where(concluded > 0, kept / np.maximum(concluded, 1), -1.0)
    return used
