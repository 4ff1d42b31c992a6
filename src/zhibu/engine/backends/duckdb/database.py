"""A private DuckDB in memory: settings, facts as registered Arrow tables, results as Arrow. Serves speed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from uuid import uuid4

import duckdb
import pyarrow as pa

Settings = dict[str, str | bool | int | float | list[str]]


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=settings)


class Database:
    """One evaluation's database. Nothing is shared with other evaluations, nothing stays on disk.

    `ZHIBU_DUCKDB_MEMORY` (such as `8GB`; DuckDB's own default is 80 % of the machine) and `ZHIBU_DUCKDB_THREADS`
    (default: all processors) bound what it takes; what does not fit spills to a folder removed afterwards.
    """

    def __init__(self) -> None:
        self._spill = Path(tempfile.gettempdir(), f"zhibu-duckdb-{uuid4().hex}")  # made by DuckDB if it is needed
        self._connection = connect(_settings(self._spill))
        # Result tables are ordered by their queries; keeping the order of inputs would only cost memory.
        self._connection.execute("SET preserve_insertion_order = false")
        # Facts come registered: a query has no business with files, addresses, extensions or Python variables.
        self._connection.execute("SET python_enable_replacements = false")

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def give(self, table: str, rows: pa.Table) -> None:
        self._connection.register(table, rows)

    def keep(self, table: str, query: str) -> None:
        """Compute a query now and keep its rows under a name."""
        self._connection.execute(f"CREATE TEMP TABLE {table} AS {query}")

    def view(self, name: str, query: str) -> None:
        self._connection.execute(f"CREATE TEMP VIEW {name} AS {query}")

    def macro(self, definition: str) -> None:
        self._connection.execute(f"CREATE TEMP MACRO {definition}")

    def take(self, query: str, schema: pa.Schema) -> pa.Table:
        """The rows of a query, in the names and exact types of a result table; its columns go by their order."""
        return self._connection.sql(query).to_arrow_table().rename_columns(schema.names).cast(schema)


def _settings(spill: Path) -> Settings:
    settings: Settings = {"temp_directory": str(spill)}
    if memory := os.environ.get("ZHIBU_DUCKDB_MEMORY"):
        settings["memory_limit"] = memory
    if threads := os.environ.get("ZHIBU_DUCKDB_THREADS"):
        settings["threads"] = int(threads)
    return settings
