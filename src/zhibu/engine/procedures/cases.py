"""Reads worked cases beside a procedure (`cases/*.yaml`): records one after the other, and what must come of each.

- case: 培养不满一年不能接收
  opened: 2024-01-01            # written_later: true for an old case
  values: {born_on: 2000-01-01}
  records:                      # in order; one that is refused is not added
    - {step: apply, done: 2024-02-01}
    - {step: notice, done: 2025-03-01, begun: 2025-02-20, papers: [check], refused: 还差 11 天, possible_on: 2025-03-12}
    - {step: vote, done: 2025-03-20, outcome: yes, votes: {due: 10, present: 6, for: 6}, key: v}
    - {undo: v}                 # refused: TEXT where it can't be
  standing:
    - {on: 2025-03-14, next: [notice], overdue: [study], steps: {notice: {earliest: 2025-03-12}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from zhibu.engine.errors import EngineError, Place
from zhibu.engine.procedures.model import YES, Case, Procedure, Record, Votes
from zhibu.engine.procedures.readgates import Found
from zhibu.engine.rulebooks.model import Scalar
from zhibu.engine.rulebooks.page import Page, is_null, nearest, read_page

KEYS = ("case", "opened", "written_later", "values", "records", "standing")
RECORD = ("step", "done", "begun", "outcome", "values", "votes", "papers", "reason", "key")
EXPECTED = ("refused", "hint", "possible_on")
UNDO = ("undo", "refused")
VOTES = ("due", "present", "for", "against", "abstain", "written_for", "seats", "returned")
STATES = ("next", "waiting", "done", "skipped", "dropped")
FLAGS = ("early", "overdue", "late", "provisional")
STANDING = ("on", "ended", "version", *STATES, *FLAGS, "steps")
STEP = ("earliest", "latest", "longest", "missing")


@dataclass(frozen=True, slots=True)
class Try:
    """A record and what must be said of it: parts of sentences. Nothing `refused`: it is accepted."""

    record: Record
    refused: tuple[str, ...]
    hints: tuple[str, ...]
    possible_on: date | None
    place: Place


@dataclass(frozen=True, slots=True)
class Undo:
    key: str
    refused: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Expected:
    """Of a day: `ended` None is not looked at, "" is open. `steps`: state or flag → the very steps that have it."""

    on: date
    ended: str | None
    version: str | None
    steps: Mapping[str, tuple[str, ...]]
    of_step: Mapping[str, Mapping[str, date | tuple[str, ...] | None]]
    place: Place


@dataclass(frozen=True, slots=True)
class Worked:
    name: str
    case: Case
    entries: tuple[Try | Undo, ...]
    standing: tuple[Expected, ...]
    place: Place


def read(path: Path, versions: tuple[Procedure, ...]) -> list[Worked]:
    """The cases of a file. Raises EngineError with every fault. `versions` say of what type the values are."""
    page, root, _ = read_page(path)
    found = [_worked(page, node, versions) for node in page.sequence(root, "样例文件")] if root is not None else []
    if page.faults:
        raise EngineError(page.faults)
    return found


def _worked(page: Page, node: yaml.Node, versions: tuple[Procedure, ...]) -> Worked:
    found = page.mapping(node, "样例", KEYS, ("case", "opened"))
    return Worked(
        page.text(found["case"], "case") if "case" in found else "",
        case_of(page, found, versions),
        tuple(_entry(page, item, versions) for item in _items(page, found, "records")),
        tuple(_expected(page, item) for item in _items(page, found, "standing")),
        page.place(node),
    )


def case_of(page: Page, found: Found, versions: tuple[Procedure, ...]) -> Case:
    """A case without records."""
    return Case(
        page.day(found["opened"], "opened") if "opened" in found else date.min,
        _values(page, found["values"], versions) if "values" in found else {},
        written_later=page.flag(found["written_later"], "written_later") if "written_later" in found else False,
    )


def _items(page: Page, found: Found, what: str) -> list[yaml.Node]:
    return page.sequence(found[what], what, empty=True) if what in found else []


def _entry(page: Page, node: yaml.Node, versions: tuple[Procedure, ...]) -> Try | Undo:
    undo = isinstance(node, yaml.MappingNode) and any(getattr(key, "value", "") == "undo" for key, _ in node.value)
    if undo:
        found = page.mapping(node, "撤回", UNDO)
        key = str(getattr(found.get("undo"), "value", ""))
        return Undo(key, _texts(page, found, "refused"), page.place(node))
    found = page.mapping(node, "记录", (*RECORD, *EXPECTED), ("step", "done"))
    return Try(
        record_of(page, node, found, versions),
        _texts(page, found, "refused"),
        _texts(page, found, "hint"),
        page.day(found["possible_on"], "possible_on") if "possible_on" in found else None,
        page.place(node),
    )


def record_of(page: Page, node: yaml.Node, found: Found, versions: tuple[Procedure, ...]) -> Record:
    outcome = found.get("outcome")
    return Record(
        page.text(found["step"], "step") if "step" in found else "",
        page.day(found["done"], "done") if "done" in found else date.min,
        page.day(found["begun"], "begun") if "begun" in found else None,
        str(outcome.value) if isinstance(outcome, yaml.ScalarNode) else YES,  # YAML takes a bare yes or no for a flag
        _values(page, found["values"], versions) if "values" in found else {},
        _votes(page, found["votes"]) if "votes" in found else None,
        frozenset(page.text(item, "papers") for item in _items(page, found, "papers")),
        page.text(found["reason"], "reason") if "reason" in found else "",
        str(getattr(found["key"], "value", "")) if "key" in found else f"line {node.start_mark.line + 1}",
    )


def _texts(page: Page, found: Found, what: str) -> tuple[str, ...]:
    """One part of a sentence or several."""
    if what not in found:
        return ()
    node = found[what]
    items = page.sequence(node, what) if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(page.text(item, what) for item in items)


def _values(page: Page, node: yaml.Node, versions: tuple[Procedure, ...]) -> dict[str, Scalar]:
    types = {value.id: value.type for one in versions for value in one.values}
    found: dict[str, Scalar] = {}
    for key, name, item in page.pairs(node, "values"):
        if name not in types:
            page.fault(key, f"没有值“{name}”", nearest(name, sorted(types)))
        elif types[name] in ("text", "choice") and isinstance(item, yaml.ScalarNode):
            found[name] = str(item.value)
        else:
            given = page.scalar(item, name)
            whole = isinstance(given, Decimal) and types[name] == "whole" and given == given.to_integral_value()
            found[name] = int(given) if whole and isinstance(given, Decimal) else given
    return found


def _votes(page: Page, node: yaml.Node) -> Votes:
    found = page.mapping(node, "votes", VOTES, ("due", "present", "for"))
    heads = {key: page.whole(item, key) for key, item in found.items()}
    return Votes(
        due=heads.get("due", 0),
        present=heads.get("present", 0),
        yes=heads.get("for", 0),
        no=heads.get("against", 0),
        abstain=heads.get("abstain", 0),
        written_yes=heads.get("written_for", 0),
        seats=heads.get("seats"),
        returned=heads.get("returned"),
    )


def _expected(page: Page, node: yaml.Node) -> Expected:
    found = page.mapping(node, "standing 的一项", STANDING, ("on",))
    steps = {
        key: tuple(page.text(item, key) for item in _items(page, found, key))
        for key in (*STATES, *FLAGS)
        if key in found
    }
    of_step = {}
    for _, name, item in page.pairs(found["steps"], "steps") if "steps" in found else ():
        of_step[name] = _of_step(page, item)
    return Expected(
        page.day(found["on"], "on") if "on" in found else date.min,
        ""
        if "ended" in found and is_null(found["ended"])
        else page.text(found["ended"], "ended")
        if "ended" in found
        else None,
        page.text(found["version"], "version") if "version" in found else None,
        steps,
        of_step,
        page.place(node),
    )


def _of_step(page: Page, node: yaml.Node) -> dict[str, date | tuple[str, ...] | None]:
    found = page.mapping(node, "steps 的一项", STEP)
    made: dict[str, date | tuple[str, ...] | None] = {}
    for key, item in found.items():
        if key == "missing":
            made[key] = tuple(page.text(one, key) for one in page.sequence(item, key, empty=True))
        else:
            made[key] = None if is_null(item) else page.day(item, key)
    return made
