"""Writes an evaluation: five Parquet files and run.json, all or nothing.

Tables come whole or in pieces; either way a file has the same row groups, so the same rows are the same bytes,
whichever backend they came from and however it was cut.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhibu.engine.errors import Fault, Place
from zhibu.engine.evaluate import Evaluation

TABLES = ("verdicts", "scores", "rollups", "escalations", "rejected")
GROUP = 2**20  # rows of a row group
Pieces = Iterable[tuple[str, pa.Table]]


def refused(out: Path) -> Fault | None:
    """Why nothing can be written there, known before the work is done."""
    if out.exists() and not out.is_dir():
        return Fault(Place(str(out), 1), "--out 是一个文件", "请给一个文件夹")
    return None


def write(found: Evaluation, out: Path, seconds: float) -> dict[str, int]:
    """All tables of an evaluation. Returns the number of rows by table. Raises OSError."""
    tables = {name: getattr(found, name) for name in TABLES}
    schemas = {name: table.schema for name, table in tables.items()}
    return write_pieces(tables.items(), schemas, lambda: found.meta, out, lambda: seconds)


def write_pieces(
    pieces: Pieces,
    schemas: Mapping[str, pa.Schema],
    meta: Callable[[], dict[str, Any]],
    out: Path,
    seconds: Callable[[], float],
) -> dict[str, int]:
    """Writes into a folder beside `out`, then moves: a failure on the way leaves `out` as it was.

    Pieces of one table come in its order, those of different tables in any. `meta` is asked at the end. Raises OSError,
    and whatever the pieces raise.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        with Writers(work, schemas) as writers:
            for name, table in pieces:
                writers.put(name, table)
        counts = writers.counts
        run = meta() | {"rows": counts, "seconds": round(seconds(), 3)}
        (work / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        _move(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return counts


class Writers:
    """A file for each table; what does not fill a row group yet waits."""

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]):
        self.counts = dict.fromkeys(schemas, 0)
        self._waiting: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in schemas.items()}
        self._files = {
            name: pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd")
            for name, schema in schemas.items()
        }

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            for name in self._files:
                self._flush(name, 1)
        for file in self._files.values():
            with suppress(OSError) if kind else nullcontext():
                file.close()

    def put(self, name: str, table: pa.Table) -> None:
        self._waiting[name].append(table)
        self.counts[name] += table.num_rows
        self._flush(name, GROUP)

    def _flush(self, name: str, least: int) -> None:
        """Write what waits, a full row group at a time, while `least` rows are there."""
        rows = sum(table.num_rows for table in self._waiting[name])
        if rows < least:
            return
        table = pa.concat_tables(self._waiting[name])
        while table.num_rows >= least:
            self._files[name].write_table(table.slice(0, GROUP).combine_chunks(), row_group_size=GROUP)
            table = table.slice(GROUP)
        self._waiting[name] = [table]


def _move(work: Path, out: Path) -> None:
    """A new folder appears at once; in an existing one the files are replaced, run.json last."""
    if not out.exists():
        work.chmod(0o755)
        work.rename(out)
        return
    for name in [*sorted(file.name for file in work.glob("*.parquet")), "run.json"]:
        (work / name).replace(out / name)
