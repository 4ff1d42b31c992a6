"""Arrays that lie in files, read as if they were in memory. Serves memory: pages that were read can be let go."""

from __future__ import annotations

import mmap
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from zhibu.engine.packed.native import Numbers

_open: list[weakref.ref[Any]] = []


def load(path: Path) -> Numbers:
    """An array saved by numpy; small ones are simply read."""
    if path.stat().st_size <= mmap.PAGESIZE:
        found: Numbers = np.load(path)
        return found
    return _noted(np.load(path, mmap_mode="r"))


def load_bytes(path: Path) -> Numbers:
    return _noted(np.memmap(path, np.uint8, "r")) if path.stat().st_size else np.zeros(0, np.uint8)


def load_table(path: Path) -> pa.Table:
    """A table saved as an Arrow file."""
    return pa.ipc.open_file(pa.BufferReader(pa.py_buffer(load_bytes(path)))).read_all()


def create(path: Path, kind: Any, rows: int) -> Numbers:
    """A new array of that many rows, to be written in place."""
    if not rows:
        np.save(path, np.zeros(0, kind))
        return np.zeros(0, kind)
    return _noted(np.lib.format.open_memmap(path, "w+", kind, (rows,)))


def forget() -> None:
    """What was read or written leaves our memory. It stays in the system's cache, and comes back when asked for."""
    for reference in _open:
        if (array := reference()) is not None:
            array._mmap.madvise(mmap.MADV_DONTNEED)
    _open[:] = [reference for reference in _open if reference() is not None]


def _noted(array: Any) -> Numbers:
    _open.append(weakref.ref(array))
    found: Numbers = array
    return found
