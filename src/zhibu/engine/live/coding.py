"""Facts as the kernel's codes (engine/packed), with room for the rows of one subject where the kernel looks for them.

The kernel's tables are made once, from the values that the columns have when the live state opens. A value that no row
had then and that none is like (alike.py) has no code: whoever asks judges without the kernel.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.conditions import Row, exact
from zhibu.engine.conditions import attendance as attended
from zhibu.engine.facts.shape import DAY
from zhibu.engine.live.alike import Code, alike, asking, beside, exactly
from zhibu.engine.live.cells import Places
from zhibu.engine.packed.columns import Cells, Coded, attendance, encode, narrow
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.subjects import EPOCH, FIRST, days
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import Test

ROOM = 4096  # events, rows or waivers of one subject; who has more is judged without the kernel
FEW = 1 << 16  # values that are put in a dictionary


class Column:
    """`room`: where the kernel finds the codes of one subject's rows. `whole`: those of all rows of the table."""

    def __init__(self, coded: Coded, code: Code):
        self.whole, self.room = coded.codes, np.zeros(ROOM, np.uint32)
        self.coded = Coded(self.room, coded.values, coded.ordered)
        self.code = code


class Columns:
    """Of one table, each made when the compiler of the kernel's tables first asks for it."""

    def __init__(self, table: pa.Table, bounds: Iterable[Bound], name: str, ahead: Iterable[date] = ()):
        """`name` of the table; `ahead`: days that columns of clocks may come to have."""
        self._table, self._made = table, dict[str, Column]()
        self._tests, self._exact, self._ahead = asking(bounds, name), exactly(bounds), ahead

    def column(self, name: str) -> Coded:
        if name not in self._made:
            table = self._table
            computed = name == "attendance" and "event_id" in table.column_names
            found = attendance(table["present"], table["expected"]) if computed else encode(table[name])
            tested = name in self._tests and name not in self._exact
            if tested:
                found = _with(found, beside(self._tests[name]))
            elif self._ahead and table.schema.field(name).type == DAY:
                found = _with(found, self._ahead)
            self._made[name] = Column(found, _coding(name, found, self._tests[name] if tested else []))
        return self._made[name].coded

    def made(self) -> list[Column]:
        return list(self._made.values())


class Days(Columns):
    """Of the table of events; the days on which they were held and recorded are codes of the same days."""

    def __init__(self, plan: Plan):
        table = plan.facts["events"]
        super().__init__(table, plan.rules, "events")
        coming = np.arange(plan.window[0].toordinal(), max(plan.window[1], plan.as_of).toordinal() + 1) - EPOCH
        names = "held_on", "recorded_on"
        known = [days(pc.unique(table[name]), FIRST) for name in names]
        self.loaded: tuple[str, str] | None = None  # whose events are where the kernel looks
        self.days = np.unique(np.concatenate([*known, coming])).astype(np.int32)
        values = [date.fromordinal(day + EPOCH) for day in self.days.tolist()]
        self.held, self.recorded = (
            Column(found := Coded(self._codes(days(table[name], FIRST)), values), _day(name, found)) for name in names
        )

    def _codes(self, own: Numbers) -> Numbers:
        first = int(self.days[0])
        places = np.zeros(int(self.days[-1]) - first + 1, np.uint32)
        places[self.days - first] = np.arange(len(self.days))
        return narrow(places[own - first], len(self.days))

    def made(self) -> list[Column]:
        return [self.held, self.recorded, *super().made()]


class Loading:
    """Puts rows where the kernel looks for them."""

    def __init__(self, columns: Iterable[Column]):
        self._columns = [(one.room, one.whole, one.code) for one in columns]
        self._coded: tuple[Row | None, list[Any]] = (None, [])  # a row, asked about before it comes

    def resting(self, places: slice | Places) -> int:
        """From the table as it was opened. How many; −1: more than there is room for."""
        many = places.stop - places.start if isinstance(places, slice) else len(places)
        if many > ROOM:
            return -1
        for room, whole, _ in self._columns:
            room[:many] = whole[places]
        return many

    def codes(self, row: Row) -> bool:
        """Whether every cell has a code."""
        self._coded = row, [code(row) for _, _, code in self._columns]
        return None not in self._coded[1]

    def put(self, at: int, row: Row) -> bool:
        """False where a cell has no code, or there is no room."""
        sure = self._coded[0] is row or self.codes(row)
        if at >= ROOM or not sure or None in self._coded[1]:
            return False
        for (room, _, _), code in zip(self._columns, self._coded[1], strict=True):
            room[at] = code
        return True


def _with(coded: Coded, more: Iterable[Any]) -> Coded:
    """With these values beside its own."""
    if not coded.ordered:
        values = [*coded.values, *([one] for one in more if [one] not in coded.values)]
        return Coded(narrow(coded.codes, len(values)), values, ordered=False)
    own = list(_listed(coded.values))
    values = sorted({*own, *more}, key=exact)
    places = {value: code for code, value in enumerate(values, 1)}
    codes = np.array([0, *(places[value] for value in own)])
    return Coded(narrow(codes[coded.codes], len(values)), values)


def _coding(name: str, coded: Coded, tests: list[Test]) -> Code:
    """With tests, also of values that were not known (alike.py)."""
    values, cell = coded.values, _cell(name, coded)
    if not tests and len(values) > FEW and coded.ordered:
        return lambda row: _searched(values, cell(row))
    listed = [tuple(one) if type(one) is list else one for one in _listed(values)]
    known = {None: 0} | {value: code for code, value in enumerate(listed, 1)}
    if tests:
        return alike(coded, tests, cell, known)
    return lambda row: known.get(cell(row))


def _cell(name: str, coded: Coded) -> Callable[[Row], Any]:
    if name == "attendance":
        return lambda row: attended(row) if "event_id" in row else row[name]
    if coded.ordered:
        return itemgetter(name)
    return lambda row: None if (own := row[name]) is None else tuple(own)


def _listed(values: Sequence[Any]) -> Iterable[Any]:
    return values.array.to_pylist() if isinstance(values, Cells) else values


def _searched(values: Sequence[Any], value: Any) -> int | None:
    if value is None:
        return 0
    at = bisect_left(values, value)
    return at + 1 if at < len(values) and values[at] == value else None


def _day(name: str, coded: Coded) -> Code:
    """Days are never null: their codes begin with 0."""
    known = {day: code for code, day in enumerate(coded.values)}
    return lambda row: known.get(row[name])
