"""Counts kept on disk beside the packed store, so that the next draft counts only what it changes. Serves speed.

`DIR.counts/<facts>-<question>/<rule>.npy` holds words by version, `.runs.npy` the runs. The folder's name tells facts
(files, sizes, times) and question (window, `as_of`, holidays, kernel); folders of other facts are removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import date

import numpy as np

from zhibu.engine.holidays import Holidays
from zhibu.engine.packed import native
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.store import Store
from zhibu.engine.whatif.columns import Group

FORMAT = 2


class Kept:
    """A shelf for `Counted`. What cannot be read or written is counted again: nothing depends on it."""

    def __init__(self, store: Store, window: tuple[date, date], as_of: date, holidays: Holidays):
        facts = _digest(store.told["sources"])
        question = _digest([FORMAT, *map(str, (*window, as_of)), *_days(holidays), native.version()])
        self.folder = store.folder.with_name(f"{store.folder.name}.counts") / f"{facts}-{question}"
        for other in self.folder.parent.glob("*"):
            if not other.name.startswith(facts):
                shutil.rmtree(other, ignore_errors=True)

    def get(self, key: str) -> Group | None:
        try:
            words, runs = (np.load(self.folder / f"{key}{end}.npy", mmap_mode="r") for end in ("", ".runs"))
        except (OSError, ValueError):
            return None
        return Group(tuple(words), runs[0], runs[1])

    def put(self, key: str, group: Group) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._save(f"{key}.runs", np.array([group.run_of, group.run]))
            self._save(key, np.array(group.columns))
        except OSError:
            return

    def _save(self, name: str, numbers: Numbers) -> None:
        """Beside and then renamed, for another command may read at the same time."""
        beside = self.folder / f".{name}.{os.getpid()}"
        with beside.open("wb") as file:
            np.save(file, numbers)
        beside.rename(self.folder / f"{name}.npy")


def _days(holidays: Holidays) -> list[list[str]]:
    return [sorted(map(str, days)) for days in (holidays.years, holidays.off, holidays.work)]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
