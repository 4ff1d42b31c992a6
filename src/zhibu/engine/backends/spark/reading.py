"""Parquet on storage as Spark sees it, with the number of every row. No row of it comes to the driver here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from zhibu.engine.backends.spark.session import brief
from zhibu.engine.facts import ROW, files


@dataclass(frozen=True, slots=True)
class Opened:
    """Files of a table that can be read."""

    path: str
    frame: Any

    @property
    def schema(self) -> pa.Schema:
        """With `#row`."""
        from pyspark.sql.pandas.types import to_arrow_schema

        found = to_arrow_schema(self.frame.schema, timezone="UTC")
        fields = [field for field in found if field.name != ROW]
        return pa.schema([*fields, pa.field(ROW, pa.int64())])


@dataclass(frozen=True, slots=True)
class Stored:
    """A table on storage: a DataFrame with `#row`, and how many rows it has."""

    frame: Any
    rows: int


def opened(spark: Any, parts: list[str], path: str) -> Opened:
    """Raises EngineError for what Spark cannot read."""
    from pyspark.errors import PySparkException

    try:
        # Only one of several files need have a column, or know its type.
        return Opened(path, spark.read.option("mergeSchema", str(len(parts) > 1)).parquet(*parts))
    except PySparkException as error:
        wrong = "Spark 读不了这个 Parquet 文件"
        raise files.fault(path, wrong, f"请重新导出，日期用日期类型（{brief(error)}）") from error


def numbered(tables: dict[str, Opened]) -> dict[str, Stored]:
    """Rows counted from 1 over the files of a table in name order."""
    from pyspark.sql import functions

    if not tables:
        return {}
    name = functions.col("_metadata.file_name").alias("file")
    files = [one.frame.select(functions.lit(table).alias("table"), name) for table, one in tables.items()]
    together = reduce(lambda one, two: one.union(two), files)
    counts: dict[str, dict[str, int]] = {table: {} for table in tables}
    for table, file, rows in together.groupBy("table", "file").count().collect():
        counts[table][file] = rows
    return {
        table: Stored(_numbered(one.frame, counts[table]), sum(counts[table].values())) for table, one in tables.items()
    }


def _numbered(frame: Any, counts: dict[str, int]) -> Any:
    from pyspark.sql import functions

    index, before, starts = functions.col("_metadata.row_index") + 1, 0, []
    for file in sorted(counts, key=unquote):
        starts.append((file, before))
        before += counts[file]
    columns = [quoted(column) for column in frame.columns if column != ROW]
    if len(starts) < 2:
        return frame.select(*columns, index.alias(ROW))
    known = functions.broadcast(frame.sparkSession.createDataFrame(starts, "`#file` string, `#before` bigint"))
    located = frame.select(*columns, functions.col("_metadata.file_name").alias("#file"), index.alias("#index"))
    return located.join(known, "#file").select(*columns, functions.expr("`#before` + `#index`").alias(ROW))


def quoted(column: str) -> str:
    return "`" + column.replace("`", "``") + "`"
