"""An evaluation on this machine from a folder to a folder: in memory, or for many facts by way of a packed store.

`ZHIBU_STORE` names a folder that keeps the store, to be opened in no time by the next run on the same files. Without
it the store of a large run lies beside the results and is removed when they are written: a run that was killed finds
it and goes on from there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Told
from zhibu.engine.facts import Facts
from zhibu.engine.facts.files import find
from zhibu.engine.facts.load import read
from zhibu.engine.facts.shape import SHAPES
from zhibu.engine.packed import native
from zhibu.engine.rulebooks.model import Rulebook

LARGE = 2_000_000  # events: from here on a store pays even if it is used once


def store_folder(facts: Path, out: Path) -> Path | None:
    """Where the store of these facts is or should be; None where the facts are read into memory."""
    if not native.ready() or not (rows := _parquet_rows(facts)):
        return None
    if kept := os.environ.get("ZHIBU_STORE"):
        return Path(kept)
    return out.parent / f".{out.name}.store" if rows >= LARGE else None


def _parquet_rows(facts: Path) -> int:
    """Events in the Parquet files that can be read; 0 for CSV. What is wrong the store or the loader will say."""
    try:
        path = find(facts, SHAPES["events"])
    except EngineError:
        return 0
    if path is None or path.suffix == ".csv":
        return 0
    return sum(map(_rows, sorted(path.glob("*.parquet")) if path.is_dir() else [path]))


def _rows(part: Path) -> int:
    try:
        return int(pq.read_metadata(part).num_rows)
    except (pa.ArrowException, OSError):
        return 0


def facts_from(folder: Path, rulebooks: Sequence[Rulebook], store: Path | None, told: Told) -> Facts:
    """The facts, in memory or from a store. Raises EngineError, OSError, and Unfit when the store can't be made."""
    if store is None:
        return read(folder)
    from zhibu.engine.packed.store import opened

    return opened(store, folder, rulebooks, told).facts


def finished(store: Path | None) -> None:
    """The results are there: a store that nobody asked to keep goes."""
    if store is not None and not os.environ.get("ZHIBU_STORE"):
        shutil.rmtree(store, ignore_errors=True)


@contextmanager
def in_sql() -> Iterator[None]:
    """Without a kernel for a while."""
    before = os.environ.get("ZHIBU_KERNEL")
    os.environ["ZHIBU_KERNEL"] = "sql"
    try:
        yield
    finally:
        del os.environ["ZHIBU_KERNEL"]
        if before is not None:
            os.environ["ZHIBU_KERNEL"] = before
