"""What is put aside on disk while a store is made: arrays, and a list of what they are. Serves memory, and those whose
run was killed: the list holds what was done, in order, and the next run goes on behind it.
"""

from __future__ import annotations

import os
import pickle
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhibu.engine.packed.native import Numbers


@dataclass(frozen=True, slots=True)
class Aside:
    offset: int
    count: int
    kind: str

    @property
    def end(self) -> int:
        return self.offset + self.count * np.dtype(self.kind).itemsize


class Spool:
    """One file; writing from several threads is safe. Raises OSError when the disk is full."""

    def __init__(self, path: Path, end: int = 0):
        """What stands in the file before `end` stays."""
        self._path, self._end, self._lock = path, end, threading.Lock()
        self._file = path.open("r+b" if path.exists() else "w+b", buffering=0)

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


class Done[T]:
    """A list on disk that grows entry by entry; one that was cut off by a kill is not there."""

    def __init__(self, path: Path):
        self._path = path
        self.entries: list[T] = []
        if path.exists():
            with path.open("rb") as file:
                end = 0
                with suppress(EOFError, pickle.UnpicklingError, ValueError, AttributeError):
                    while True:
                        self.entries.append(pickle.load(file))  # noqa: S301 - our own file of a moment ago
                        end = file.tell()
            os.truncate(path, end)

    def add(self, entry: T) -> None:
        self.entries.append(entry)
        with self._path.open("ab") as file:
            pickle.dump(entry, file, pickle.HIGHEST_PROTOCOL)
