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

import pyarrow as pa

from zhibu.engine.backends.spark.parcels import SQL, addressed, frame, packed
from zhibu.engine.backends.spark.parcels import batches as made
from zhibu.engine.backends.spark.reading import Opened, Stored, numbered, opened, quoted
from zhibu.engine.backends.spark.shelf import Shelf
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts import ROW, SHAPES, Facts, Rejected, files
from zhibu.engine.facts.load import Loader, Source, checked
from zhibu.engine.facts.rejections import Rejections, gathered
from zhibu.engine.facts.shape import Shape
from zhibu.engine.results import REJECTED
from zhibu.engine.uses import Use

CHUNK = 500_000  # rows sifted at a time
HERE = "organisations"  # the table that comes to the driver
Batches = Iterable[pa.RecordBatch]


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
    found = {shape.name: _tried(spark, shelf, shape) for shape in SHAPES.values()}
    stored = numbered({table: one for table, one in found.items() if isinstance(one, Opened)})
    loader = Loader()
    for shape in SHAPES.values():
        loader.keep(shape, partial(_source, found[shape.name], stored.pop(HERE, None) if shape.name == HERE else None))
    return Intake(spark, loader.facts(), stored)


def _tried(spark: Any, shelf: Shelf, shape: Shape) -> Opened | Source | EngineError | None:
    try:
        if (path := shelf.find(shape)) is None:
            return None
        return _comma(path, shape) if path.endswith(".csv") else opened(spark, shelf.parts(path), path)
    except EngineError as error:
        return error


def _comma(path: str, shape: Shape) -> Source:
    if not Path(path).is_file():
        raise files.fault(path, "CSV 只能从本机的文件夹读", "集群上的事实请用 Parquet")
    table, rejected = files.comma(Path(path), shape)
    return path, table, gathered(rejected), True


def _source(found: Opened | Source | EngineError | None, whole: Stored | None) -> Source | None:
    """What the loader checks: a table that comes to the driver, or the columns of one that does not."""
    if isinstance(found, EngineError):
        raise found
    if not isinstance(found, Opened):
        return found
    rows = whole.frame.toArrow().sort_by(ROW) if whole else found.schema.empty_table()
    return found.path, rows, Rejections(), False


# --- in the tasks -------------------------------------------------------------------------------------------


def parcels(intake: Intake, uses: Iterable[Use], parts: int) -> Any:
    """All stored tables, sifted by the tasks that read them: good rows addressed to their parts, bad ones told."""
    used = {(use.table, use.column) for use in uses}
    found = frame(intake.spark, ())
    for table, stored in intake.stored.items():
        fixed = {column.name for column in SHAPES[table].columns} | {ROW}
        wanted = [name for name in stored.frame.columns if name in fixed or (table, name) in used]
        rows, file = stored.frame.select(*map(quoted, wanted)), intake.facts.files[table]
        _refuse_times(Opened(file, rows).schema, table, file, fixed)
        found = found.union(rows.mapInArrow(sift(SHAPES[table], file, parts), SQL))
    return found


def _refuse_times(schema: pa.Schema, table: str, file: str, fixed: set[str]) -> None:
    """Times have a zone that Spark does not hand on, and whether they are days only the whole column knows."""
    faults = [
        Fault(
            Place(file, 1, one.name),
            f"表 {table} 的列“{one.name}”是时间，集群上不能读",
            "请先转成日期类型（date）",
        )
        for one in schema
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
