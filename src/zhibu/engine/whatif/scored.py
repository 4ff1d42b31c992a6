"""A side's published scores from kept counts (engine.md section 4), with the sums they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from zhibu.engine import scores as reference
from zhibu.engine.packed import Unfit
from zhibu.engine.packed import scores as packed
from zhibu.engine.packed.adjusted import Adjusted, adjusted
from zhibu.engine.packed.judged import threads
from zhibu.engine.packed.native import Numbers
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.results import STATUSES
from zhibu.engine.scheme import Dimension, Scheme
from zhibu.engine.verdict import CONCLUDED, Verdict
from zhibu.engine.whatif.columns import Columns, lane

PIECE = 2**15  # organisations whose numbers fit a cache
REMEMBERED = 3
MET, LATE, MISSED = map(STATUSES.index, CONCLUDED)


@dataclass(frozen=True, slots=True)
class Scored:
    """`rows`: places in `columns.ids` of the organisations with a score; `table`: their scores as published.

    By place: `points` and `most`, [organisations][dimensions] in `units` to the point; `extra`: bonus and deduction.
    """

    scheme: Scheme
    columns: Columns
    rows: Numbers
    table: pa.Table
    points: Numbers
    most: Numbers
    units: int
    extra: Adjusted

    @property
    def nothing(self) -> Numbers:
        """By place: whether the total is 0."""
        found = np.zeros(len(self.columns.ids), bool)
        found[self.rows] = self.table["total"].to_numpy() == 0
        return found


def units_of(sides: list[tuple[Scheme, Columns]]) -> tuple[int, bool]:
    """Units to the point for both sides together, and whether they fit whole numbers of 64 bits."""
    try:
        if any(column.ndim == 2 for _, columns in sides for column in columns.columns):
            raise Unfit("counts beyond a word")
        return max(packed.units_of(columns.bounds, scheme) for scheme, columns in sides), True
    except Unfit:
        points = [bound.rule.points for _, columns in sides for bound in columns.bounds]
        values = [Fraction(value) for one in points for value in (one.met, one.late, one.missed)]
        return next(10**n for n in range(31) if all((value * 10**n).denominator == 1 for value in values)), False


class Memory:
    """The last few sides: what is published stays the same while drafts are tried against it."""

    def __init__(self) -> None:
        self._known: list[tuple[pa.Table, Scored]] = []

    def of(self, plan: Plan, columns: Columns, units: int, fits: bool) -> Scored:
        for tree, one in self._known:
            numbers = one.units == units and (one.most.dtype != object) == fits
            if tree is plan.tree and numbers and one.scheme == plan.scheme and one.columns.same(columns):
                return one
        found = scored(plan, columns, units, fits)
        self._known = [(plan.tree, found), *self._known][:REMEMBERED]
        return found


def scored(plan: Plan, columns: Columns, units: int, fits: bool) -> Scored:
    scheme = plan.scheme
    assert scheme is not None
    points, most = summed(scheme, columns, units, np.int64 if fits else object)
    extra = adjusted(plan, scheme, columns.ids)
    rows = np.flatnonzero((most != 0).any(axis=1))
    table = _table(plan, scheme, columns, rows, packed.Sums(points[rows], most[rows], units), fits)
    return Scored(scheme, columns, rows, table, points, most, units, extra)


def _table(plan: Plan, scheme: Scheme, columns: Columns, rows: Numbers, sums: packed.Sums, fits: bool) -> pa.Table:
    if fits:
        try:
            return packed.Scores(plan, scheme, columns.ids.take(pa.array(rows)), sums).table()
        except Unfit:
            pass
    return reference.table(plan, _verdicts(columns))


def _verdicts(columns: Columns) -> Iterator[Verdict]:
    """Concluded verdicts with nothing but what scores read."""
    ids = columns.ids.to_pylist()
    for bound, column in zip(columns.bounds, columns.columns, strict=True):
        for status in CONCLUDED:
            times = lane(column, STATUSES.index(status))
            for place in np.flatnonzero(times):
                yield from [_verdict(bound, ids[place], status)] * int(times[place])


def _verdict(bound: Bound, org: str, status: Any) -> Verdict:
    rule, day = bound.rule, bound.since
    points, most = Fraction(getattr(rule.points, status)), Fraction(rule.points.met)
    numbers: list[Any] = [None, None, None, points, most, (), None, False]
    return Verdict("organisation", org, rule.rulebook, rule.id, rule.strength, "", day, day, day, status, *numbers)


# --- sums -------------------------------------------------------------------------------------------------------


def in_pieces(count: int, work: Callable[[slice], None]) -> None:
    """`work` over 0 … count - 1, piece by piece on several threads."""
    with ThreadPoolExecutor(threads()) as pool:
        for _ in pool.map(work, (slice(first, min(first + PIECE, count)) for first in range(0, count, PIECE))):
            pass


def counts_for(dimension: Dimension, bound: Bound) -> bool:
    return any(pattern.fits(bound.rule.rulebook, bound.rule.id) for pattern in dimension.rules)


def worth(bound: Bound, units: int) -> tuple[int, int, int]:
    """What met, late and missed are worth, in units."""
    points = bound.rule.points
    met, late, missed = (int(Fraction(value) * units) for value in (points.met, points.late, points.missed))
    return met, late, missed


def summed(scheme: Scheme, columns: Columns, units: int, kind: Any) -> tuple[Numbers, Numbers]:
    """(Σ points, Σ max points), [organisations][dimensions]."""
    points, most = (np.zeros((len(scheme.dimensions), len(columns.ids)), kind).T for _ in range(2))
    places = [
        [place for place, dimension in enumerate(scheme.dimensions) if counts_for(dimension, bound)]
        for bound in columns.bounds
    ]

    def work(piece: slice) -> None:
        for bound, column, mine in zip(columns.bounds, columns.columns, places, strict=True):
            if mine:
                got, full = earned(column[piece], worth(bound, units), kind)
                for place in mine:
                    points[piece, place] += got
                    most[piece, place] += full

    in_pieces(len(columns.ids), work)
    return points, most


def earned(column: Numbers, worth_: tuple[int, int, int], kind: Any = np.int64) -> tuple[Numbers, Numbers]:
    """(points, max points) in units of a rule's verdicts, by entry."""
    met, late, missed = (lane(column, status).astype(kind) for status in (MET, LATE, MISSED))
    full = (met + late + missed) * worth_[0]
    got = met * worth_[0]
    if worth_[1]:
        got += late * worth_[1]
    if worth_[2]:
        got += missed * worth_[2]
    return got, full
