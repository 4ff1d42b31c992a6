"""Scores from counts (engine.md section 4).

Sums are exact whole numbers. Quotients are doubles, whose noise is far below the ninth decimal; the few that come so
near the edge of a cent that noise could tip them are worked out by the reference's fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa

from zhibu.engine import scores as reference
from zhibu.engine.facts.cells import plain
from zhibu.engine.packed import Unfit
from zhibu.engine.packed.adjusted import Adjusted, adjusted
from zhibu.engine.packed.compiled import LARGEST, Compiled
from zhibu.engine.packed.lanes import MOST as LANE_MOST
from zhibu.engine.packed.native import Numbers, at, kernel, whole
from zhibu.engine.packed.pieces import in_pieces
from zhibu.engine.packed.ranks import grades, ranks
from zhibu.engine.packed.texts import among
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.results import scores_schema
from zhibu.engine.scheme import Scheme

EDGE = 0.49999995  # of a cent: half of it less half of a ninth decimal; from here a number rounds up
DOUBT = 1e-9  # of a cent
FINE = 1000  # what is added up below this is finer than that: 1000 · 100 cents · 2^-53 · some ten roundings
MOST = 10**6  # points, weights, adjustments: beyond, all is left to the reference
HIGHEST = 2 * 10**7  # points of a score: cents of it are whole numbers of 32 bits
CELLS = 3 * LANE_MOST  # concluded verdicts that a word of counts can tell


@dataclass(frozen=True, slots=True)
class Sums:
    """Σ points and Σ max points, [organisations][dimensions], in `units` to the point."""

    points: Numbers
    most: Numbers
    units: int


def summed(compiled: Compiled, scheme: Scheme, counts: Numbers) -> Sums:
    """Raises Unfit when sums could leave 64 bits or doubles could not tell cents apart."""
    units = units_of(compiled.bounds, scheme)
    worth = np.zeros((len(scheme.dimensions), len(compiled.bounds), 3), np.int64)
    for place, dimension in enumerate(scheme.dimensions):
        for number, bound in enumerate(compiled.bounds):
            if any(pattern.fits(bound.rule.rulebook, bound.rule.id) for pattern in dimension.rules):
                one = bound.rule.points
                worth[place, number] = [int(Fraction(value) * units) for value in (one.met, one.late, one.missed)]
    got, most = np.empty((2, len(counts), len(scheme.dimensions)), np.int64)
    kernel().weigh(
        *(whole(len(counts)), whole(len(compiled.bounds)), whole(len(scheme.dimensions))),
        *(at(counts), at(worth), at(got), at(most)),
    )
    return Sums(got, most, units)


def units_of(bounds: Sequence[Bound], scheme: Scheme) -> int:
    """Units to the point in which all points are whole. Raises Unfit as `summed` does."""
    points = [bound.rule.points for bound in bounds]
    values = [value for one in points for value in (one.met, one.late, one.missed)]
    weights = [dimension.weight for dimension in scheme.dimensions]
    if max(map(abs, [*values, *weights]), default=Decimal(0)) > MOST or min(weights) < Decimal("1e-6"):
        raise Unfit("points or weights beyond a million")
    units = next((10**n for n in range(10) if all(_is_whole(value, n) for value in values)), None)
    if units is None or units * MOST * CELLS * max(len(points), 1) >= LARGEST:
        raise Unfit("points with too many decimals")
    return int(units)


def _is_whole(value: Decimal, places: int) -> bool:
    return bool((Fraction(value) * 10**places).denominator == 1)


def table(plan: Plan, scheme: Scheme, ids: pa.Array, sums: Sums) -> pa.Table:
    """The rows of the scores table, in the order of `ids` (one for each row of `sums`)."""
    some = (sums.most != 0).any(axis=1)
    groups = peer_groups(plan, ids)
    if not some.all():
        rows = pa.array(np.flatnonzero(some))
        ids, groups, sums = ids.take(rows), groups.take(rows), Sums(sums.points[some], sums.most[some], sums.units)
    return Scores(plan, scheme, ids, sums, groups=groups).sheet().table()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Scores as published, by organisation, in cents. `present`: which dimensions it has, both [dimensions]; `groups`:
    texts or codes of texts; `grade`: place in the scheme's list, -1 for none."""

    scheme: Scheme
    ids: pa.Array
    groups: pa.Array
    present: Numbers
    parts: Numbers
    bonus: Numbers
    deduction: Numbers
    total: Numbers
    rank: Numbers
    size: Numbers
    grade: Numbers

    def table(self) -> pa.Table:
        names = pa.array([*(step.grade for step in self.scheme.grades), ""], pa.string())
        columns = [
            *(pa.array(part / 100, mask=~here) for part, here in zip(self.parts, self.present, strict=True)),
            *(pa.array(one / 100) for one in (self.bonus, self.deduction, self.total)),
            *(pa.array(one.astype(np.int64)) for one in (self.rank, self.size)),
            names.take(pa.array(np.maximum(self.grade, 0), mask=self.grade < 0)),
        ]
        schema = scores_schema([dimension.id for dimension in self.scheme.dimensions])
        return pa.table([self.ids, self.groups.cast(pa.string()), *columns], schema=schema)


class Scores:
    """Of the organisations in `ids`, each with at least one dimension present; `extra` is what was adjusted, `groups`
    are their peer groups, where they are known already."""

    def __init__(
        self,
        plan: Plan,
        scheme: Scheme,
        ids: pa.Array,
        sums: Sums,
        extra: Adjusted | None = None,
        groups: pa.Array | None = None,
    ):
        self.scheme, self.ids, self.sums = scheme, ids, sums
        self.present = sums.most != 0
        self.weights = np.array([float(dimension.weight) for dimension in scheme.dimensions])
        self.extra = extra or adjusted(plan, scheme, ids)
        self.bonus, self.deduction = self.extra.bonus, self.extra.deduction
        if max(self.bonus.max(initial=0.0), self.deduction.max(initial=0.0)) > MOST:
            raise Unfit("adjustments beyond a million")
        self.groups = peer_groups(plan, ids) if groups is None else groups

    def sheet(self) -> Sheet:
        """Raises Unfit for scores beyond `HIGHEST`."""
        parts, bonus, deduction, total = self._rounded()
        ranked = ranks(self.groups, total)
        return Sheet(
            self.scheme,
            self.ids,
            self.groups,
            self.present.T,
            parts,
            bonus,
            deduction,
            total,
            ranked.rank,
            ranked.size,
            grades(ranked, self.scheme.grades),
        )

    def _rounded(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Scores of dimensions [dimensions][organisations], bonus, deduction and totals, in cents."""
        parts = np.empty(self.present.T.shape, np.int32)
        bonus, deduction, total = np.empty((3, len(self.present)), np.int32)

        def work(piece: slice) -> None:
            raw, totals = self._raw(piece)
            parts[:, piece] = _cents(raw, piece.start, self._part).T
            weights = (self.present[piece] * self.weights).sum(axis=1)
            largest = 100 * np.abs(raw).sum(axis=1) / weights + self.bonus[piece] + self.deduction[piece]
            total[piece] = _cents(totals[:, None], piece.start, self._total, largest)[:, 0]
            for at_, (out, one) in enumerate(((bonus, self.bonus), (deduction, self.deduction))):
                out[piece] = _cents(one[piece][:, None], piece.start, self._side(at_))[:, 0]

        in_pieces(len(self.present), work)
        return parts, bonus, deduction, total

    def _raw(self, piece: slice) -> tuple[Numbers, Numbers]:
        """Scores of dimensions and totals as doubles."""
        present = self.present[piece]
        raw = self.weights * self.sums.points[piece] / np.where(present, self.sums.most[piece], 1)
        raw = np.where(present, raw, 0.0)
        with np.errstate(invalid="ignore"):
            totals = 100 * raw.sum(axis=1) / (present * self.weights).sum(axis=1)
        return raw, np.maximum(totals + self.bonus[piece] - self.deduction[piece], 0.0)

    def _exact_parts(self, row: int) -> list[Fraction | None]:
        return [
            Fraction(dimension.weight) * int(self.sums.points[row, at_]) / int(self.sums.most[row, at_])
            if self.present[row, at_]
            else None
            for at_, dimension in enumerate(self.scheme.dimensions)
        ]

    def _part(self, row: int, place: int) -> Fraction:
        return reference.round_score(self._exact_parts(row)[place] or Fraction(0))

    def _total(self, row: int, _: int) -> Fraction:
        return reference.total_score(self.scheme, self._exact_parts(row), *self.extra.exact(row))

    def _side(self, place: int) -> Callable[[int, int], Fraction]:
        return lambda row, _: reference.round_score(self.extra.exact(row)[place])


def peer_groups(plan: Plan, ids: pa.Array) -> pa.Array:
    """Of ascending `ids`; null for those that are not in the tree."""
    rows, place = np.full(len(ids) + 1, -1), among(plain(plan.tree["org_id"]), ids)
    rows[place] = np.arange(len(place))
    rows = rows[:-1]  # where those went that are not among `ids`
    return plain(plan.tree["peer_group"]).take(pa.array(rows, mask=rows < 0))


def _cents(
    values: Numbers, first: int, exact: Callable[[int, int], Fraction], largest: Numbers | None = None
) -> Numbers:
    """Rounded to cents. `exact(first + row, column)` gives the rounded number where a double leaves doubt."""
    cents, size = values * 100, np.abs(values)
    if size.max(initial=0.0) > HIGHEST:
        raise Unfit("a score beyond 20 million points")
    below = np.floor(cents)
    over = cents - below
    doubt = (np.abs(over - EDGE) < DOUBT) | (size > FINE)
    if largest is not None:
        doubt |= (largest > FINE)[:, None]
    found = below.astype(np.int64) + (over >= EDGE)
    for row, column in zip(*np.nonzero(doubt), strict=True):
        found[row, column] = int(exact(first + int(row), int(column)) * 100)
    return found
