"""Judges all rules of one subject with the compiled kernel, before and after a change, and tells what differs.

It finds the codes of the subject's rows (coding.py) where it would find those of all: a subject is some forty events
and a row or two, and all its verdicts take a few microseconds. Only those that differ become verdicts (told.py).
"""

from __future__ import annotations

import ctypes as c
from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from zhibu.engine.conditions import Row
from zhibu.engine.facts import ROW
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.live.cells import Places
from zhibu.engine.live.change import Name
from zhibu.engine.live.coding import ROOM, Columns, Days, Loading
from zhibu.engine.live.found import Found, Side
from zhibu.engine.live.world import Changing
from zhibu.engine.packed import Unfit, native
from zhibu.engine.packed.compiled import Compiled, compile_plan
from zhibu.engine.packed.native import Numbers, at, whole
from zhibu.engine.packed.subjects import EPOCH, FIRST, LAST, Events, Ids, Subjects, Table
from zhibu.engine.plan import Plan

BEFORE = 3653  # days: ten years
FIRST_ONE = whole(0), whole(1)
FLAGS = whole(0), whole(1)
UNSEEN = 2**32 - 1  # the day on which an event was recorded that is not there any more
DAYS = ("valid_from", "valid_to", "born", "gone")


class Kernel:
    """Of the rules for one kind of subject. Raises Unfit where the kernel does not cover them, or was not built."""

    def __init__(self, plan: Plan, world: Changing, kind: str, events: Days):
        library = native.compiled() if native.ready() else None
        if library is None:
            raise Unfit("no compiled kernel")
        self._library, self._world, self._kind, self._events = library, world, kind, events
        self._table = SUBJECTS[kind][0]
        self._history = Columns(plan.facts[self._table], plan.rules, self._table, _around(plan))
        self._days = {name: np.zeros(ROOM, np.int32) for name in DAYS}
        self._row_of, self._event_of, self._waiver_of = (np.zeros(2, np.int64) for _ in range(3))
        self.compiled: Compiled = compile_plan(plan, self._subjects())
        self._names = {bound.rule.name: place for place, bound in reversed([*enumerate(self.compiled.bounds)])}
        rules = [bound.rule for bound in self.compiled.bounds]
        self._groups = [(rules[first].rulebook, rules[first].id) for first in self.compiled.rule_of[:-1].tolist()]
        self._waived = {name: np.zeros(ROOM, np.int32) for name in ("waiver_name", "waiver_from", "waiver_to")}
        for name, one in (self._waived | {"waiver_of": self._waiver_of}).items():
            setattr(self.compiled.struct, name, at(one))
        self.compiled.struct.keep = 0b111111
        if self.compiled.made.kernel is None:
            raise Unfit("conditions beyond the compiled kernel")
        self._as_of, self._numbers = plan.as_of, plain(plan.facts["events"][ROW]).to_numpy(zero_copy_only=False)
        self._spare: list[Found] = []
        self._there: Sequence[Row] | None = None  # the rows of history where the kernel looks
        self._many = np.zeros(2, np.int64)
        self._struct, self._many_at = c.byref(self.compiled.struct), at(self._many)

    def _subjects(self) -> Subjects:
        """One, with room for its rows."""
        events = Events(
            self._event_of, self._events.days, self._events.held.room, self._events.recorded.room,
            Table(self._events.column), Ids(pa.array([""] * ROOM, pa.large_string()), None),
        )  # fmt: skip
        return Subjects(
            self._kind, pa.array([], pa.string()), self._row_of, **self._days,
            rows=Table(self._history.column), events=events,
        )  # fmt: skip

    def ready(self) -> None:
        """All kernels are made, and so all columns."""
        self._happened, self._rows = Loading(self._events.made()), Loading(self._history.made())

    # --- one subject ---

    def codes(self, table: str, row: Row | None) -> bool:
        """Whether every cell that the kernel would read of the row has a code."""
        if row is None or table == "waivers" or (table == "events" and row["recorded_on"] > self._as_of):
            return True
        return (self._happened if table == "events" else self._rows).codes(row)

    def sure(self, identity: str) -> Side:
        """Judged as it is now, when nothing has come but what has codes and room."""
        side = self.side(identity, 0)
        assert side is not None
        return side

    def side(self, identity: str, spare: int) -> Side | None:
        """Judged as it is now; None where one of its rows has no code, or no room is left for some rows to spare."""
        places, changed = self._world.changed(self._kind, identity)
        resting = self._resting(identity, places)
        side = Side(identity, self._spare.pop() if self._spare else Found(), places, resting)
        fits = resting >= 0 and self._put_events(side, changed) and self._put_rows(identity) and self._put_waivers(side)
        if not fits or max(self._event_of[1], self._row_of[1], self._waiver_of[1]) + spare > ROOM:
            self.done(side)
            return None
        self._judge(side)
        return side

    def _resting(self, identity: str, places: slice | Places) -> int:
        """How many events the subject had when the tables were opened; they are put where the kernel looks, once."""
        if self._events.loaded == (self._kind, identity):
            return places.stop - places.start if isinstance(places, slice) else len(places)
        found = self._happened.resting(places)
        self._events.loaded = (self._kind, identity) if found >= 0 else None
        return found

    def _put_events(self, side: Side, changed: dict[int, Row | None]) -> bool:
        marks = side.found.get["marks"]
        marks[: side.resting] = _COUNTED[: side.resting]
        if changed:
            own = self._numbers[side.places]
            for number, row in changed.items():
                if len(where := (own == number).nonzero()[0]):
                    self._events.recorded.room[where[0]] = UNSEEN
                if row is not None and row["recorded_on"] <= self._as_of:
                    place = side.resting + len(side.come)
                    if not self._happened.put(place, row):
                        return False
                    marks[place] = id(row)
                    side.come.append(row)
        self._event_of[1] = side.resting + len(side.come)
        return True

    def _put_rows(self, identity: str) -> bool:
        history = self._world.histories[self._kind].get(identity, ())
        if history is self._there:
            return True
        self._there = None
        _, _, born, gone = SUBJECTS[self._kind]
        for place, row in enumerate(history):
            if not self._rows.put(place, row):
                return False
            for name, column, missing in zip(DAYS, ("valid_from", "valid_to", born, gone), _OPEN, strict=True):
                day = row[column]
                self._days[name][place] = missing if day is None else day.toordinal() - EPOCH
        self._row_of[1], self._there = len(history), history
        return True

    def _put_waivers(self, side: Side) -> bool:
        side.waivers = [one for one in self._world.waived(self._kind, side.identity) if one["rule"] in self._names]
        if len(side.waivers) > ROOM:
            return False
        for place, row in enumerate(side.waivers):
            cells = self._names[row["rule"]], _number(row["from"]), _number(row["to"])
            for one, cell in zip(self._waived.values(), cells, strict=True):
                one[place] = cell
        self._waiver_of[1] = len(side.waivers)
        return True

    def _judge(self, side: Side) -> None:
        while (said := self._library.judge(self._struct, *FIRST_ONE, side.found.at)) == native.FULL:
            marks, side.found = side.found.get["marks"], Found(4 * side.found.room)
            side.found.get["marks"][:] = marks
        if said:
            raise MemoryError

    # --- two sides ---

    def differing(self, before: Side, after: Side, anew: bool) -> tuple[list[int], list[int]]:
        """The places of the verdicts that are not the same on both sides. `anew`: waivers may have changed."""
        one, other = before.found, after.found
        self._library.differing(
            self._struct, one.at, one.marks, other.at, other.marks,
            FLAGS[anew], one.differing, other.differing, self._many_at,
        )  # fmt: skip
        gone, come = self._many.tolist()
        return one.get["differing"][:gone].tolist(), other.get["differing"][:come].tolist()

    def done(self, side: Side) -> None:
        """Nothing of it is asked for any more."""
        self._spare.append(side.found)

    def run(self, side: Side, rule: Name) -> tuple[int, date] | None:
        """Of missed verdicts of a rule: how many, the first day of the first; None if the latest is not missed."""
        get = side.found.get
        for place in range(side.found.out.runs_used):
            if self._groups[get["run_group"][place]] == rule:
                return get["run"][place], date.fromordinal(get["since"][place] + EPOCH)
        return None


def _around(plan: Plan) -> list[date]:
    """Days on which terms and anchors of the window mostly begin."""
    last = max(plan.window[1], plan.as_of).toordinal()
    return [date.fromordinal(day) for day in range(max(1, plan.window[0].toordinal() - BEFORE), last + 1)]


def _number(day: date) -> int:
    return day.toordinal() - EPOCH


_COUNTED: Numbers = np.arange(ROOM, dtype=np.int64)
_OPEN = (FIRST, LAST, FIRST, LAST)
