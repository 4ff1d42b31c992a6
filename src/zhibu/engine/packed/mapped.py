"""Arrays that lie in files, read as if they were in memory. Serves memory: pages that were read can be let go."""

from __future__ import annotations

import mmap
import os
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


class Filed:
    """A new array in a file, written in pieces, in any order and from several threads. Raises OSError (a full disk)."""

    def __init__(self, path: Path, kind: Any, rows: int):
        if rows:
            self._array = _noted(np.lib.format.open_memmap(path, "w+", kind, (rows,)))
        else:
            np.save(path, np.zeros(0, kind))
        self._file, self._kind, size = os.open(path, os.O_RDWR), np.dtype(kind), path.stat().st_size
        self._start = size - rows * self._kind.itemsize
        os.posix_fallocate(self._file, 0, size)

    def write(self, to: slice | Numbers, values: Numbers) -> None:
        """Rows that lie side by side are written as a file is, which spares the system's clearing of pages."""
        if isinstance(to, slice):
            write_at(self._file, self._start + to.start * self._kind.itemsize, values.astype(self._kind, copy=False))
        else:
            self._array[to] = values

    def close(self) -> None:
        os.close(self._file)


def write_at(file: int, offset: int, numbers: Numbers) -> None:
    """All of an array, at a place in a file. Raises OSError."""
    view = memoryview(np.ascontiguousarray(numbers)).cast("B") if len(numbers) else memoryview(b"")
    written = 0
    while written < len(view):
        written += os.pwrite(file, view[written:], offset + written)


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
