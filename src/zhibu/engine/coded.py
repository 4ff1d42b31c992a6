"""Text columns as codes in the order in which the texts first appear, however a column was given.

What Parquet would find out again by looking at every text. Equal columns give equal codes, whole texts or codes of any
other order, in one piece or many: so the same rows are the same bytes in a file.
"""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

CODES = pa.dictionary(pa.int32(), pa.string())
Places = npt.NDArray[np.int32]


def schema_of(schema: pa.Schema) -> pa.Schema:
    """Text as codes. Readers of the file are told the types of `schema`."""
    told = {b"ARROW:schema": base64.b64encode(schema.serialize().to_pybytes())}
    fields = [field.with_type(CODES) if field.type == pa.string() else field for field in schema]
    return pa.schema(fields, metadata=told)


def coded(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the types of `schema_of`, its codes as they are."""
    columns = [
        column.dictionary_encode() if field.type == CODES and column.type != CODES else column
        for column, field in zip(table.itercolumns(), schema, strict=True)
    ]
    return pa.table(columns, schema=schema)


def ordered(table: pa.Table) -> pa.Table:
    """A coded table in one piece, each column with the codes this module is about."""
    columns = [_codes(column) if column.type == CODES else column.combine_chunks() for column in table.itercolumns()]
    return pa.table(columns, schema=table.schema)


def plain(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with whole texts again."""
    return table if table.schema == schema else table.cast(schema)


def _codes(column: pa.ChunkedArray) -> pa.DictionaryArray:
    words, codes, base = [pa.array([], pa.string())], [np.zeros(0, np.int32)], 0
    for chunk in column.iterchunks():
        own, places = _first_seen(chunk)
        words.append(own)
        codes.append(places + np.int32(base) if base else places)
        base += len(own)
    every = pa.concat_arrays(words).dictionary_encode()
    places = np.concatenate(codes)
    mask = np.asarray(column.is_null()) if column.null_count else None
    if mask is not None:
        places = np.where(mask, np.int32(0), places)
    if len(every.dictionary) < base:  # chunks have texts in common
        places = every.indices.to_numpy()[places]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=mask), every.dictionary)


def _first_seen(chunk: pa.DictionaryArray) -> tuple[pa.Array, Places]:
    """The texts of a chunk as they first appear, and the place of each row's among them; any place where it is null."""
    seen = pc.unique(chunk.indices).drop_null()
    place = np.zeros(len(chunk.dictionary) + 1, np.int32)
    place[seen.to_numpy()] = np.arange(len(seen), dtype=np.int32)
    codes = chunk.indices.fill_null(0) if chunk.null_count else chunk.indices
    return chunk.dictionary.take(seen), place[codes.to_numpy()]
