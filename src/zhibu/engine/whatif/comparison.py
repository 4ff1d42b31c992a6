"""Two sides compared, organisation by organisation: what each publishes, what it would publish, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.pieces import PIECE, in_pieces
from zhibu.engine.packed.scores import Sheet
from zhibu.engine.plan import Plan
from zhibu.engine.results import STATUSES
from zhibu.engine.whatif import sides as sides_
from zhibu.engine.whatif.aligned import aligned
from zhibu.engine.whatif.columns import Columns, Group, counts, totals, unequal
from zhibu.engine.whatif.counted import Counted, Tick
from zhibu.engine.whatif.parts import Parts, parts, touched
from zhibu.engine.whatif.scored import Scored, units_of
from zhibu.engine.whatif.sides import How, Side

NONE = -1


@dataclass(frozen=True, slots=True)
class Published:
    """What one side publishes of the organisations compared. Numbers in cents; `present`: whether it has a score.

    `group` and `grade` are places in `groups` and `grades`, -1 is none; `dimensions` by id, with who has them.
    """

    present: Numbers
    total: Numbers
    rank: Numbers
    size: Numbers
    group: Numbers
    groups: tuple[str, ...]
    grade: Numbers
    grades: tuple[str, ...]
    dimensions: dict[str, tuple[Numbers, Numbers]]
    bonus: Numbers
    deduction: Numbers


@dataclass(frozen=True, slots=True)
class Moved:
    """A rule whose verdicts are not the same on both sides, or not worth the same. `before` and `after`: how often each
    status stands, [6][organisations compared]; `groups`: what was counted on each side, if anything."""

    rulebook: str
    rule: str
    how: How
    groups: tuple[Group | None, Group | None]


@dataclass(frozen=True)
class Comparison:
    """`ids`: of the organisations compared (with a score on one side, or a verdict that is not the same on both),
    ascending. `at`: their places in `every`, all organisations there are."""

    sides: tuple[Side, Side]
    plans: tuple[Plan, Plan]
    scored: tuple[Scored, Scored]
    every: pa.StringArray
    at: Numbers
    before: Published
    after: Published
    moved: tuple[Moved, ...]
    parts: Parts
    moving: Numbers  # places, among those compared, of the columns of `parts`

    @cached_property
    def ids(self) -> pa.StringArray:
        return self.every if len(self.at) == len(self.every) else self.every.take(pa.array(self.at))

    @property
    def difference(self) -> Numbers:
        """Of totals, in cents; 0 where there is a score on one side only."""
        return np.where(self.before.present & self.after.present, self.after.total - self.before.total, 0)

    def counts(self, moved: Moved, chosen: Numbers) -> tuple[Numbers, Numbers]:
        """How often each status stands before and after, [6][chosen]."""
        before, after = (counts(group, self.at[chosen]) for group in moved.groups)
        return before, after

    def differs(self, moved: Moved) -> Numbers:
        """Of which organisations the verdicts under a rule are not the same."""
        found = np.zeros(len(self.at), bool)

        def work(piece: slice) -> None:
            found[piece] = unequal(moved.groups, self.at[piece])

        in_pieces(len(self.at), work)
        return found

    def totals(self, moved: Moved, mine: Numbers) -> tuple[dict[str, int], dict[str, int]]:
        """How many verdicts of each status, of the organisations that `mine` says."""
        sums = np.zeros((2, len(STATUSES)), np.int64)
        for first in range(0, len(self.at), PIECE):
            here = self.at[first : first + PIECE][mine[first : first + PIECE]]
            sums += [totals(group, here) for group in moved.groups]
        before, after = (dict(zip(STATUSES, map(int, one), strict=True)) for one in sums)
        return before, after


def compare(
    counted: Counted, before: Side, after: Side, tick: Callable[[float], None] = lambda done: None
) -> Comparison:
    """Raises EngineError when the rules of a side do not fit the facts, naming the file."""
    two = before, after
    plans = counted.plan(before.rulebooks, before.scheme), counted.plan(after.rulebooks, after.scheme)
    ticks = _halves(tick)
    columns = aligned([counted.columns(plan, part) for plan, part in zip(plans, ticks, strict=True)])
    units, fits = units_of([(side.scheme, one) for side, one in zip(two, columns, strict=True)])
    found = (
        counted.scored.of(plans[0], columns[0], units, fits),
        counted.scored.of(plans[1], columns[1], units, fits),
    )
    tick(0.9)
    every = columns[0].ids
    moved = _moved(two, columns)
    at = _compared(len(every), found, moved)
    one, other = (counted.published.of(side, at, _published) for side in found)
    both = np.flatnonzero(one.present & other.present)
    moving = both[touched(*found, at[both])]
    why = parts(*found, at[moving], (other.total - one.total)[moving], wide=not fits)
    tick(1.0)
    return Comparison(two, plans, found, every, at, one, other, moved, why, moving)


def _halves(tick: Tick) -> tuple[Tick, Tick]:
    """Counting is the first 0.8 of the work: both sides alike."""
    return lambda done: tick(0.4 * done), lambda done: tick(0.4 + 0.4 * done)


def _compared(count: int, found: tuple[Scored, Scored], moved: tuple[Moved, ...]) -> Numbers:
    wanted = np.zeros(count, bool)
    for side in found:
        wanted[side.rows] = True
    if wanted.all():
        return np.arange(count)
    left = np.flatnonzero(~wanted)
    for one in moved:
        wanted[left] |= unequal(one.groups, left)
    return np.flatnonzero(wanted)


def _moved(two: tuple[Side, Side], columns: list[Columns]) -> tuple[Moved, ...]:
    rules = [sides_.rules_of(side) for side in two]
    groups = [dict(zip(one.names, one.groups, strict=True)) for one in columns]
    found = []
    for name in sorted(rules[0].keys() | rules[1].keys()):
        how = sides_.how(*(one.get(name, []) for one in rules))
        mine = groups[0].get(name), groups[1].get(name)
        if how == "same" and len({sides_.belongs(side, *name) for side in two}) > 1:
            how = "moved"
        if how != "same" or mine[0] is not mine[1]:
            found.append(Moved(*name, how, mine))
    return tuple(found)


# --- what is published ------------------------------------------------------------------------------------------


def _published(side: Scored, at: Numbers) -> Published:
    row = np.full(len(side.columns.ids), NONE, np.int32)
    row[side.rows] = np.arange(len(side.rows))
    row, sheet = row[at], side.sheet
    everybody = len(row) == len(side.rows) and (row >= 0).all()

    def spread(values: Numbers, none: int = 0) -> Numbers:
        """By organisation compared; `none` where there is no score."""
        return values if everybody else np.append(values, np.array([none], values.dtype))[row]

    group, groups = _codes(sheet.groups)
    grade, grades = _grades(sheet)
    names = [one.id for one in side.scheme.dimensions]
    parts = [(spread(here), spread(part)) for here, part in zip(sheet.present, sheet.parts, strict=True)]
    return Published(
        present=row >= 0,
        total=spread(sheet.total),
        rank=spread(sheet.rank),
        size=spread(sheet.size),
        group=spread(group, NONE),
        groups=groups,
        grade=spread(grade, NONE),
        grades=grades,
        dimensions=dict(zip(names, parts, strict=True)),
        bonus=spread(sheet.bonus),
        deduction=spread(sheet.deduction),
    )


def _codes(texts: pa.Array) -> tuple[Numbers, tuple[str, ...]]:
    """Places among those that occur, sorted."""
    coded = texts.dictionary_encode()
    codes, known = pc.fill_null(coded.indices, NONE).to_numpy(), coded.dictionary.to_pylist()
    used = np.flatnonzero(np.bincount(codes + 1, minlength=len(known) + 1)[1:])
    order = sorted(used, key=known.__getitem__)
    place = np.full(len(known) + 1, NONE, np.int32)
    place[order] = np.arange(len(order))
    return place[codes], tuple(known[one] for one in order)


def _grades(sheet: Sheet) -> tuple[Numbers, tuple[str, ...]]:
    """Two steps may have one name."""
    steps = [step.grade for step in sheet.scheme.grades]
    names = tuple(dict.fromkeys(steps))
    if len(names) == len(steps):
        return sheet.grade, names
    return np.array([*map(names.index, steps), NONE], np.int32)[sheet.grade], names
