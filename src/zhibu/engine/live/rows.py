"""The rows of facts while they change: each new row is judged as the loader would judge it, all or nothing.

Kept twice: as the tables were handed over (`written`: peer groups and a new binding read them) and as the rules read
them (columns typed by retype.py). Rows rejected when the facts were loaded are not here and stay out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from zhibu.engine.bind import bind
from zhibu.engine.conditions import Row
from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.errors import Place as At
from zhibu.engine.facts import ROW, SHAPES, Facts
from zhibu.engine.facts.columns import convert, said
from zhibu.engine.facts.extras import is_number
from zhibu.engine.facts.load import parted
from zhibu.engine.facts.numbers import finite
from zhibu.engine.facts.rows import HISTORIES, REPEATED, overlaps
from zhibu.engine.facts.shape import AMOUNT, LIST, NUMBER
from zhibu.engine.facts.sound import sound
from zhibu.engine.holidays import Holidays
from zhibu.engine.live.change import Change
from zhibu.engine.live.resting import ByNumber, ByText, Resting, Texts, known
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.rulebooks.page import nearest
from zhibu.engine.scheme import Scheme
from zhibu.engine.uses import COMPUTED, of_rule


@dataclass(frozen=True, slots=True)
class Step:
    """A change with the row it replaces, both as the rules read them; `was` and `change.new` as they were written."""

    change: Change
    was: Row | None
    old: Row | None
    new: Row | None

    @property
    def table(self) -> str:
        return self.change.table

    @property
    def number(self) -> int:
        assert self.change.number is not None
        return self.change.number

    @property
    def back(self) -> Step:
        return Step(replace(self.change, new=self.was), self.change.new, self.new, self.old)


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
        written = {name: Resting(facts[name]) for name in SHAPES}
        self.bound = {name: _bound(written[name], self.plan.facts[name]) for name in SHAPES}
        self._written = {name: ByNumber(one) for name, one in written.items()}
        self._bound = {
            name: self._written[name] if one is written[name] else ByNumber(one) for name, one in self.bound.items()
        }
        self._ids = Texts(facts["events"]["event_id"])
        self._own = {name: ByText(written[name], identity) for name, identity in HISTORIES.items()}
        used = {(use.table, use.column) for book in books for rule in book.rules for use in of_rule(rule)}
        self._used = {(table, column) for table, column in used if column not in COMPUTED.get(table, ())}
        self._alive = Counter({one: self._count(*one) for one in self._used if one[0] in facts.given})

    def _count(self, table: str, column: str) -> int:
        values = self.plan.facts[table][column]
        return len(values) - int(values.null_count)

    def written(self, table: str, row: Row) -> Row:
        return self._written[table][row[ROW]]

    @staticmethod
    def number(row: Row) -> int:
        return int(row[ROW])

    # --- from changes to steps ---

    def steps(self, changes: Sequence[Change]) -> list[Step]:
        """Raises EngineError with every fault of every row."""
        last, steps, faults = dict[str, int](), list[Step](), list[Fault]()
        for change in changes:
            number = change.number
            if number is None:
                number = last[change.table] = last.get(change.table, self._written[change.table].last) + 1
            try:
                steps.append(self._step(replace(change, number=number), number))
            except EngineError as error:
                faults += error.faults
        if faults:
            raise EngineError(faults)
        return steps

    def _step(self, change: Change, number: int) -> Step:
        table = change.table
        was = self._written[table].get(number)
        if was is None and change.new is None:
            raise _fault(table, number, "", "没有这一行")
        written, new = (None, None) if change.new is None else self._read(table, number, change.new)
        return Step(replace(change, new=written), was, self._bound[table].get(number), new)

    def _read(self, table: str, number: int, row: Row) -> tuple[Row, Row]:
        """The row as written and as the rules read it."""
        shape, columns = SHAPES[table], self._facts[table].schema
        cells = {name: row.get(name) for name in columns.names if name != ROW}
        if unknown := row.keys() - columns.names:
            name = sorted(unknown)[0]
            raise _fault(table, number, name, f"表 {table} 没有列“{name}”", nearest(name, list(cells)))
        if sound(shape, row) and all(_plain(columns.field(name).type, cells[name]) for name in cells):
            written = cells | {ROW: number}
            return written, self._retyped(written, table, number)
        raw = {name: _cell(table, number, name, value) for name, value in cells.items()}
        found, rejected, _, unreadable = parted(shape, pa.table(raw | {ROW: pa.array([number])}), table)
        faults = [Fault(At(table, number, one.column), one.reason) for one in rejected]
        faults += [Fault(At(table, number, name), next(iter(bad))) for name, bad in unreadable.items()]
        if faults:
            raise EngineError(faults)
        written = _aligned(found, columns, table, number).to_pylist()[0]
        return written, self._retyped(written, table, number)

    def _retyped(self, written: Row, table: str, number: int) -> Row:
        """With the types that rules asked for (retype.py)."""
        facts, wanted, cells = self._facts[table].schema, self.plan.facts[table].schema, dict(written)
        for name, value in written.items():
            kind = wanted.field(name).type
            if value is None or (table, name) not in self._used:
                continue
            if kind != facts.field(name).type and not pa.types.is_null(kind):
                read, bad = convert(pa.array([value]), NUMBER if is_number(kind) else kind)
            elif isinstance(value, float):
                read, bad = finite(pa.array([value]))
            else:
                continue
            if bad:
                raise _fault(table, number, name, next(iter(bad)))
            cells[name] = read.to_pylist()[0]
        return cells

    # --- rows together ---

    def shift(self, step: Step) -> None:
        table, number = step.table, step.number
        for rows, row in ((self._written[table], step.change.new), (self._bound[table], step.new)):
            rows.pop(number, None)
            if row is not None:
                rows[number] = row
        for row, put in ((step.was, False), (step.change.new, True)):
            if row is not None:
                self._index(table, row, put)
        for row, sign in ((step.old, -1), (step.new, 1)):
            for column in self._columns(table) if row is not None else ():
                self._alive[table, column] += sign * (row[column] is not None)  # type: ignore[index]

    def _columns(self, table: str) -> list[str]:
        return [column for of, column in self._alive if of == table]

    def _index(self, table: str, row: Row, put: bool) -> None:
        if table == "events":
            self._ids.put(row["event_id"], put)
        elif table in HISTORIES:
            own, identity = self._own[table], row[HISTORIES[table]]
            kept = [one for one in own.get(identity, ()) if one[ROW] != row[ROW]]
            own[identity] = [*kept, row] if put else kept

    def check_ids(self, steps: list[Step]) -> None:
        """Raises EngineError when an event comes twice. Call before shifting."""
        there = Counter(step.change.new["event_id"] for step in steps if step.table == "events" and step.change.new)
        gone = {step.was["event_id"] for step in steps if step.table == "events" and step.was}
        for step in steps:
            if step.table == "events" and step.change.new is not None:
                identity = step.change.new["event_id"]
                if there[identity] > 1 or (identity in self._ids and identity not in gone):
                    raise _fault("events", step.number, "event_id", REPEATED)

    def check_histories(self, steps: list[Step]) -> None:
        """Raises EngineError when rows of one subject hold on the same day. Call after shifting."""
        for step in steps:
            if step.table in HISTORIES and step.change.new is not None:
                rows = self._own[step.table][step.change.new[HISTORIES[step.table]]]
                if len(rows) < 2:
                    continue
                table = pa.Table.from_pylist(rows, known(self._facts[step.table].schema, rows))
                if faults := overlaps(SHAPES[step.table], table, step.table):
                    raise EngineError(faults)

    # --- binding ---

    def must_bind_anew(self, steps: list[Step]) -> bool:
        """A column without values that a rule reads gets one, or one loses its last: call before shifting."""
        after = Counter(self._alive)
        for step in steps:
            for row, sign in ((step.old, -1), (step.new, 1)):
                for column in self._columns(step.table) if row is not None else ():
                    after[step.table, column] += sign * (row[column] is not None)  # type: ignore[index]
        return any(bool(after[one]) != bool(number) for one, number in self._alive.items())

    def bound_anew(self) -> Rows:
        books, facts, window, as_of, scheme, holidays = self._given
        tables = {name: rows.table() for name, rows in self._written.items()}
        return Rows(books, replace(facts, tables=tables), window, as_of, scheme, holidays)


def _bound(written: Resting, table: pa.Table) -> Resting:
    """The same where no rule asked for other types (retype.py)."""
    return written if written.table is table else Resting(table)


def _fault(table: str, number: int, column: str, wrong: str, right: str = "") -> EngineError:
    return EngineError([Fault(At(table, number, column), wrong, right)])


def _cell(table: str, number: int, name: str, value: Any) -> pa.Array:
    try:
        return pa.array([value])
    except pa.ArrowException:
        raise _fault(table, number, name, "这一格的值不能识别") from None


def _aligned(found: pa.Table, columns: pa.Schema, table: str, number: int) -> pa.Table:
    """With the types of the table's columns; a column without any value takes what comes."""
    arrays = []
    for name in columns.names:
        wanted = columns.field(name).type
        if name not in found.column_names:
            raise _fault(table, number, name, "这一格的值不能识别")
        values = found[name].combine_chunks()
        if values.type != wanted and not pa.types.is_null(wanted):
            if not (
                pa.types.is_null(values.type) or (pa.types.is_integer(values.type) and pa.types.is_floating(wanted))
            ):
                raise _fault(table, number, name, f"应是{said(wanted)}，这里是{said(values.type)}")
            values = values.cast(wanted)
        arrays.append(values)
    return pa.table(arrays, names=columns.names)


def _plain(kind: pa.DataType, value: Any) -> bool:
    """The value is what a column of that type gives back; where this is not sure, the loader decides."""
    if value is None:
        return True
    if pa.types.is_string(kind):
        return type(value) is str and value.isprintable()
    if pa.types.is_floating(kind):
        return type(value) is float and math.isfinite(value)
    if kind == LIST:
        return type(value) is list and all(type(one) is str and one != "" and one.isprintable() for one in value)
    return type(value) is {pa.int64(): int, pa.bool_(): bool, pa.date32(): date, AMOUNT: Decimal}.get(kind)
