"""Facts on storage: opened by the driver as schemas, read and sifted by the tasks.

Organisations, of which there are few against their events, come to the driver whole, for the tree; so does what is
CSV. Of the other tables the driver sees no row that is good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from zhibu.engine.backends.spark.parcels import SQL, addressed, frame, packed
from zhibu.engine.backends.spark.parcels import batches as made
from zhibu.engine.backends.spark.session import brief
from zhibu.engine.backends.spark.shelf import Shelf
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts import ROW, SHAPES, Facts, Rejected, files
from zhibu.engine.facts.load import Loader, Source, checked
from zhibu.engine.facts.shape import Shape
from zhibu.engine.results import REJECTED
from zhibu.engine.uses import Use

CHUNK = 500_000  # rows sifted at a time
HERE = "organisations"  # the table that comes to the driver
Batches = Iterable[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Stored:
    """A table on storage: a DataFrame with `#row`, and how many rows it has."""

    frame: Any
    rows: int


@dataclass(frozen=True, slots=True)
class Intake:
    """`facts`: tables at the driver whole, tables on storage without rows. `stored`: the files of the latter."""

    spark: Any
    facts: Facts
    stored: dict[str, Stored]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(map(len, self.facts.tables.values())) + sum(one.rows for one in self.stored.values())


def open_facts(spark: Any, folder: str) -> Intake:
    """The facts of a folder that all workers see. Raises EngineError for a missing table or column, and for what
    Spark cannot read."""
    shelf = Shelf(spark, folder)
    if not shelf.is_folder():
        raise files.fault(folder, "事实文件夹不存在", "请检查 --facts 的路径")
    loader, stored = Loader(), dict[str, Stored]()
    for shape in SHAPES.values():
        loader.keep(shape, partial(_source, spark, shelf, shape, stored))
    return Intake(spark, loader.facts(), stored)


def _source(spark: Any, shelf: Shelf, shape: Shape, stored: dict[str, Stored]) -> Source | None:
    path = shelf.find(shape)
    if path is None:
        return None
    if path.endswith(".csv"):
        if not Path(path).is_file():
            raise files.fault(path, "CSV 只能从本机的文件夹读", "集群上的事实请用 Parquet")
        table, rejected = files.comma(Path(path), shape)
        return path, table, rejected, True
    found = _numbered(_opened(spark, shelf.parts(path), path))
    if shape.name == HERE:
        return path, found.frame.toArrow().sort_by(ROW), [], False
    stored[shape.name] = found
    return path, arrow_schema(found.frame).empty_table(), [], False


def _opened(spark: Any, parts: list[str], path: str) -> Any:
    from pyspark.errors import PySparkException

    try:
        return spark.read.option("mergeSchema", "true").parquet(*parts)
    except PySparkException as error:
        wrong = "Spark 读不了这个 Parquet 文件"
        raise files.fault(path, wrong, f"请重新导出，日期用日期类型（{brief(error)}）") from error


def _numbered(frame: Any) -> Stored:
    """With `#row`: counted from 1 over the files in name order."""
    from pyspark.sql import functions

    spark = frame.sparkSession
    name = functions.col("_metadata.file_name")
    counts = frame.groupBy(name.alias("file")).agg(functions.count("*").alias("rows")).collect()
    before, starts = 0, []
    for file, rows in sorted((tuple(row) for row in counts), key=lambda row: unquote(row[0])):
        starts.append((file, before))
        before += rows
    starts = spark.createDataFrame(starts, "`#file` string, `#before` bigint")
    located = frame.select("*", name.alias("#file"), functions.col("_metadata.row_index").alias("#index"))
    found = located.join(functions.broadcast(starts), "#file").withColumn(
        ROW, functions.col("#before") + functions.col("#index") + 1
    )
    return Stored(found.select(*(quoted(column) for column in frame.columns if column != ROW), ROW), before)


def quoted(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"


def arrow_schema(frame: Any) -> pa.Schema:
    return frame.limit(0).toArrow().schema


# --- in the tasks -------------------------------------------------------------------------------------------


def parcels(intake: Intake, uses: Iterable[Use], parts: int) -> Any:
    """All stored tables, sifted by the tasks that read them: good rows addressed to their parts, bad ones told."""
    used = {(use.table, use.column) for use in uses}
    found = frame(intake.spark, ())
    for table, stored in intake.stored.items():
        fixed = {column.name for column in SHAPES[table].columns} | {ROW}
        wanted = [name for name in stored.frame.columns if name in fixed or (table, name) in used]
        rows, file = stored.frame.select(*map(quoted, wanted)), intake.facts.files[table]
        _refuse_times(rows, table, file, fixed)
        found = found.union(rows.mapInArrow(sift(SHAPES[table], file, parts), SQL))
    return found


def _refuse_times(rows: Any, table: str, file: str, fixed: set[str]) -> None:
    """Times have a zone that Spark does not hand on, and whether they are days only the whole column knows."""
    faults = [
        Fault(
            Place(file, 1, one.name),
            f"表 {table} 的列“{one.name}”是时间，集群上不能读",
            "请先转成日期类型（date）",
        )
        for one in arrow_schema(rows)
        if pa.types.is_timestamp(one.type) and (one.type.tz or one.name not in fixed)
    ]
    if faults:
        raise EngineError(faults)


def sift(shape: Shape, file: str, parts: int) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    return lambda batches: _sift(shape, file, parts, batches)


def _sift(shape: Shape, file: str, parts: int, batches: Batches) -> Iterator[pa.RecordBatch]:
    for chunk in _chunks(batches):
        good, bad = checked(shape, chunk.sort_by(ROW), file)
        for part, rows in addressed(shape.name, good, parts):
            yield from made(packed(part, shape.name, rows))
        yield from made(packed(0, "rejected", rejected_rows(bad)))


def _chunks(batches: Batches) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for one in batches:
        held.append(one)
        if sum(map(len, held)) >= CHUNK:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def rejected_rows(rows: Iterable[Rejected]) -> pa.Table:
    columns = {name: [getattr(row, name) for row in rows] for name in REJECTED.names}
    return pa.table(columns, schema=REJECTED)
