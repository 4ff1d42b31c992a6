"""What no task can see in its own rows: repeated event ids, histories that overlap, and which columns hold anything.

The last decides how rules are tied to facts. Specimens answer it: for every column that rules read one row that has a
value, and one whose text reads as a date. Bound to them, rules are bound to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.backends.spark.intake import Batches, Intake
from zhibu.engine.backends.spark.judge import without
from zhibu.engine.backends.spark.parcels import SQL, gathered, packed
from zhibu.engine.backends.spark.parcels import batches as made
from zhibu.engine.backends.spark.whole import rows
from zhibu.engine.errors import Fault, Place
from zhibu.engine.facts import ROW, SHAPES, Rejected
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.columns import convert
from zhibu.engine.facts.rows import HISTORIES, REPEATED, overlaps
from zhibu.engine.facts.shape import DAY
from zhibu.engine.results import REJECTED

IDS = pa.schema([("event_id", pa.string()), (ROW, pa.int64())])
FAULTS = pa.schema([("file", pa.string()), ("line", pa.int64()), ("column", pa.string()), ("wrong", pa.string())])


def refused(sifted: Any) -> list[Rejected]:
    """The rows that the tasks refused."""
    return [Rejected(**row) for row in rows(sifted, "rejected", REJECTED).toArrow().to_pylist()]


def repeated(sifted: Any) -> list[Rejected]:
    """Good events whose id an earlier good one has."""
    from pyspark.sql import functions

    events = rows(sifted, "events", IDS).distinct()  # an event of three subjects came three times
    firsts = events.groupBy("event_id").agg(functions.min(ROW).alias("first"), functions.max(ROW).alias("last"))
    later = events.join(firsts.where("first < last"), "event_id").where(functions.col(ROW) > functions.col("first"))
    found = later.select("event_id", ROW).toArrow().to_pylist()
    return [Rejected("events", row[ROW], row["event_id"], "event_id", REPEATED) for row in found]


def overlapping(sifted: Any, intake: Intake, parts: int) -> list[Fault]:
    from pyspark.sql import functions

    tables = [table for table in HISTORIES if table in intake.stored]
    if not tables:
        return []
    together = sifted.where(functions.col("table").isin(tables)).repartitionById(parts, "part")
    files = {table: intake.facts.files[table] for table in tables}
    found = rows(together.mapInArrow(_met(files), SQL), "faults", FAULTS).toArrow().to_pylist()
    return [Fault(Place(row["file"], row["line"], row["column"]), *row["wrong"].split("\n")) for row in found]


def _met(files: dict[str, str]) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    def task(batches: Batches) -> Iterator[pa.RecordBatch]:
        for table, own in gathered(batches).items():
            faults = overlaps(SHAPES[table], own, files[table])
            told = [(*_at(fault.place), f"{fault.wrong}\n{fault.right}") for fault in faults]
            columns = list(zip(*told, strict=True)) if told else [()] * len(FAULTS)
            yield from made(packed(0, "faults", pa.table(list(map(list, columns)), schema=FAULTS)))

    return task


def _at(place: Place) -> tuple[str, int, str]:
    return place.file, place.line, place.column


def specimens(sifted: Any, dropped: frozenset[int]) -> dict[str, pa.Table]:
    """A few good rows of every stored table that has any."""
    found = sifted.where("`table` <> 'rejected'").mapInArrow(_telling(dropped), SQL).toArrow()
    return {table: _once(own) for table, own in gathered(found.to_batches()).items()}


def _once(own: pa.Table) -> pa.Table:
    _, places = np.unique(own[ROW].to_numpy(), return_index=True)
    return own.take(pa.array(places))


def _telling(dropped: frozenset[int]) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    def task(batches: Batches) -> Iterator[pa.RecordBatch]:
        known: dict[str, set[str]] = {}
        for table, own in (found for one in batches for found in gathered([one]).items()):
            kept = without(own, dropped) if table == "events" else own
            witnesses = _witnesses(kept, known.setdefault(table, set()))
            yield from made(packed(0, table, kept.take(pa.array(witnesses, pa.int64()))))

    return task


def _witnesses(own: pa.Table, known: set[str]) -> list[int]:
    """Row indices: for every column a value, for every column of text one that reads as a date; `known` ones are not
    looked for again."""
    found = set()
    for name, column in zip(own.column_names, own.columns, strict=True):
        values = plain(column) if not {name, f"{name} as a day"} <= known else pa.nulls(0)
        asked = {name: values}
        if pa.types.is_string(values.type):
            asked[f"{name} as a day"] = convert(values, DAY)[0]
        for question in asked.keys() - known:
            row = pc.index(pc.is_valid(asked[question]), True).as_py()
            if row >= 0:
                known.add(question)
                found.add(row)
    return sorted(found)
