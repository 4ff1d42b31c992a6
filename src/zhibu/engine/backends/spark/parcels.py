"""Parcels: rows of a table as one piece of bytes, addressed to a part of the subjects. Serves speed.

Spark carries parcels and never opens them, so the columns stay Arrow with their exact types and the Java side
makes no rows of them. A part is a share of the subjects, by their ids: all that one subject's verdicts are read from
has the same address. An event may have three subjects and go to as many parts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhibu.engine.facts.cells import plain

SCHEMA = pa.schema([("part", pa.int32()), ("table", pa.string()), ("rows", pa.binary())])
SQL = "part int, `table` string, `rows` binary"  # the same to Spark
LARGEST = 100_000  # rows of a parcel

# Whose part a row belongs to.
KEYS = {
    "organisations": ("org_id",),
    "people": ("person_id",),
    "units": ("unit_id",),
    "events": ("org_id", "person_id", "unit_id"),
    "waivers": ("subject_id",),
    "adjustments": ("subject_id",),
}

Places = npt.NDArray[np.int64]


def place(identities: pa.ChunkedArray, parts: int) -> Places:
    """The part of every id, the same on every machine; -1 for null."""
    encoded = plain(identities).dictionary_encode()
    places = [zlib.crc32(one.encode()) % parts for one in encoded.dictionary.to_pylist()]
    found: Places = np.array([*places, -1], np.int64)[encoded.indices.fill_null(-1).to_numpy()]
    return found


def addressed(table: str, rows: pa.Table, parts: int) -> Iterator[tuple[int, pa.Table]]:
    """The rows of a table of facts by part, each row once in a part. One without a subject goes to part 0."""
    places = [place(rows[key], parts) for key in KEYS[table]]
    lost = np.flatnonzero(np.max(places, axis=0) < 0) if places[0].size else np.array([], np.int64)
    numbers = np.arange(len(rows))
    pairs = [at[at >= 0] * len(rows) + numbers[at >= 0] for at in places]
    yield from shared(np.unique(np.concatenate([*pairs, lost])), rows)


def shared(pairs: Places, rows: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """Sorted numbers part × len(rows) + row, as the rows of every part."""
    if not len(pairs):
        return
    parts, numbers = np.divmod(pairs, len(rows))
    ends = np.flatnonzero(np.diff(parts)) + 1
    for part, own in zip(parts[np.r_[0, ends]], np.split(numbers, ends), strict=True):
        yield int(part), rows.take(pa.array(own))


def packed(part: int, table: str, rows: pa.Table) -> Iterator[dict[str, Any]]:
    """The parcels of some rows of a table."""
    for start in range(0, len(rows), LARGEST):
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_stream(sink, rows.schema, options=options) as stream:
            stream.write_table(rows.slice(start, LARGEST).combine_chunks())
        yield {"part": part, "table": table, "rows": sink.getvalue().to_pybytes()}


def opened(rows: pa.Scalar) -> pa.Table:
    return pa.ipc.open_stream(rows.as_buffer()).read_all()


def batches(parcels: Iterable[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    """One by one, for a batch may not grow beyond 2 GB."""
    return (pa.RecordBatch.from_pylist([parcel], SCHEMA) for parcel in parcels)


def frame(spark: Any, parcels: Iterable[dict[str, Any]]) -> Any:
    """Parcels of this process, as Spark has them."""
    return handed(spark, pa.Table.from_pylist(list(parcels), SCHEMA))


def handed(spark: Any, table: pa.Table) -> Any:
    """A table of this process, as Spark has it. After two empty batches Spark 4.3 would see no more of it."""
    return spark.createDataFrame(pa.Table.from_batches([one for one in table.to_batches() if len(one)], table.schema))


def gathered(batches: Iterable[pa.RecordBatch]) -> dict[str, pa.Table]:
    """The tables in some parcels, by name."""
    found: dict[str, list[pa.Table]] = {}
    for one in batches:
        for table, rows in zip(one["table"].to_pylist(), one["rows"], strict=True):
            found.setdefault(table, []).append(opened(rows))
    return {table: pa.concat_tables(pieces) for table, pieces in found.items()}
