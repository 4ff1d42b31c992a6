"""Takes the difference of two totals apart into reasons that sum to it.

A total is 100 − Σ share × loss + bonus − deduction, not below 0, over the dimensions present: the share is 100 × weight
÷ Σ weights present, the loss is the part of the possible points that was lost. With "mean" for (before + after) ÷ 2:

- weight of a dimension: −(change of its share) × (mean loss). A dimension present on one side only counts whole as
  weight, with the loss of that side: it came in or dropped out.
- a rule in a dimension present on both sides: −(mean share) × [Δlost × Σmost − Δmost × Σlost] ÷ (2 × most × most′),
  where Δ is the rule's own change of lost and of possible points and Σ the dimension's before + after. Over the rules
  of a dimension this sums to the change of its loss. A rule whose verdicts and points are the same gets nothing, a
  duty newly met gets a gain and one newly missed a loss, against what the dimension loses on average.
- bonus, deduction: the changes of both, capped as each scheme caps them. floor: what "not below 0" gives or takes.

Means make it free of any order: no rule comes first, and exchanging the two sides turns every sign around.

Numbers are cents. Each part is rounded down and the cents left over go to the largest remainders, so that parts sum to
the difference of the published totals; no part is off by a cent or more, and what did not change stays zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.pieces import in_pieces
from zhibu.engine.scheme import Dimension
from zhibu.engine.whatif.columns import Group, unequal
from zhibu.engine.whatif.scored import Scored, counts_for, earned, worth

Kind = Literal["rule", "weight", "bonus", "deduction", "floor"]
NOTHING = 1e-7  # of a cent: noise of doubles


@dataclass(frozen=True, slots=True)
class Part:
    """A reason. `dimension` of a rule or a weight, `rulebook` and `rule` of a rule."""

    kind: Kind
    dimension: str | None = None
    rulebook: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """`cents[number][n]`: what part `number` gives the n-th organisation that may have reasons."""

    parts: tuple[Part, ...]
    cents: tuple[Numbers, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Reasons worked out together: `values` gives the exact cents of each."""

    parts: tuple[Part, ...]
    values: Callable[[_Piece], list[Numbers]]


def touched(before: Scored, after: Scored, both: Numbers) -> Numbers:
    """Which of the organisations at the places `both` may have reasons: with the same weights, caps and points only
    those whose verdicts differ."""
    changed = [pair for name in _dimensions(before, after) for pair in _changed((before, after), name).values()]
    if not _same_measure(before, after) or not all(one and other and one[1] == other[1] for one, other in changed):
        return np.ones(len(both), bool)
    groups = {(id(one[0]), id(other[0])): (one[0], other[0]) for one, other in changed if one and other}
    found = np.zeros(len(both), bool)

    def work(piece: slice) -> None:
        for pair in groups.values():
            found[piece] |= unequal(pair, both[piece])

    in_pieces(len(both), work)
    return found


def _same_measure(before: Scored, after: Scored) -> bool:
    """Whether all but the counts is the same, so that equal counts give equal totals."""
    one, other = ([(own.id, own.weight) for own in side.scheme.dimensions] for side in (before, after))
    return one == other and before.extra.caps == after.extra.caps and before.extra.sums is after.extra.sums


def parts(before: Scored, after: Scored, at: Numbers, difference: Numbers, *, wide: bool) -> Parts:
    """`at`: places of organisations with a score on both sides; `difference`: of their totals, in cents."""
    blocks = [*_of_dimensions(before, after), *_others(before, after)]
    found = [part for block in blocks for part in block.parts]
    cents = [np.zeros(len(at), np.int64 if wide else np.int32) for _ in found]

    def work(piece: slice) -> None:
        mine = _Piece(before, after, at[piece])
        exact = np.array([values for block in blocks for values in block.values(mine)])
        moving = np.flatnonzero((np.abs(exact) >= NOTHING).any(axis=0))
        whole = apportioned(exact[:, moving], difference[piece][moving])
        for number in np.flatnonzero(whole.any(axis=1)):  # what stays zero takes no memory
            cents[number][piece.start + moving] = whole[number]

    in_pieces(len(at), work)
    used = [number for number in range(len(found)) if cents[number].any()]
    return Parts(tuple(found[number] for number in used), tuple(cents[number] for number in used))


def apportioned(exact: Numbers, total: Numbers) -> Numbers:
    """`exact` [parts][organisations] as whole numbers that sum to `total`; zero stays zero."""
    nothing = np.abs(exact) < NOTHING
    below = np.where(nothing, 0, np.floor(exact + NOTHING))
    left = np.where(nothing, -1.0, np.round(exact - below, 6))
    more = total - below.sum(axis=0)
    order = np.argsort(-left, axis=0, kind="stable")
    place = np.argsort(order, axis=0, kind="stable")
    cents: Numbers = below.astype(np.int64) + (place < more)
    return cents


# --- dimensions: weights and rules ------------------------------------------------------------------------------


class _Half:
    """One side of a piece: share of 100, points lost and points possible of each dimension, as doubles [dimensions]."""

    def __init__(self, side: Scored, at: Numbers):
        self.side, self.at = side, at
        self.names = [one.id for one in side.scheme.dimensions]
        self.most = side.most[at].T.astype(np.float64)
        self.lost = (side.most[at] - side.points[at]).T.astype(np.float64)
        weights = (self.most != 0) * np.array([[float(one.weight)] for one in side.scheme.dimensions])
        self.share = 100 * weights / weights.sum(axis=0)

    def of(self, dimension: str) -> tuple[Numbers, Numbers, Numbers]:
        """(share, lost, most); of an absent dimension zeros."""
        if dimension not in self.names:
            nothing = np.zeros(self.most.shape[1])
            return nothing, nothing, nothing
        place = self.names.index(dimension)
        return self.share[place], self.lost[place], self.most[place]

    def own(self, dimension: str, rule: tuple[str, str]) -> tuple[Numbers, Numbers]:
        """A rule's own lost and possible points in a dimension, all versions together."""
        lost, most = np.zeros((2, self.most.shape[1]))
        for bound, column in zip(self.side.columns.bounds, self.side.columns.columns, strict=True):
            if (bound.rule.rulebook, bound.rule.id) == rule and counts_for(_dimension(self.side, dimension), bound):
                got, full = earned(column[self.at], worth(bound, self.side.units), self.side.most.dtype)
                lost += (full - got).astype(np.float64)
                most += full.astype(np.float64)
        return lost, most


class _Piece:
    """Some organisations, both sides."""

    def __init__(self, before: Scored, after: Scored, at: Numbers):
        self.at = at
        self.halves = _Half(before, at), _Half(after, at)


class _Pair:
    """A dimension on both sides. Where it is absent its share is 0 and its loss the other's."""

    def __init__(self, piece: _Piece, dimension: str):
        found = [half.of(dimension) for half in piece.halves]
        self.share, self.lost, self.most = zip(*found, strict=True)
        here = [most != 0 for most in self.most]
        losses = [lost / np.where(most != 0, most, 1) for _, lost, most in found]
        self.both = here[0] & here[1]
        self.loss = [np.where(here[own], losses[own], losses[1 - own]) for own in (0, 1)]

    def weight(self) -> Numbers:
        found: Numbers = -100 * (self.share[1] - self.share[0]) * (self.loss[0] + self.loss[1]) / 2
        return found

    def rule(self, lost: Numbers, most: Numbers) -> Numbers:
        """`lost` and `most`: the rule's own changes."""
        product = np.where(self.both, 2 * self.most[0] * self.most[1], 1)
        change = (lost * (self.most[0] + self.most[1]) - most * (self.lost[0] + self.lost[1])) / product
        found: Numbers = np.where(self.both, -100 * (self.share[0] + self.share[1]) / 2 * change, 0.0)
        return found


def _dimensions(before: Scored, after: Scored) -> list[str]:
    return list(dict.fromkeys(one.id for side in (after, before) for one in side.scheme.dimensions))


def _of_dimensions(before: Scored, after: Scored) -> list[Block]:
    return [_of_dimension(name, list(_changed((before, after), name))) for name in _dimensions(before, after)]


def _of_dimension(name: str, rules: list[tuple[str, str]]) -> Block:
    def values(piece: _Piece) -> list[Numbers]:
        pair = _Pair(piece, name)
        found = [pair.weight()]
        for rule in rules:
            (lost, most), (lost_, most_) = (half.own(name, rule) for half in piece.halves)
            found.append(pair.rule(lost_ - lost, most_ - most))
        return found

    return Block((Part("weight", name), *(Part("rule", name, *rule) for rule in rules)), values)


def _dimension(side: Scored, name: str) -> Dimension:
    return next(one for one in side.scheme.dimensions if one.id == name)


Member = tuple[Group, list[Fraction]]  # what was counted, and what it is worth
Members = tuple[Member | None, Member | None]


def _changed(sides: tuple[Scored, Scored], dimension: str) -> dict[tuple[str, str], Members]:
    """Rules of a dimension known to both sides whose verdicts, worth or belonging are not the same on both."""
    if any(dimension not in [one.id for one in side.scheme.dimensions] for side in sides):
        return {}
    before, after = (_members(side, dimension) for side in sides)
    pairs = {name: (before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys())}
    return {name: pair for name, pair in pairs.items() if not _same(*pair)}


def _members(side: Scored, dimension: str) -> dict[tuple[str, str], Member]:
    own = _dimension(side, dimension)
    worths: dict[tuple[str, str], list[Fraction]] = {}
    for bound in side.columns.bounds:
        if counts_for(own, bound):
            points = bound.rule.points
            values = [Fraction(one) for one in (points.met, points.late, points.missed)]
            worths.setdefault((bound.rule.rulebook, bound.rule.id), []).extend(values)
    groups = dict(zip(side.columns.names, side.columns.groups, strict=True))
    return {name: (groups[name], values) for name, values in worths.items()}


def _same(one: Member | None, other: Member | None) -> bool:
    return one is not None and other is not None and one[0] is other[0] and one[1] == other[1]


# --- bonus, deduction, floor ------------------------------------------------------------------------------------


def _others(before: Scored, after: Scored) -> list[Block]:
    low = before.nothing | after.nothing

    def adjusted(piece: _Piece) -> list[Numbers]:
        bonus = after.extra.bonus[piece.at] - before.extra.bonus[piece.at]
        return [100 * bonus, -100 * (after.extra.deduction[piece.at] - before.extra.deduction[piece.at])]

    def floor(piece: _Piece) -> list[Numbers]:
        if not low[piece.at].any():
            return [np.zeros(piece.halves[0].most.shape[1])]
        given, given_ = map(_below_zero, piece.halves)
        return [np.where(low[piece.at], given_ - given, 0.0)]

    found = [Block((Part("bonus"), Part("deduction")), adjusted)]
    return [*found, Block((Part("floor"),), floor)] if low.any() else found


def _below_zero(half: _Half) -> Numbers:
    """What "not below 0" adds to a total, in cents."""
    lost = (half.share * half.lost / np.where(half.most != 0, half.most, 1)).sum(axis=0)
    extra = half.side.extra
    found: Numbers = 100 * np.maximum(lost + extra.deduction[half.at] - extra.bonus[half.at] - 100, 0.0)
    return found
