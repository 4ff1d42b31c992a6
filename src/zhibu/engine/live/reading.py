"""A new row of facts, read as the loader would read it, and as rules read it (columns typed by retype.py).

Rows that surely need no loader do without; the others go through it, for it has the reasons.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import pyarrow as pa

from zhibu.engine.conditions import Row
from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.errors import Place as At
from zhibu.engine.facts import ROW, SHAPES
from zhibu.engine.facts.columns import convert, said
from zhibu.engine.facts.extras import is_number
from zhibu.engine.facts.load import parted
from zhibu.engine.facts.numbers import amount, finite
from zhibu.engine.facts.shape import AMOUNT, LIST, NUMBER, Shape
from zhibu.engine.facts.sound import sound
from zhibu.engine.rulebooks.page import nearest


class Reader:
    """Of one table. `read`: the names of columns that rules read, whose types are those of `bound`."""

    def __init__(self, table: str, written: pa.Schema, bound: pa.Schema, read: Iterable[str]):
        self._table, self._schema = table, written
        self._names = [name for name in written.names if name != ROW]
        self._known = frozenset(written.names)
        self._plain = list(_plain(written))
        self._asked = [one for name in read if name in written.names for one in _asked(name, written, bound)]

    def row(self, number: int, row: Row) -> tuple[Row, Row]:
        """The row as written and as the rules read it. Raises EngineError when it is not fit."""
        cells = {name: row.get(name) for name in self._names}
        if unknown := row.keys() - self._known:
            name = sorted(unknown)[0]
            raise fault(self._table, number, name, f"表 {self._table} 没有列“{name}”", nearest(name, list(cells)))
        shape = SHAPES[self._table]
        sure = cells | _amounts(shape, cells)
        if sound(shape, {**row, **sure}) and all(plain(sure[name]) for name, plain in self._plain):
            written: Row = sure | {ROW: number}
        else:
            written = self._loaded(shape, number, cells)
        return written, self._retyped(written, number)

    def _loaded(self, shape: Shape, number: int, cells: Row) -> Row:
        raw = {name: _cell(self._table, number, name, value) for name, value in cells.items()}
        found, rejected, _, unreadable = parted(shape, pa.table(raw | {ROW: pa.array([number])}), self._table)
        faults = [Fault(At(self._table, number, one.column), one.reason) for one in rejected]
        faults += [Fault(At(self._table, number, name), next(iter(bad))) for name, bad in unreadable.items()]
        if faults:
            raise EngineError(faults)
        row: Row = _aligned(found, self._schema, self._table, number).to_pylist()[0]
        return row

    def _retyped(self, written: Row, number: int) -> Row:
        cells = dict(written)
        for name, kind in self._asked:
            value = written[name]
            if value is None or (kind is None and math.isfinite(value)):
                continue
            read, bad = finite(pa.array([value])) if kind is None else convert(pa.array([value]), kind)
            if bad:
                raise fault(self._table, number, name, next(iter(bad)))
            cells[name] = read.to_pylist()[0]
        return cells


def fault(table: str, number: int, column: str, wrong: str, right: str = "") -> EngineError:
    return EngineError([Fault(At(table, number, column), wrong, right)])


def _asked(name: str, written: pa.Schema, bound: pa.Schema) -> Iterator[tuple[str, pa.DataType | None]]:
    """The type that rules ask of a column where it has another; None where they ask its floats to be finite."""
    has, asked = written.field(name).type, bound.field(name).type
    if asked != has and not pa.types.is_null(asked):
        yield name, NUMBER if is_number(asked) else asked
    elif pa.types.is_floating(has):
        yield name, None


def _amounts(shape: Shape, cells: Row) -> dict[str, Decimal | None]:
    """Floats and whole numbers of the columns that hold exact decimals, as the loader reads them."""
    found = {}
    for column in shape.columns:
        if column.type == AMOUNT and type(cells[column.name]) in (int, float):
            with suppress(ValueError, InvalidOperation):
                found[column.name] = amount(cells[column.name])
    return found


def _plain(schema: pa.Schema) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    """By column, whether a value is what the column gives back; where this is not sure, the loader decides."""
    kinds = {pa.int64(): int, pa.bool_(): bool, pa.date32(): date, AMOUNT: Decimal}
    for field in schema:
        if pa.types.is_string(field.type):
            yield field.name, _text
        elif pa.types.is_floating(field.type):
            yield field.name, lambda value: value is None or (type(value) is float and math.isfinite(value))
        elif field.type == LIST:
            yield field.name, _texts
        elif field.name != ROW:
            yield field.name, partial(_is, kinds.get(field.type))


def _text(value: Any) -> bool:
    return value is None or (type(value) is str and value.isprintable())


def _texts(value: Any) -> bool:
    return value is None or (type(value) is list and all(one and _text(one) for one in value))


def _is(kind: type | None, value: Any) -> bool:
    return value is None or type(value) is kind


def _cell(table: str, number: int, name: str, value: Any) -> pa.Array:
    try:
        return pa.array([value])
    except pa.ArrowException:
        raise fault(table, number, name, "这一格的值不能识别") from None


def _aligned(found: pa.Table, columns: pa.Schema, table: str, number: int) -> pa.Table:
    """With the types of the table's columns; a column without any value takes what comes."""
    arrays = []
    for name in columns.names:
        wanted = columns.field(name).type
        if name not in found.column_names:
            raise fault(table, number, name, "这一格的值不能识别")
        values = found[name].combine_chunks()
        if values.type != wanted and not pa.types.is_null(wanted):
            if not (
                pa.types.is_null(values.type) or (pa.types.is_integer(values.type) and pa.types.is_floating(wanted))
            ):
                raise fault(table, number, name, f"应是{said(wanted)}，这里是{said(values.type)}")
            values = values.cast(wanted)
        arrays.append(values)
    return pa.table(arrays, names=columns.names)
