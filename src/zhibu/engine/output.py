"""Writes an evaluation: five Parquet files and run.json, all or nothing.

run.json goes first when results are replaced and comes last: a folder without it is not finished.
Tables come whole or in pieces; either way a file has the same row groups, so the same rows are the same bytes,
whichever backend they came from and however it was cut.
"""

from __future__ import annotations

import fcntl
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhibu.engine.coded import coded, ordered, schema_of
from zhibu.engine.errors import Fault, Place
from zhibu.engine.evaluate import Evaluation

TABLES = ("verdicts", "scores", "rollups", "escalations", "rejected")
FILES = (*(f"{name}.parquet" for name in TABLES), "run.json")
GROUP = 2**20  # rows of a row group
DICTIONARY = 2**25  # bytes: all texts of a row group, which are then written once each
IDS = ("subject_id", "org_id")
Pieces = Iterable[tuple[str, pa.Table]]


def refused(out: Path) -> Fault | None:
    """Why nothing can be written there, known before the work is done."""
    if out.exists() and not out.is_dir():
        return Fault(Place(str(out), 1), "--out 是一个文件", "请给一个文件夹")
    near = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not near.is_dir():
        return Fault(Place(str(near), 1), "--out 的路径中间有一个文件", "请换一个文件夹")
    if not all(os.access(path, os.W_OK | os.X_OK) for path in (near, out.absolute().parent) if path.exists()):
        return Fault(Place(str(near), 1), "没有权限在这里写", "请换一个文件夹，或请管理员开通权限")
    taken = [out / name for name in FILES if (out / name).is_dir()]
    if taken:
        return Fault(Place(str(taken[0]), 1), "这里有同名的文件夹，结果放不进去", "请改名或换一个 --out")
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
    _sweep(out)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    held = _held(work)
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
        if held is not None:
            os.close(held)
    return counts


def _sweep(out: Path) -> None:
    """Folders beside `out` that a killed run left behind. One that is being written to is held, and stays."""
    for left in out.parent.glob(f".{glob.escape(out.name)}-*"):
        if left.is_dir() and (held := _held(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)


def _held(folder: Path) -> int | None:
    """The folder, held by this process until it is closed or dies; None when another process holds it."""
    try:
        found = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(found)
        return None
    return found


class Writers:
    """A file for each table; what does not fill a row group yet waits. Two threads beside the caller's work."""

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]):
        self.counts = dict.fromkeys(schemas, 0)
        self._files = {name: _file(folder / f"{name}.parquet", schema) for name, schema in schemas.items()}
        self._waiting = {name: [file.schema.empty_table()] for name, file in self._files.items()}
        self._ordering, self._writing = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._under_way: list[Future[None]] = []

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        failed: BaseException | None = error
        for name, file in self._files.items():
            try:
                if failed is None:
                    self._flush(name, 1)
                self._settle(0)
                file.close()
            except OSError as now:
                file.is_open = False  # else it is tried once more when nobody listens
                failed = failed or now
        self._ordering.shutdown()
        self._writing.shutdown()
        if failed is not None and error is None:
            raise failed

    def put(self, name: str, table: pa.Table) -> None:
        self._waiting[name].append(coded(table, self._files[name].schema))
        self.counts[name] += table.num_rows
        self._flush(name, GROUP)

    def _flush(self, name: str, least: int) -> None:
        """Write what waits, a full row group at a time, while `least` rows are there."""
        rows = sum(table.num_rows for table in self._waiting[name])
        if rows < least:
            return
        table = pa.concat_tables(self._waiting[name])
        while table.num_rows >= least:
            self._settle(1)
            group = self._ordering.submit(ordered, table.slice(0, GROUP))
            self._under_way.append(self._writing.submit(_write, self._files[name], group))
            table = table.slice(GROUP)
        self._waiting[name] = [table]

    def _settle(self, most: int) -> None:
        """Wait until no more than so many row groups are under way. Raises what writing one raised."""
        while len(self._under_way) > most:
            self._under_way.pop(0).result()


def _file(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Least and greatest are told of ids only: rows stand in their order, so no other column is ever passed over."""
    written = schema_of(schema)
    return pq.ParquetWriter(
        path,
        written,
        compression="zstd",
        use_dictionary=[field.name for field in written if not pa.types.is_list(field.type)],
        dictionary_pagesize_limit=DICTIONARY,
        write_statistics=[name for name in schema.names if name in IDS],
        store_schema=False,
    )


def _write(file: pq.ParquetWriter, group: Future[pa.Table]) -> None:
    file.write_table(group.result(), row_group_size=GROUP)


def _move(work: Path, out: Path) -> None:
    """A new folder appears at once; in an existing one run.json goes, files are replaced, run.json comes last."""
    if not out.exists():
        work.chmod(0o755)
        work.rename(out)
        return
    (out / "run.json").unlink(missing_ok=True)
    for name in [*sorted(file.name for file in work.glob("*.parquet")), "run.json"]:
        (work / name).replace(out / name)
