"""Tables at rest: rows become Python only when somebody asks for them, and stay so once they have changed.

A province has eight million rows; a change concerns a few dozen. The table itself is never copied or written to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.conditions import Row
from zhibu.engine.facts import ROW
from zhibu.engine.facts.cells import plain
from zhibu.engine.live.cells import Cells, Places


class Resting:
    """A table, and its cells for the rows to come from."""

    def __init__(self, table: pa.Table):
        self.table, self.cells = table, Cells(table)


class Groups:
    """Text in a column → the places of its rows, in the order of the table."""

    def __init__(self, column: pa.ChunkedArray):
        encoded = plain(column).dictionary_encode()
        codes = pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int32)
        self._order: Any = None  # the rows of each text together, where they do not lie so in the table
        if np.any(codes[1:] < codes[:-1]) or np.any(codes < 0):
            order = np.argsort(codes, kind="stable")
            self._order = order[np.searchsorted(codes[order], 0) :]
            codes = codes[self._order]
        self._starts = np.searchsorted(codes, np.arange(len(encoded.dictionary) + 1)).tolist()
        self.texts = {text: number for number, text in enumerate(encoded.dictionary.to_pylist())}

    def places(self, text: str) -> slice | Places:
        number = self.texts.get(text)
        if number is None:
            return slice(0, 0)
        first, last = self._starts[number], self._starts[number + 1]
        if self._order is None:
            return slice(first, last)
        own: Places = self._order[first:last]
        return own if last > first + 1 else slice(int(own[0]), int(own[0]) + 1)


class ByText(MutableMapping[str, list[Row]]):
    """Text in one of the columns → its rows, in the order of the table. A text without rows is not there."""

    def __init__(self, resting: Resting, column: str):
        self._groups, self._cells = Groups(resting.table[column]), resting.cells
        self._awake: dict[str, list[Row]] = {}

    def get(self, text: str, default: Any = None) -> Any:
        found = self._awake.get(text)
        if found is None:
            known = text in self._groups.texts
            found = self._awake[text] = self._woken(text) if known else []
        return found or default

    def _woken(self, text: str) -> list[Row]:
        places = self._groups.places(text)
        if isinstance(places, slice) and places.stop == places.start + 1:
            return [self._cells.row(places.start)]
        return self._cells.rows(places)

    def __getitem__(self, text: str) -> list[Row]:
        found: list[Row] | None = self.get(text)
        if found is None:
            raise KeyError(text)
        return found

    def __setitem__(self, text: str, rows: list[Row]) -> None:
        self._awake[text] = rows

    def __delitem__(self, text: str) -> None:
        self._awake[text] = []

    def __contains__(self, text: object) -> bool:
        """Without waking it."""
        own = self._awake.get(text)  # type: ignore[call-overload]
        return text in self._groups.texts if own is None else bool(own)

    def __iter__(self) -> Iterator[str]:
        return (text for text in list(self._groups.texts | self._awake) if text in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class ByNumber:
    """`#row` → the row."""

    def __init__(self, resting: Resting):
        self._table, self._cells = resting.table, resting.cells
        self._numbers = np.asarray(plain(self._table[ROW]).to_numpy(zero_copy_only=False), np.int64)
        self._first = int(self._numbers[0]) if len(self._numbers) else 0
        self._awake: dict[int, Row | None] = {}
        self._last: int | None = None  # None while it must be looked for

    def get(self, number: int) -> Row | None:
        if number in self._awake:
            return self._awake[number]
        at = self._place(number)
        found = self._awake[number] = None if at is None else self._cells.row(at)
        return found

    def _place(self, number: int) -> int | None:
        """Mostly no number is missing before it; else it is looked for."""
        numbers = self._numbers
        at = number - self._first
        if not (0 <= at < len(numbers) and numbers[at] == number):
            at = int(numbers.searchsorted(number))
        return at if at < len(numbers) and numbers[at] == number else None

    def cell(self, number: int, name: str) -> Any:
        """Of a row that is there."""
        if number in self._awake:
            row = self._awake[number]
            assert row is not None
            return row[name]
        at = self._place(number)
        assert at is not None
        return self._cells.reading(name)(at)

    def put(self, number: int, row: Row | None) -> None:
        """The row of that number now; None when there is none any more."""
        self._awake[number] = row
        if row is not None and self._last is not None:
            self._last = max(self._last, number)
        elif number == self._last:
            self._last = None

    @property
    def last(self) -> int:
        """The highest number; 0 when there is no row."""
        if self._last is None:
            self._last = self._highest()
        return self._last

    def _highest(self) -> int:
        highest = max((number for number, row in self._awake.items() if row is not None), default=0)
        at = len(self._numbers) - 1
        while at >= 0 and self._numbers[at] > highest and self._awake.get(int(self._numbers[at]), True) is None:
            at -= 1
        return max(highest, int(self._numbers[at]) if at >= 0 else 0)

    def table(self) -> pa.Table:
        """All rows as they are now, by number."""
        come = [row for row in self._awake.values() if row is not None]
        schema = known(self._table.schema, come)
        gone = pc.is_in(self._table[ROW], pa.array(list(self._awake), pa.int64()))
        rest = self._table.filter(pc.invert(gone)).cast(schema)
        return pa.concat_tables([rest, pa.Table.from_pylist(come, schema)]).sort_by(ROW)


def known(schema: pa.Schema, rows: Iterable[Row]) -> pa.Schema:
    """Columns without any value so far take the type of the first one they have now."""
    for at, field in enumerate(schema):
        if pa.types.is_null(field.type):
            first = next((row[field.name] for row in rows if row[field.name] is not None), None)
            schema = schema.set(at, pa.field(field.name, pa.array([first]).type))
    return schema
