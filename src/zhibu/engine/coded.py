"""Text columns as codes in the order in which the texts first appear, however a column was given.

What Parquet would find out again by looking at every text. Equal columns give equal codes, whole texts or codes of any
other order, in one piece or many: so the same rows are the same bytes in a file.
"""

from __future__ import annotations

import base64

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

CODES = pa.dictionary(pa.int32(), pa.string())


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
        codes.append(np.where(places < 0, -1, places + base).astype(np.int32))
        base += len(own)
    every = pa.concat_arrays(words).dictionary_encode()
    places = np.append(every.indices.to_numpy(), np.int32(-1))[np.concatenate(codes)]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=places < 0), every.dictionary)


def _first_seen(chunk: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts of a chunk as they first appear, and the place of each row's among them; -1 is null."""
    seen = pc.unique(chunk.indices).drop_null()
    place = np.empty(len(chunk.dictionary) + 1, np.int32)
    place[-1] = -1
    place[seen.to_numpy()] = np.arange(len(seen), dtype=np.int32)
    return chunk.dictionary.take(seen), place[np.asarray(pc.fill_null(chunk.indices, -1))]
