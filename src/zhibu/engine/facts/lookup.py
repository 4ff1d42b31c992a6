"""Where in Parquet files an id stands, by DuckDB: it looks into statistics, Bloom filters, dictionaries. Serves speed.

210 million events took it 0.3 s of CPU; reading the column row group by row group took pyarrow 7 s (one machine, one
run). It only finds row numbers: rows are read by pyarrow, so that they have the types of a full load.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as is_

Numbers = npt.NDArray[np.int64]
FOUND = """
SELECT filename, file_row_number FROM read_parquet(?, filename = true, file_row_number = true)
WHERE "{column}" IN (SELECT unnest(?))
"""


def numbers(parts: list[Path], schemas: list[pa.Schema], column: str, values: list[str]) -> Numbers | None:
    """The row numbers in the table (from 1, ascending) of the rows whose `column` is one of the values.

    None where DuckDB could read something else than we do: other types, columns that differ by case only, parts of
    different shape, names that it takes for patterns, files that it cannot read.
    """
    if not all(_plainly(schema, column) for schema in schemas) or len({str(schema) for schema in schemas}) > 1:
        return None
    if any(mark in str(part) for part in parts for mark in "*?[{"):
        return None
    import duckdb

    first = np.cumsum([0, *(pq.read_metadata(part).num_rows for part in parts)])
    offsets = dict(zip(map(str, parts), first[:-1] + 1, strict=True))
    try:
        with duckdb.connect(":memory:") as database:
            found = database.execute(FOUND.format(column=column), [list(offsets), values]).fetchall()
        return np.sort(np.array([offsets[name] + row for name, row in found], np.int64))
    except (duckdb.Error, KeyError):
        return None


def _plainly(schema: pa.Schema, column: str) -> bool:
    kind, names = schema.field(column).type, [name.casefold() for name in schema.names]
    if is_.is_dictionary(kind):
        kind = kind.value_type
    text = is_.is_string(kind) or is_.is_large_string(kind)
    return text and len(set(names)) == len(names) and "filename" not in names and "file_row_number" not in names
