"""Arrays put aside on disk while a store is made, and read back one by one. Serves memory."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhibu.engine.packed.native import Numbers


@dataclass(frozen=True, slots=True)
class Aside:
    offset: int
    count: int
    kind: str


class Spool:
    """One file; writing from several threads is safe. Raises OSError when the disk is full."""

    def __init__(self, path: Path):
        self._path, self._end, self._lock = path, 0, threading.Lock()
        self._file = path.open("w+b", buffering=0)

    def put(self, numbers: Numbers) -> Aside:
        numbers = np.ascontiguousarray(numbers)
        with self._lock:
            aside = Aside(self._end, len(numbers), numbers.dtype.str)
            self._end += numbers.nbytes
        written, view = 0, memoryview(numbers).cast("B") if len(numbers) else memoryview(b"")
        while written < len(view):
            written += os.pwrite(self._file.fileno(), view[written:], aside.offset + written)
        return aside

    def get(self, aside: Aside) -> Numbers:
        return np.fromfile(self._path, np.dtype(aside.kind), aside.count, offset=aside.offset)

    def close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
