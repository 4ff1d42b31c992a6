"""Exact numbers in DuckDB: amounts as whole numbers of 10^-18, needs worked out by the reference. Serves exactness.

A decimal column is handed over as the whole number of its units, so that no engine decides how wide a product is.
A measure is a whole number of units too; it reaches a need exactly when it reaches the need rounded up to units.
"""

from __future__ import annotations

import math
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.conditions import exact
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.shape import AMOUNT
from zhibu.engine.measures import based, double
from zhibu.engine.rulebooks.model import Basis

SCALE = AMOUNT.scale
UNIT = 10**SCALE
LARGEST = 10**38 - 1  # what decimal(38,0) holds; no sum of measures comes near
WHOLE = pa.decimal128(38, 0)

# Millionths that a double holds exactly are divided, which rounds once; anything else goes by way of its text.
DOUBLE = """as_double(x) AS CASE
    WHEN x % 1000000000000 = 0 AND x < 9007199254740992000000000000 THEN (x // 1000000000000)::BIGINT / 1e6
    ELSE ((x // 1000000000000000000) || '.' || lpad((x % 1000000000000000000)::VARCHAR, 18, '0'))::DOUBLE END"""


def units(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A decimal column as whole numbers of its units, without a copy; others as they are."""
    if not pa.types.is_decimal(column.type):
        return column
    chunks = [pa.Array.from_buffers(WHOLE, len(one), one.buffers(), offset=one.offset) for one in column.chunks]
    return pa.chunked_array(chunks, WHOLE)


def whole(need: Fraction) -> int:
    """The units a measure must have."""
    return clamped(math.ceil(need * UNIT))


def clamped(value: int) -> int:
    """No column or measure goes beyond, so a comparison comes out the same."""
    return max(-LARGEST, min(LARGEST, value))


def needs(basis: Basis, column: pa.ChunkedArray) -> pa.Table:
    """value, need, shown for every distinct value of the basis column, as the reference computes them."""
    cells = dict.fromkeys(pc.unique(plain(column)).drop_null().to_pylist())  # 0.0 and -0.0 are one value
    found = [based(basis, exact(cell)) for cell in cells]
    columns = {
        "value": pa.array(list(cells), column.type),
        "need": pa.array(map(whole, found), WHOLE),
        "shown": pa.array(map(double, found), pa.float64()),
    }
    return pa.table(columns | {"value": units(pa.chunked_array([columns["value"]]))})
