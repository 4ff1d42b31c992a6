"""Raw columns made plain, and converted cell by cell; a cell that cannot be is reported by its index, becomes null."""

from __future__ import annotations

from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts.shape import TEXT

Bad = dict[str, npt.NDArray[np.int64]]  # reason → indices of the rows, ascending
BROKEN = "文字不是 UTF-8 编码"


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
    places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return found, told(np.isin(places, list(wrong)), reason) if wrong else {}


def told(mask: npt.NDArray[np.bool_], reason: str) -> Bad:
    """The rows of a mask, all for one reason; nothing when there are none."""
    rows = np.flatnonzero(mask)
    return {reason: rows} if len(rows) else {}


def rows_of(bad: Bad) -> npt.NDArray[np.int64]:
    """The rows of all reasons, ascending."""
    return np.unique(np.concatenate([*bad.values(), np.empty(0, np.int64)])).astype(np.int64)


def without(column: pa.Array, bad: Bad) -> pa.Array:
    if not bad:
        return column
    mask = np.zeros(len(column), bool)
    mask[rows_of(bad)] = True
    return pc.if_else(pa.array(mask), pa.scalar(None, column.type), column)


def sound(column: pa.Array | pa.ChunkedArray) -> bool:
    """All text is UTF-8. Parquet promises it; a file that breaks the promise is found out here, not later."""
    try:
        column.validate(full=True)
    except pa.ArrowException:
        return False
    return True


def mended(column: pa.Array) -> tuple[pa.Array, Bad]:
    """A plain column whose text is text: a cell that is not UTF-8, or a list with such a member, becomes null."""
    if sound(column):
        return column, {}
    texts = column if is_.is_string(column.type) else pc.list_flatten(column)
    wrong = [at for at, value in enumerate(texts.cast(pa.binary()).to_pylist()) if value and not _decodes(value)]
    if texts is not column:
        wrong = sorted(set(pc.list_parent_indices(column).take(pa.array(wrong, pa.int64())).to_pylist()))
    mask = np.zeros(len(column), bool)
    mask[wrong] = True
    kept = column.filter(pa.array(~mask))
    places = np.where(mask, -1, np.cumsum(~mask) - 1)
    return kept.take(pa.array(places, mask=mask)), told(mask, BROKEN)


def _decodes(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
