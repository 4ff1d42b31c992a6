"""Worked cases typed beside an own procedure: each is walked by the engine, and has to come out as it says."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.procedures import cases, worked
from zhibu.web.procedures.library import Versions

CASES = "实例"  # what the text is called in messages


@dataclass(frozen=True, slots=True)
class Walked:
    """A case that came out as expected: how many records it took."""

    name: str
    records: int

    def __str__(self) -> str:
        return f"实例“{self.name}”走通，记了 {self.records} 步"


def walk(versions: Versions, text: str) -> list[Walked]:
    """Raises EngineError with every fault of the text and everything that does not come out."""
    found, faults = [], list[Fault]()
    for one in _read(versions, text):
        case, wrong = worked.run(one, versions)
        faults += wrong
        found.append(Walked(one.name, len(case.records)))
    if not faults and not any(one.records for one in found):
        faults.append(Fault(Place(CASES, 1), "没有一个实例记下过步骤", "请写一个从头走到尾的例子"))
    if faults:
        raise EngineError(_named(faults))
    return found


def _read(versions: Versions, text: str) -> list[cases.Worked]:
    """The engine reads a file, so the text is one for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return cases.read(path, versions)
        except EngineError as error:
            raise EngineError(_named(error.faults)) from error


def _named(faults: tuple[Fault, ...] | list[Fault]) -> list[Fault]:
    return [replace(one, place=replace(one.place, file=CASES)) for one in faults]
