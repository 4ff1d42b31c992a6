"""Types of extra columns: as they come, reduced to a few; a CSV's are text until a rule asks for something else."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts.cells import Bad, mended, plain
from zhibu.engine.facts.columns import TIMED, days, lists
from zhibu.engine.facts.shape import DAY, LIST, TEXT, WHOLE


def reduce(column: pa.Array) -> pa.Array | None:
    """A Parquet or Arrow column as one of the types `Facts` names; None for a type no test can use."""
    return reduced(column)[0]


def reduced(column: pa.Array) -> tuple[pa.Array | None, Bad]:
    """The same, with the cells nobody can read: they are null, and reject their row when a rule reads the column."""
    column = plain(column)
    kind = column.type
    if is_.is_string(kind):
        return mended(column)
    if is_.is_boolean(kind) or is_.is_null(kind):
        return column, {}
    if is_.is_integer(kind):
        return column.cast(pa.float64() if is_.is_uint64(kind) else WHOLE), {}
    if is_.is_floating(kind) or is_.is_decimal(kind):
        floats = column.cast(pa.float64())
        return pc.if_else(pc.is_nan(floats), pa.scalar(None, pa.float64()), floats), {}
    if is_.is_date(kind) or is_.is_timestamp(kind):
        return _days(column)
    if is_.is_list(kind) or is_.is_large_list(kind):
        return _list(column)
    return None, {}


def _days(column: pa.Array) -> tuple[pa.Array | None, Bad]:
    """Days where all are days without a time; moments are text."""
    try:
        dates, bad = days(column)
    except TypeError:
        return None, {}
    return (column.cast(TEXT), {}) if TIMED in bad else (dates, bad)


def _list(column: pa.Array) -> tuple[pa.Array | None, Bad]:
    try:
        return lists(column)
    except TypeError:
        return None, {}


def is_number(column_type: pa.DataType) -> bool:
    return bool(is_.is_integer(column_type) or is_.is_floating(column_type) or is_.is_decimal(column_type))


def kind(column_type: pa.DataType) -> str:
    """The family of a column, deciding which tests make sense: text, number, day, flag, list or null."""
    if is_number(column_type):
        return "number"
    families = {TEXT: "text", DAY: "day", pa.bool_(): "flag", LIST: "list", pa.null(): "null"}
    return families[column_type]
