"""Finds and reads rulebooks under paths; all faults of all files are raised together.

In a folder the top-level keys say what a file is: `id` and `rules` a rulebook, `dimensions` a scheme, `years` a
holiday table, `formalism` a formalism list, `dues_rates` a table of dues; a file in a folder named `cases` holds
worked cases. Anything else is a fault, because a rulebook with a misspelt key that nobody reads would be silently
without effect. A folder named `procedures` is passed over: engine/procedures reads it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.rulebooks.document import entries
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.rulebooks.page import Page, read_page
from zhibu.engine.rulebooks.read import rulebook

NOT_RULES = ("procedures", "forms")  # folders that others read

SHAPES = (
    "规则集（id、rules）、考核办法（dimensions）、节假日表（years）、用词表（words）、"
    "形式主义对照表（formalism）、党费标准（dues_rates），或 cases 里的样例"
)


@dataclass
class Library:
    """What lies under the paths: rulebooks read, other files found but not yet read."""

    rulebooks: list[Rulebook] = field(default_factory=list)
    cases: list[Path] = field(default_factory=list)
    schemes: list[Path] = field(default_factory=list)
    holidays: list[Path] = field(default_factory=list)
    words: list[Path] = field(default_factory=list)
    formalism: list[Path] = field(default_factory=list)
    dues_rates: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def load(paths: Iterable[Path | str], *, strict: bool = True) -> tuple[Rulebook, ...]:
    """Every rulebook under the files and folders given, ordered by id and first day.

    Raises EngineError with every fault of every file; a path without a rulebook is a fault too. Unless `strict`, keys
    that only describe may be missing.
    """
    library = collect(paths, strict=strict)
    if library.faults:
        raise EngineError(library.faults)
    return tuple(library.rulebooks)


def collect(paths: Iterable[Path | str], *, rulebook_needed: bool = True, strict: bool = True) -> Library:
    """Read the rulebooks under the paths and list the other files; faults are kept, not raised."""
    library, seen = Library(), set[Path]()
    for path in map(Path, paths):
        before = _size(library, rulebook_needed)
        for file in files(path):
            if (real := file.resolve()) not in seen:
                seen.add(real)
                _sort(library, file, alone=path.is_file(), strict=strict)
            else:
                before -= 1  # read through an earlier path: this one is not empty
        if _size(library, rulebook_needed) <= before and not any(_under(fault, path) for fault in library.faults):
            library.faults.append(Fault(Place(str(path), 1), *_empty(path)))
    library.rulebooks.sort(key=lambda book: (book.id, book.since))
    library.faults.extend(overlaps(library.rulebooks))
    return library


def files(path: Path) -> list[Path]:
    """The file itself, or every *.yaml and *.yml below the folder in a fixed order; not hidden names, not NOT_RULES."""
    if not path.is_dir():
        return [path] if path.exists() else []
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in NOT_RULES]
        found += [Path(folder, name) for name in names if name.endswith((".yaml", ".yml")) and name[0] != "."]
    return sorted(found)


def _size(library: Library, rulebook_needed: bool) -> int:
    others = (library.cases, library.schemes, library.holidays, library.formalism, library.dues_rates)
    return len(library.rulebooks) + (0 if rulebook_needed else sum(map(len, others)))


def _under(fault: Fault, path: Path) -> bool:
    return Path(fault.place.file).is_relative_to(path)


def _empty(path: Path) -> tuple[str, str]:
    if not path.exists():
        return "路径不存在", "请检查路径"
    return "这里没有规则集", "规则集是含 id 和 rules 的 .yaml 或 .yml 文件"


def _sort(library: Library, file: Path, *, alone: bool, strict: bool) -> None:
    if file.parent.name == "cases" and not alone:
        library.cases.append(file)
        return
    page, root, content = read_page(file, strict=strict)
    keys = _keys(root)
    if root is None:
        pass
    elif "dimensions" in keys:
        library.schemes.append(file)
    elif "years" in keys:
        library.holidays.append(file)
    elif "formalism" in keys:
        library.formalism.append(file)
    elif "dues_rates" in keys:
        library.dues_rates.append(file)
    elif "words" in keys and not alone:
        library.words.append(file)
    elif isinstance(root, yaml.SequenceNode) and file.parent.name == "cases":
        library.cases.append(file)
    elif alone or {"id", "rules"} <= keys:
        _keep(library, page, root, content)
    else:
        page.fault(root, "看不出这是什么文件", f"应是{SHAPES}")
    library.faults.extend(page.faults)


def _keep(library: Library, page: Page, root: yaml.Node, content: bytes) -> None:
    book = rulebook(page, root, content)
    if not page.faults:
        library.rulebooks.append(book)


def _keys(root: yaml.Node | None) -> set[str]:
    if not isinstance(root, yaml.MappingNode):
        return set()
    return {key.value for key, _, _ in entries(root) if isinstance(key, yaml.ScalarNode)}


def overlaps(rulebooks: list[Rulebook]) -> list[Fault]:
    """A fault for every two versions of one rulebook that are in effect on the same day."""
    faults = []
    for index, book in enumerate(rulebooks):
        for other in rulebooks[index + 1 :]:
            if book.id == other.id and _meet(book, other):
                faults.append(_overlap(book, other))
    return faults


def _meet(book: Rulebook, other: Rulebook) -> bool:
    return other.since <= (book.until or date.max) and book.since <= (other.until or date.max)


def _overlap(book: Rulebook, other: Rulebook) -> Fault:
    wrong = f"规则集“{book.id}”的两个版本有效期重叠：这里从 {other.since} 起，{book.place} 到 {book.until or '今后'}"
    return Fault(other.place, wrong, "请给旧版本写上 until（新版本 from 的前一天）")
