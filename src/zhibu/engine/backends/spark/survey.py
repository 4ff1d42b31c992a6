"""What no task can see in its own rows: repeated event ids, histories that overlap, and which columns hold anything.

The last decides how rules are tied to facts. Specimens answer it: for every column that rules read a row that has a
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
from zhibu.engine.backends.spark.whole import rejections, rows
from zhibu.engine.errors import Fault, Place
from zhibu.engine.facts import ROW, SHAPES
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.columns import convert
from zhibu.engine.facts.rejections import Rejections, of
from zhibu.engine.facts.rows import HISTORIES, REPEATED, overlaps
from zhibu.engine.facts.shape import DAY

IDS = pa.schema([("event_id", pa.string()), (ROW, pa.int64())])
FAULTS = pa.schema([("file", pa.string()), ("line", pa.int64()), ("column", pa.string()), ("wrong", pa.string())])


def refused(sifted: Any) -> Rejections:
    """The rows that the tasks refused."""
    return rejections(sifted)


def repeated(sifted: Any) -> Rejections:
    """Good events whose id an earlier good one has."""
    from pyspark.sql import functions

    events = rows(sifted, "events", IDS).distinct()  # an event of three subjects came three times
    ends = (functions.min(ROW).alias("first"), functions.max(ROW).alias("last"))
    firsts = events.groupBy("event_id").agg(*ends).where("first < last")
    found = events.join(firsts, "event_id").where(functions.col(ROW) > functions.col("first")).toArrow()
    return of("events", plain(found[ROW]), plain(found["event_id"]), "event_id", REPEATED)


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


def specimens(sifted: Any, dropped: frozenset[int], dated: frozenset[tuple[str, str]]) -> dict[str, pa.Table]:
    """A few good rows of every stored table that has any. `dated`: columns that a rule asks for dates."""
    found = sifted.where("`table` <> 'rejected'").mapInArrow(_telling(dropped, dated), SQL).toArrow()
    return {table: _once(own) for table, own in gathered(found.to_batches()).items()}


def _once(own: pa.Table) -> pa.Table:
    _, places = np.unique(own[ROW].to_numpy(), return_index=True)
    return own.take(pa.array(places))


def _telling(
    dropped: frozenset[int], dated: frozenset[tuple[str, str]]
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    def task(batches: Batches) -> Iterator[pa.RecordBatch]:
        known: dict[str, set[str]] = {}
        for table, own in (found for one in batches for found in gathered([one]).items()):
            kept = without(own, dropped) if table == "events" else own
            asked = {column for name, column in dated if name == table}
            witnesses = _witnesses(kept, asked, known.setdefault(table, set()))
            yield from made(packed(0, table, kept.take(pa.array(witnesses, pa.int64()))))

    return task


def _witnesses(own: pa.Table, dated: set[str], known: set[str]) -> list[int]:
    """Row indices that answer what binding asks of every column, for questions not in `known` yet.

    Rules refuse rows column by column in the order of names (retype.fit). So a witness must be whole in the columns
    before its own; and, as to whether anything is left in the end, in all columns.
    """
    found, whole = set(), np.ones(len(own), bool)
    filled = {}
    for name in sorted(own.column_names):
        values = plain(own[name])
        filled[name] = pc.is_valid(values).to_numpy(False)
        found |= _first(f"{name} has a value", filled[name] & whole, known)
        if name in dated and pa.types.is_string(values.type):
            reads = pc.is_valid(convert(values, DAY)[0]).to_numpy(False)
            found |= _first(f"{name} has a day", reads & whole, known)
            whole &= reads | ~filled[name]
        elif pa.types.is_floating(values.type):
            whole &= ~np.isinf(values.to_numpy(zero_copy_only=False))
    for name, has in filled.items():
        found |= _first(f"{name} keeps a value", has & whole, known)
    return sorted(found)


def _first(question: str, answers: np.typing.NDArray[np.bool_], known: set[str]) -> set[int]:
    if question in known or not answers.any():
        return set()
    known.add(question)
    return {int(answers.argmax())}
