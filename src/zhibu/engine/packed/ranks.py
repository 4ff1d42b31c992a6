"""Ranks and grades in peer groups, tie by tie: organisations of a group with the same total (engine.md section 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.packed import Unfit
from zhibu.engine.packed.native import Numbers
from zhibu.engine.scheme import GradeStep

WIDEST = 2**38  # cents that can be sorted together with a group


@dataclass(frozen=True, slots=True)
class Ranked:
    """By organisation: `rank`, `size` of its group, its `tie`. By tie, from the top of each group: total in cents,
    number of organisations, group, size of the group; `first`: the first tie of each tie's group."""

    rank: Numbers
    size: Numbers
    tie: Numbers
    total: Numbers
    count: Numbers
    group_size: Numbers
    first: Numbers


def ranks(groups: pa.Array, total: Numbers) -> Ranked:
    """Null is a group of its own. Raises Unfit for totals beyond 2^38 cents."""
    if np.abs(total).max(initial=0) >= WIDEST:
        raise Unfit("a total beyond 2^38 cents")
    codes = pc.fill_null(groups.dictionary_encode().indices, -1).to_numpy().astype(np.int64) + 1
    keys = codes << 40 | (WIDEST - total.astype(np.int64))
    order = np.argsort(keys)
    keys = keys[order]
    new_tie = np.concatenate([[True], keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, bool)
    starts = np.flatnonzero(new_tie)
    count = np.diff(np.append(starts, len(keys)))
    group = keys[starts] >> 40
    new_group = np.concatenate([[True], group[1:] != group[:-1]]) if len(group) else np.zeros(0, bool)
    first = (
        np.maximum.accumulate(np.where(new_group, np.arange(len(group)), 0)) if len(group) else np.zeros(0, np.int64)
    )
    sizes = np.bincount(codes, minlength=int(group.max(initial=0)) + 1)
    tie = np.empty(len(keys), np.int32)
    tie[order] = np.cumsum(new_tie, dtype=np.int32) - 1
    return Ranked(
        rank=(1 + starts - starts[first]).astype(np.int32)[tie],
        size=sizes[group].astype(np.int32)[tie],
        tie=tie,
        total=WIDEST - (keys[starts] & (2**40 - 1)),
        count=count,
        group_size=sizes[group],
        first=first,
    )


def grades(ranked: Ranked, steps: tuple[GradeStep, ...]) -> Numbers:
    """Places among the steps, -1 for none. Each grade takes the top of those left that reach its `min`, as many whole
    ties as fit its share."""
    chosen = np.full(len(ranked.total), -1, np.int32)
    for place, step in enumerate(steps):
        open_ = chosen < 0
        if step.min is not None:
            open_ &= ranked.total >= math.ceil(Fraction(step.min) * 100)
        taken = np.cumsum(np.where(open_, ranked.count, 0))
        before = taken - np.where(open_, ranked.count, 0)
        chosen[open_ & (taken - before[ranked.first] <= _room(step, ranked.group_size))] = place
    found: Numbers = chosen[ranked.tie]
    return found


def _room(step: GradeStep, sizes: Numbers) -> Numbers:
    if step.max_share is None:
        return sizes
    known, places = np.unique(sizes, return_inverse=True)
    return np.array([math.floor(Fraction(step.max_share) * int(size)) for size in known], np.int64)[places]
