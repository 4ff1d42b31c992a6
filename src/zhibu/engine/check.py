"""Checks everything under paths: rulebooks, schemes, holiday tables, worked cases, and all of them for formalism.

Serves `zhibu rules check` and `zhibu scheme check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from zhibu.engine import dues, formalism, holidays, scheme, sentences, worked
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.formalism import Catalogue, pairs
from zhibu.engine.rulebooks import cases
from zhibu.engine.rulebooks.load import Library, collect
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; every fault and every warning in order of file and line.

    `unseen`: rules that a scheme names and that were not loaded, so that nobody has looked at them.
    """

    rulebooks: int
    rules: int
    schemes: tuple[Scheme, ...]
    cases: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    unseen: tuple[str, ...] = ()


def check(paths: Iterable[Path | str], *, on: date, catalogue: Catalogue) -> Checked:
    """Everything under the paths, by the formalism list of that day. Never raises EngineError: all faults are in the
    result, what the list refuses among them."""
    library = collect(paths, rulebook_needed=False)
    faults, known = list(library.faults), library.rulebooks
    schemes = _schemes(library.schemes, known, faults)
    for path in library.holidays:
        _try(partial(holidays.read, path), faults)
    for path in library.dues_rates:
        _try(partial(dues.read, path), faults)
    for path in library.formalism:
        faults += pairs.run(found) if (found := _try(partial(formalism.read, path), faults)) else []
    run = [_run(library, path) for path in library.cases]
    faults += [fault for _, found in run for fault in found]
    findings = formalism.judge(known, schemes, on=on, catalogue=catalogue, words=_words(library, faults))
    return _checked(known, schemes, sum(count for count, _ in run), faults, findings)


def check_schemes(
    paths: Sequence[Path | str], rules: Sequence[Path | str] = (), *, on: date, catalogue: Catalogue
) -> Checked:
    """The schemes under the paths. The rules they name are looked for under `paths` and `rules`.

    Where `rules` are given, every rule named must be there.
    """
    library, faults = collect([*paths, *rules], rulebook_needed=False), list[Fault]()
    faults += library.faults
    own = collect(paths, rulebook_needed=False)
    faults += own.faults  # a path without anything: told once, faults are compared
    if not own.schemes and not faults:
        faults.append(Fault(Place(str(paths[0]), 1), "这里没有考核办法", "考核办法是含 dimensions 的 .yaml 文件"))
    schemes = _schemes(own.schemes, library.rulebooks if rules else [], faults)
    words = _words(library, faults)
    findings = formalism.judge((), schemes, on=on, catalogue=catalogue, beside=library.rulebooks, words=words)
    found = _checked(library.rulebooks, schemes, 0, faults, findings)
    names = {name for one in schemes for name, _ in scheme.named(one)} - scheme.known(library.rulebooks)
    return replace(found, unseen=tuple(sorted(names)))


def _checked(
    books: list[Rulebook],
    schemes: list[Scheme],
    count: int,
    faults: list[Fault],
    findings: Iterable[formalism.Finding],
) -> Checked:
    findings = tuple(findings)
    return Checked(
        rulebooks=len(books),
        rules=sum(len(book.rules) for book in books),
        schemes=tuple(schemes),
        cases=count,
        faults=tuple(sorted({*faults, *formalism.refused(findings)})),
        warnings=tuple(formalism.warned(findings)),
    )


def _schemes(paths: Iterable[Path], known: list[Rulebook], faults: list[Fault]) -> list[Scheme]:
    read = (_try(partial(scheme.read, path, known or None), faults) for path in paths)
    return [one for one in read if one]


def _words(library: Library, faults: list[Fault]) -> dict[str, str]:
    """The Chinese names of ids, from every table of words under the paths."""
    found: dict[str, str] = {}
    for path in library.words:
        found |= _try(partial(sentences.read_words, path), faults) or {}
    return found


def _try[T](read: Callable[[], T], faults: list[Fault]) -> T | None:
    try:
        return read()
    except EngineError as error:
        faults += error.faults
        return None


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
