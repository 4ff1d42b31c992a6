"""What is put aside on disk while a store is made: arrays, and a list of what they are. Serves memory, and those whose
run was killed: the list holds what was done, in order, and the next run goes on behind it.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhibu.engine.packed.mapped import write_at
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
        with self._lock:
            aside = Aside(self._end, len(numbers), numbers.dtype.str)
            self._end += numbers.nbytes
        write_at(self._file.fileno(), aside.offset, numbers)
        return aside

    def get(self, aside: Aside) -> Numbers:
        return np.fromfile(self._path, np.dtype(aside.kind), aside.count, offset=aside.offset)

    def look(self, aside: Aside) -> Numbers:
        """The same where only a little of it is read."""
        if not aside.count:
            return self.get(aside)
        return np.memmap(self._path, np.dtype(aside.kind), "r", aside.offset, (aside.count,))

    def close(self) -> None:
        self._file.close()


class Done:
    """Lines on disk, one for each thing done; one that was cut off by a kill is not there. Raises OSError."""

    def __init__(self, path: Path):
        self._path = path
        text = path.read_bytes() if path.exists() else b""
        whole = text[: text.rfind(b"\n") + 1]
        if len(whole) < len(text):
            os.truncate(path, len(whole))
        self.lines = whole.decode().splitlines()

    def add(self, line: str) -> None:
        self.lines.append(line)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
