"""Reads the map of facts held from YAML, finds the one a label asks for, and runs the map's own pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.formalism.names import among, ident, said, text
from zhibu.engine.forms.model import Fact
from zhibu.engine.rulebooks.page import Page, read_page

HELD = Path(__file__).with_name("held.yaml")
KEYS = ("held", "dated", "facts")
FACT = ("id", "title", "where", "page", "kept", "words", "titles", "columns", "apart", "caught", "spared")
NEEDED = ("id", "title", "where", "page", "kept", "caught", "spared")


@dataclass(frozen=True, slots=True)
class Held:
    """The map as known on `dated`."""

    title: str
    dated: date
    facts: tuple[Fact, ...]

    def by_id(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    def asked_by(self, label: str, name: str = "") -> Fact | None:
        """The first fact that a field of this label (and this id) asks for."""
        return next((fact for fact in self.facts if _asks(fact, label, name)), None)


def _asks(fact: Fact, label: str, name: str) -> bool:
    """A longer word of another meaning takes a whole title back too."""
    if text(label) in fact.titles or (name and among(name, fact.columns)):
        return not any(one in text(label) for one in fact.apart)
    return said(label, fact.words, fact.apart, ()) is not None


@cache
def official() -> Held:
    """The map that comes with the engine."""
    return read_held(HELD)


def read_held(path: Path | str) -> Held:
    """The map in a file. Raises EngineError with every fault, also where a pair does not come out."""
    page, root, _ = read_page(Path(path), strict=False)
    found = _held(page, root) if root is not None else None
    faults = [*page.faults, *(pairs(found) if found and not page.faults else ())]
    if faults or found is None:
        raise EngineError(faults)
    return found


def pairs(held: Held) -> Iterator[Fault]:
    """Each fact is found by its own examples and by none of its near neighbours."""
    for fact in held.facts:
        for label in fact.caught:
            if held.asked_by(label) is not fact:
                yield Fault(fact.place, f"“{fact.title}”没有认出例子“{label}”", "请补上 words 或 titles，或改例子")
        for label in fact.spared:
            if other := held.asked_by(label):
                yield Fault(fact.place, f"“{other.title}”误认了“{label}”", "请写进 apart，或去掉这个词")


def _held(page: Page, root: yaml.Node) -> Held:
    found = page.mapping(root, "已有事实表", KEYS, KEYS)
    facts = [_fact(page, node) for node in page.sequence(found["facts"], "facts")] if "facts" in found else []
    seen = set[str]()
    for fact in facts:
        if fact.id in seen:
            page.broken(fact.place.line, f"id“{fact.id}”重复", "请换一个 id")
        seen.add(fact.id)
    return Held(
        page.text(found["held"], "held") if "held" in found else "",
        page.day(found["dated"], "dated") if "dated" in found else date.min,
        tuple(facts),
    )


def _fact(page: Page, node: yaml.Node) -> Fact:
    found = page.mapping(node, "facts 的一项", FACT, NEEDED)
    if not any(key in found for key in ("words", "titles", "columns")):
        page.fault(node, "没有写怎样认出它", "请写 words、titles 或 columns 中的一种")
    given = {key: page.text(found[key], key) if key in found else "" for key in ("title", "where", "page", "kept")}
    lists = {key: _texts(page, found.get(key), key) for key in ("words", "titles", "columns", "apart")}
    return Fact(
        id=page.name(found["id"], "id") if "id" in found else "",
        words=tuple(map(text, lists["words"])),
        titles=frozenset(map(text, lists["titles"])),
        columns=frozenset(map(ident, lists["columns"])),
        apart=tuple(map(text, lists["apart"])),
        caught=_texts(page, found.get("caught"), "caught"),
        spared=_texts(page, found.get("spared"), "spared"),
        place=page.place(node),
        **given,
    )


def _texts(page: Page, node: yaml.Node | None, what: str) -> tuple[str, ...]:
    return tuple(page.text(one, what) for one in page.sequence(node, what)) if node is not None else ()
