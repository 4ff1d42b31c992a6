"""Parquet on storage as Spark sees it, with the number of every row. No row of it comes to the driver here.

Files of one table may differ as those of other backends may: a column that only some have, that is wider in some, or
that is empty in some and was written without a type (which Spark takes for whole numbers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from zhibu.engine.backends.spark.session import brief
from zhibu.engine.facts import ROW, files
from zhibu.engine.facts.shape import DAY, LIST, Shape


@dataclass(frozen=True, slots=True)
class Opened:
    """Files of a table that can be read. `frames`: of files that are alike, with the columns to take from them."""

    path: str
    frames: tuple[tuple[Any, list[Any]], ...]
    schema: pa.Schema


@dataclass(frozen=True, slots=True)
class Stored:
    """A table on storage: a DataFrame with `#row`, its columns, and how many rows it has."""

    frame: Any
    schema: pa.Schema
    rows: int


def opened(spark: Any, parts: list[str], shape: Shape, path: str) -> Opened:
    """Raises EngineError for what Spark cannot read."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        return _alike(_frames(spark, parts), shape, path)
    except (Py4JError, PySparkException) as error:
        wrong = "Spark 读不了这个 Parquet 文件"
        raise files.fault(path, wrong, f"请重新导出，日期用日期类型（{brief(error)}）") from error
    except pa.ArrowException as error:
        raise files.fault(path, "几个文件的列类型不一致", f"请按同样的类型重新导出（{brief(error)}）") from error


def _frames(spark: Any, parts: list[str]) -> list[Any]:
    """All files as one where Spark can merge their columns, else each by itself."""
    from py4j.protocol import Py4JError

    try:
        return [spark.read.option("mergeSchema", str(len(parts) > 1)).parquet(*parts)]
    except Py4JError as error:
        if len(parts) == 1 or "CANNOT_MERGE" not in str(error):
            raise
        return [spark.read.parquet(part) for part in parts]


def _alike(frames: list[Any], shape: Shape, path: str) -> Opened:
    from pyspark.sql.pandas.types import to_arrow_schema

    found = [_without_row(to_arrow_schema(frame.schema, timezone="UTC")) for frame in frames]
    schemas = [_emptied(frame, own, _other(own, found, shape)) for frame, own in zip(frames, found, strict=True)]
    whole = pa.unify_schemas(schemas, promote_options="permissive")
    whole = pa.schema(pa.field(one.name, _type(one, shape)) for one in whole)
    taken = ((frame, list(_columns(own, whole))) for frame, own in zip(frames, schemas, strict=True))
    return Opened(path, tuple(taken), whole.append(pa.field(ROW, pa.int64())))


def _without_row(schema: pa.Schema) -> pa.Schema:
    return pa.schema(field for field in schema if field.name != ROW)


def _other(own: pa.Schema, all_of_them: list[pa.Schema], shape: Shape) -> list[str]:
    """Columns of whole numbers that are, or ought to be, something else."""
    fixed = {column.name: column.type for column in shape.columns}
    return [
        field.name
        for field in own
        if field.type == pa.int32()
        and (
            fixed.get(field.name) in (DAY, LIST)
            or any(field.name in one.names and not _number(one.field(field.name).type) for one in all_of_them)
        )
    ]


def _number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _emptied(frame: Any, schema: pa.Schema, doubtful: list[str]) -> pa.Schema:
    """Those of the doubtful columns that hold nothing are of no type."""
    from pyspark.sql import functions

    if not doubtful:
        return schema
    counts = frame.agg(*(functions.count(quoted(name)) for name in doubtful)).first()
    for name in (name for name, count in zip(doubtful, counts, strict=True) if count == 0):
        schema = schema.set(schema.names.index(name), pa.field(name, pa.null()))
    return schema


def _type(field: pa.Field, shape: Shape) -> pa.DataType:
    fixed = {column.name: column.type for column in shape.columns}
    return fixed[field.name] if pa.types.is_null(field.type) else field.type


def _columns(own: pa.Schema, whole: pa.Schema) -> Iterator[Any]:
    from pyspark.sql import functions
    from pyspark.sql.pandas.types import from_arrow_type

    for field in whole:
        known = field.name in own.names and not pa.types.is_null(own.field(field.name).type)
        column = functions.col(quoted(field.name)) if known else functions.lit(None)
        same = known and own.field(field.name).type == field.type
        yield column if same else column.cast(from_arrow_type(field.type)).alias(field.name)


def numbered(tables: dict[str, Opened]) -> dict[str, Stored]:
    """Rows counted from 1 over the files of a table in name order."""
    from pyspark.sql import functions

    if not tables:
        return {}
    name = functions.col("_metadata.file_name").alias("file")
    every = [(table, frame) for table, one in tables.items() for frame, _ in one.frames]
    names = [frame.select(functions.lit(table).alias("table"), name) for table, frame in every]
    counts: dict[str, dict[str, int]] = {table: {} for table in tables}
    for table, file, rows in union(names).groupBy("table", "file").count().collect():
        counts[table][file] = rows
    return {
        table: Stored(_numbered(one, counts[table]), one.schema, sum(counts[table].values()))
        for table, one in tables.items()
    }


def _numbered(one: Opened, counts: dict[str, int]) -> Any:
    from pyspark.sql import functions

    index, before, starts = functions.col("_metadata.row_index") + 1, 0, []
    for file in sorted(counts, key=unquote):
        starts.append((file, before))
        before += counts[file]
    if len(starts) < 2:
        return union([frame.select(*columns, index.alias(ROW)) for frame, columns in one.frames])
    name = functions.col("_metadata.file_name").alias("#file")
    located = union([frame.select(*columns, name, index.alias("#index")) for frame, columns in one.frames])
    known = located.sparkSession.createDataFrame(starts, "`#file` string, `#before` bigint")
    joined = located.join(functions.broadcast(known), "#file")
    return joined.select(*map(quoted, one.schema.names[:-1]), functions.expr("`#before` + `#index`").alias(ROW))


def union(frames: list[Any]) -> Any:
    return reduce(lambda one, two: one.union(two), frames)


def quoted(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"
