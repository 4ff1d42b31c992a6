"""Errors that teach: where it is, what is wrong, what would be right. Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file (line counts from 1), or a row of a table when `column` is given."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake. `wrong` and `right` are Chinese sentences for the person who wrote the file."""

    place: Place
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong}" + (f"。{self.right}" if self.right else "")


class EngineError(Exception):
    """Everything that is wrong with a rulebook, a scheme or a folder of facts, all of it at once."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
