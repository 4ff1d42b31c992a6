"""A side's published scores from kept counts (engine.md section 4), with the sums they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine import scores as reference
from zhibu.engine.facts.cells import plain
from zhibu.engine.packed import Unfit, adjusted, lanes
from zhibu.engine.packed import scores as packed
from zhibu.engine.packed.adjusted import Adjusted
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.pieces import in_pieces
from zhibu.engine.packed.scores import Sheet
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.results import STATUSES
from zhibu.engine.scheme import Dimension, Scheme
from zhibu.engine.verdict import CONCLUDED, Verdict
from zhibu.engine.whatif.columns import Columns, lane

REMEMBERED, SUMS = 3, 12  # sides, and dimensions
MET, LATE, MISSED = map(STATUSES.index, CONCLUDED)


@dataclass(frozen=True, slots=True)
class Scored:
    """`rows`: places in `columns.ids` of the organisations with a score; `sheet`: their scores as published.

    By place: `points` and `most`, [organisations][dimensions] in `units` to the point; `extra`: bonus and deduction.
    """

    scheme: Scheme
    columns: Columns
    rows: Numbers
    sheet: Sheet
    points: Numbers
    most: Numbers
    units: int
    extra: Adjusted

    @property
    def nothing(self) -> Numbers:
        """By place: whether the total is 0."""
        found = np.zeros(len(self.columns.ids), bool)
        found[self.rows] = self.sheet.total == 0
        return found

    @property
    def table(self) -> pa.Table:
        """The scores as an evaluation gives them."""
        return self.sheet.table()


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


Peers = tuple[pa.Array, pa.Array]  # ids of organisations with a score, and their peer groups


class Memory:
    """What stays the same while drafts are tried: the last few sides, sums of dimensions, adjustments, peer groups."""

    def __init__(self) -> None:
        self._sides: list[tuple[pa.Table, Scored]] = []
        self._sums: list[tuple[Worths, Numbers, Numbers]] = []
        self._adjusted: list[tuple[pa.Table, pa.Array, Adjusted]] = []
        self._peers: list[tuple[pa.Table, pa.Array, Numbers, Peers]] = []

    def of(self, plan: Plan, columns: Columns, units: int, fits: bool) -> Scored:
        for tree, one in self._sides:
            numbers = one.units == units and (one.most.dtype != object) == fits
            if tree is plan.tree and numbers and one.scheme == plan.scheme and one.columns.same(columns):
                return one
        found = self._scored(plan, columns, units, fits)
        self._sides = [(plan.tree, found), *self._sides][:REMEMBERED]
        return found

    def _scored(self, plan: Plan, columns: Columns, units: int, fits: bool) -> Scored:
        scheme = plan.scheme
        assert scheme is not None
        worths = [_worths(one, columns, units) for one in scheme.dimensions]
        points, most = np.zeros((2, len(worths), len(columns.ids)), _kind(worths) if fits else object)
        for place, one in enumerate(worths):
            self._sum(one, points[place], most[place])
        self._sums = [*zip(worths, points, most, strict=True), *self._sums][:SUMS]
        points, most = points.T, most.T
        extra, rows = self._extra(plan, scheme, columns.ids), np.flatnonzero((most != 0).any(axis=1))
        peers = self._with_score(plan, columns.ids, rows)
        found = packed.Sums(_of(points, rows), _of(most, rows), units)
        sheet = _sheet(plan, columns, rows, found, extra, peers) if fits else _worked(plan, columns)
        return Scored(scheme, columns, rows, sheet, points, most, units, extra)

    def _sum(self, wanted: Worths, points: Numbers, most: Numbers) -> None:
        """Fills zeros with the sums of a dimension, those of last time if it is the same."""
        for known, *sums in self._sums:
            if sums[0].dtype == points.dtype and _equal(known, wanted):
                points[:], most[:] = sums
                return
        add(wanted, points, most)

    def _extra(self, plan: Plan, scheme: Scheme, ids: pa.Array) -> Adjusted:
        rows, sums = plan.facts["adjustments"], None
        for known, whose, found in self._adjusted:
            if known is rows and whose is ids:
                sums = found.sums, found.units
                if found.caps == adjusted.caps(scheme):
                    return found
        found = adjusted.capped(*(sums or adjusted.summed(plan, ids)), scheme)
        self._adjusted = [(rows, ids, found), *self._adjusted][:REMEMBERED]
        return found

    def _with_score(self, plan: Plan, ids: pa.Array, rows: Numbers) -> Peers:
        for tree, whose, places, found in self._peers:
            if tree is plan.tree and whose is ids and np.array_equal(places, rows):
                return found
        some = ids if len(rows) == len(ids) else ids.take(pa.array(rows))
        found = some, packed.peer_groups(plan, some).dictionary_encode()
        self._peers = [(plan.tree, ids, rows, found), *self._peers][:REMEMBERED]
        return found


class Pages:
    """What the last few sides publish, of the organisations last compared."""

    def __init__(self) -> None:
        self._known: list[tuple[Scored, Numbers, Any]] = []

    def of[T](self, side: Scored, at: Numbers, make: Callable[[Scored, Numbers], T]) -> T:
        for known, places, page in self._known:
            if known is side and np.array_equal(places, at):
                found: T = page
                return found
        found = make(side, at)
        self._known = [(side, at, found), *self._known][:REMEMBERED]
        return found


def _of(numbers: Numbers, rows: Numbers) -> Numbers:
    """Some rows, each column in one piece still."""
    return numbers if len(rows) == len(numbers) else numbers.T[:, rows].T


def _sheet(plan: Plan, columns: Columns, rows: Numbers, sums: packed.Sums, extra: Adjusted, peers: Peers) -> Sheet:
    scheme, (ids, groups) = plan.scheme, peers
    assert scheme is not None
    if len(rows) < len(columns.ids):
        extra = extra.of(rows)
    try:
        return packed.Scores(plan, scheme, ids, sums, extra, groups).sheet()
    except Unfit:
        return _worked(plan, columns)


def _worked(plan: Plan, columns: Columns) -> Sheet:
    """By the reference. Published scores are whole cents written as doubles."""
    table, scheme = reference.table(plan, _verdicts(columns)), plan.scheme
    assert scheme is not None

    def cents(name: str) -> Numbers:
        found: Numbers = np.rint(pc.fill_null(table[name], 0.0).to_numpy() * 100).astype(np.int64)
        return found

    names = pa.array([step.grade for step in scheme.grades], pa.string())
    return Sheet(
        scheme,
        plain(table["org_id"]),
        plain(table["peer_group"]),
        np.array([table[one.id].is_valid().to_numpy() for one in scheme.dimensions]),
        np.array([cents(one.id) for one in scheme.dimensions]),
        *(cents("bonus"), cents("deduction"), cents("total")),
        *(table["rank"].to_numpy(), table["group_size"].to_numpy()),
        pc.fill_null(pc.index_in(table["grade"], names), -1).to_numpy(),
    )


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


def counts_for(dimension: Dimension, bound: Bound) -> bool:
    return any(pattern.fits(bound.rule.rulebook, bound.rule.id) for pattern in dimension.rules)


def worth(bound: Bound, units: int) -> tuple[int, int, int]:
    """What met, late and missed are worth, in units."""
    points = bound.rule.points
    met, late, missed = (int(Fraction(value) * units) for value in (points.met, points.late, points.missed))
    return met, late, missed


Worths = list[tuple[Numbers, tuple[int, int, int]]]  # the columns that count for a dimension, and what they are worth


def _worths(dimension: Dimension, columns: Columns, units: int) -> Worths:
    pairs = zip(columns.bounds, columns.columns, strict=True)
    return [(column, worth(bound, units)) for bound, column in pairs if counts_for(dimension, bound)]


def _equal(one: Worths, other: Worths) -> bool:
    return len(one) == len(other) and all(
        column is column_ and worth_ == worth__ for (column, worth_), (column_, worth__) in zip(one, other, strict=True)
    )


def _kind(worths: list[Worths]) -> Any:
    """Half as wide where sums and their differences surely fit."""
    sums = [sum(3 * lanes.most(column) * max(map(abs, worth_)) for column, worth_ in one) for one in worths]
    return np.int32 if 2 * max(sums, default=0) < 2**31 else np.int64


def add(worths: Worths, points: Numbers, most: Numbers) -> None:
    """Σ points and Σ max points of a dimension by organisation, added to what is there."""

    def work(piece: slice) -> None:
        for column, mine in worths:
            got, full = earned(column[piece], mine, points.dtype)
            points[piece] += got
            most[piece] += full

    in_pieces(len(points), work)


def earned(column: Numbers, worth_: tuple[int, int, int], kind: Any = np.int64) -> tuple[Numbers, Numbers]:
    """(points, max points) in units of a rule's verdicts, by entry."""
    met, late, missed = (lane(column, status).astype(kind, copy=False) for status in (MET, LATE, MISSED))
    full = (met + late + missed) * worth_[0]
    got = met * worth_[0]
    if worth_[1]:
        got += late * worth_[1]
    if worth_[2]:
        got += missed * worth_[2]
    return got, full
