"""Checks everything under paths: rulebooks, schemes, holiday tables, worked cases. Serves `zhibu rules check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from zhibu.engine import holidays, scheme, worked
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.rulebooks import cases
from zhibu.engine.rulebooks.load import Library, collect
from zhibu.engine.rulebooks.model import Rulebook


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found and every fault, in order of file and line."""

    rulebooks: int
    rules: int
    schemes: int
    cases: int
    faults: tuple[Fault, ...]


def check(paths: Iterable[Path | str]) -> Checked:
    """Never raises EngineError: all faults are in the result."""
    library = collect(paths, rulebook_needed=False)
    faults, known = list(library.faults), library.rulebooks
    for path in library.schemes:
        faults += _faults(partial(scheme.read, path, known or None))
    for path in library.holidays:
        faults += _faults(partial(holidays.read, path))
    run = [_run(library, path) for path in library.cases]
    return Checked(
        rulebooks=len(known),
        rules=sum(len(book.rules) for book in known),
        schemes=len(library.schemes),
        cases=sum(count for count, _ in run),
        faults=tuple(sorted({*faults, *(fault for _, found in run for fault in found)})),
    )


def _faults(read: Callable[[], object]) -> tuple[Fault, ...]:
    try:
        read()
    except EngineError as error:
        return error.faults
    return ()


def _run(library: Library, path: Path) -> tuple[int, list[Fault]]:
    """How many cases the file has, and their faults."""
    try:
        found = cases.read(path)
        books = beside(library, path)
    except EngineError as error:
        return 0, list(error.faults)
    if not books:
        broken = any(Path(fault.place.file).is_relative_to(path.parent.parent) for fault in library.faults)
        lonely = Fault(Place(str(path), 1), "cases 的上一级文件夹里没有规则集", "样例应与 regulation.yaml 放在一起")
        return len(found), [] if broken else [lonely]
    return len(found), [fault for case in found for fault in worked.run(case, books)]


def beside(library: Library, path: Path) -> list[Rulebook]:
    """The rulebooks in the folder above `cases`, read now if the paths did not include it."""
    home = path.parent.parent
    near = [book for book in library.rulebooks if Path(book.place.file).resolve().parent == home.resolve()]
    if near or library.faults:
        return near
    return [book for book in collect([home]).rulebooks if Path(book.place.file).parent == home]
