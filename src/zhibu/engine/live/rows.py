"""The rows of facts while they change: each new row is judged as the loader would judge it, all or nothing.

Kept twice: as the tables were handed over (`written`: peer groups and a new binding read them) and as the rules read
them (columns typed by retype.py). Rows rejected when the facts were loaded are not here and stay out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from zhibu.engine.bind import bind
from zhibu.engine.conditions import Row
from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.facts import ROW, SHAPES, Facts
from zhibu.engine.facts.rows import REPEATED
from zhibu.engine.holidays import Holidays
from zhibu.engine.live.change import Change
from zhibu.engine.live.reading import Reader, fault
from zhibu.engine.live.resting import ByNumber, Resting
from zhibu.engine.live.steps import Step
from zhibu.engine.live.texts import TextSet
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.uses import COMPUTED, of_rule


class Rows:
    """Raises EngineError when rules and facts do not fit."""

    def __init__(
        self,
        books: tuple[Rulebook, ...],
        facts: Facts,
        window: tuple[date, date],
        as_of: date,
        scheme: Scheme | None,
        holidays: Holidays,
    ):
        self._given = (books, facts, window, as_of, scheme, holidays)
        self.plan: Plan = bind(books, facts, window, as_of, scheme, "all", holidays)
        self._facts = facts
        self.written = written = {name: Resting(facts[name]) for name in SHAPES}
        self.bound = {name: _bound(written[name], self.plan.facts[name]) for name in SHAPES}
        self._written = {name: ByNumber(one) for name, one in written.items()}
        self._bound = {
            name: self._written[name] if one is written[name] else ByNumber(one) for name, one in self.bound.items()
        }
        self._ids = TextSet(facts["events"]["event_id"])
        used = {(use.table, use.column) for book in books for rule in book.rules for use in of_rule(rule)}
        self._used = {(table, column) for table, column in used if column not in COMPUTED.get(table, ())}
        self._readers = {name: self._reader(name) for name in SHAPES}
        self._alive = Counter({one: self._count(*one) for one in self._used if one[0] in facts.given})

        self._columns = {name: [column for table, column in self._alive if table == name] for name in SHAPES}

    def _reader(self, table: str) -> Reader:
        read = [column for of, column in self._used if of == table]
        return Reader(table, self._facts[table].schema, self.plan.facts[table].schema, read)

    def _count(self, table: str, column: str) -> int:
        values = self.plan.facts[table][column]
        return len(values) - int(values.null_count)

    def as_written(self, table: str, row: Row, column: str) -> Any:
        """A cell as it was written, of the row as rules read it."""
        same = self._bound[table] is self._written[table]
        return row[column] if same else self._written[table].cell(row[ROW], column)

    # --- from changes to steps ---

    def steps(self, changes: Sequence[Change]) -> list[Step]:
        """Raises EngineError with every fault of every row."""
        last, steps, faults = dict[str, int](), list[Step](), list[Fault]()
        for change in changes:
            number = change.number
            if number is None:
                number = last[change.table] = last.get(change.table, self._written[change.table].last) + 1
            try:
                steps.append(self._step(change, number))
            except EngineError as error:
                faults += error.faults
        if faults:
            raise EngineError(faults)
        return steps

    def _step(self, change: Change, number: int) -> Step:
        table = change.table
        was = None if change.number is None else self._written[table].get(number)
        if was is None and change.new is None:
            raise fault(table, number, "", "没有这一行")
        written, new = (None, None) if change.new is None else self._readers[table].row(number, change.new)
        old = None if change.number is None else self._bound[table].get(number)
        return Step(Change(table, number, written), was, old, new)

    def shift(self, step: Step) -> None:
        table, number = step.table, step.number
        self._written[table].put(number, step.change.new)
        if self._bound[table] is not self._written[table]:
            self._bound[table].put(number, step.new)
        for row, put in ((step.was, False), (step.change.new, True)):
            if row is not None and table == "events":
                self._ids.put(row["event_id"], put)
        for column, more in self._more(step):
            self._alive[table, column] += more

    def _more(self, step: Step) -> Iterator[tuple[str, int]]:
        """Columns that rules read, and how many values more they get."""
        old, new = step.old or {}, step.new or {}
        for column in self._columns[step.table]:
            if more := (new.get(column) is not None) - (old.get(column) is not None):
                yield column, more

    def check_ids(self, steps: list[Step]) -> None:
        """Raises EngineError when an event comes twice. Call before shifting."""
        there = Counter(step.change.new["event_id"] for step in steps if step.table == "events" and step.change.new)
        gone = {step.was["event_id"] for step in steps if step.table == "events" and step.was}
        for step in steps:
            if step.table == "events" and step.change.new is not None:
                identity = step.change.new["event_id"]
                if there[identity] > 1 or (identity not in gone and identity in self._ids):
                    raise fault("events", step.number, "event_id", REPEATED)

    # --- binding ---

    def must_bind_anew(self, steps: list[Step]) -> bool:
        """A column without values that a rule reads gets one, or one loses its last: call before shifting."""
        after = Counter[tuple[str, str]]()
        for step in steps:
            for column, more in self._more(step):
                after[step.table, column] += more
        return any(bool(self._alive[one]) != bool(self._alive[one] + more) for one, more in after.items())

    def bound_anew(self) -> Rows:
        books, facts, window, as_of, scheme, holidays = self._given
        tables = {name: rows.table() for name, rows in self._written.items()}
        return Rows(books, replace(facts, tables=tables), window, as_of, scheme, holidays)


def _bound(written: Resting, table: pa.Table) -> Resting:
    """The same where no rule asked for other types (retype.py)."""
    return written if written.table is table else Resting(table)
