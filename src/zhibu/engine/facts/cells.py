"""Raw columns made plain, and converted cell by cell; a cell that cannot be is reported by its index, becomes null."""

from __future__ import annotations

from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts.shape import TEXT

Bad = dict[int, str]


def plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One chunk, no dictionary, ordinary text."""
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()  # which copies even one
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if is_.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_.is_large_string(column.type) or is_.is_string_view(column.type):
        column = column.cast(TEXT)
    return _widened(column) if is_.is_float16(column.type) or is_.is_float32(column.type) else column


def _widened(column: pa.Array) -> pa.Array:
    """Short floats as doubles of the same shortest decimal: 0.1 stays 0.1."""
    values, places = np.unique(column.to_numpy(zero_copy_only=False), return_inverse=True)
    doubles = np.array([float(str(value)) for value in values], np.float64)
    return pc.if_else(pc.is_valid(column), pa.array(doubles[places]), pa.scalar(None, pa.float64()))


def each(column: pa.Array, wanted: pa.DataType, make: Callable[[Any], Any], reason: str) -> tuple[pa.Array, Bad]:
    """Converts each distinct value once."""
    encoded = column.dictionary_encode()
    made, wrong = [], set()
    for place, value in enumerate(encoded.dictionary.to_pylist()):
        try:
            made.append(None if value is None else make(value))
        except (ValueError, KeyError, InvalidOperation):
            made.append(None)
            wrong.add(place)
    found = pa.array(made, wanted).take(encoded.indices)
    bad = {row: reason for row, place in enumerate(encoded.indices.to_pylist()) if place in wrong} if wrong else {}
    return found, bad


def without(column: pa.Array, bad: Bad) -> pa.Array:
    if not bad:
        return column
    mask = np.zeros(len(column), bool)
    mask[list(bad)] = True
    return pc.if_else(pa.array(mask), pa.scalar(None, column.type), column)
