"""Reads a formalism list from YAML; every fault with its line. What is not known for certain cannot refuse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from zhibu.engine import scheme
from zhibu.engine.errors import EngineError
from zhibu.engine.formalism.model import Catalogue, Entry, Example, Hold, Judged, Requirement, Severity, Signs
from zhibu.engine.formalism.names import ident, text
from zhibu.engine.rulebooks.clocks import CALENDAR
from zhibu.engine.rulebooks.model import Calendar, Grade, Measure, Rulebook, Source, Subject
from zhibu.engine.rulebooks.page import Page, nearest, read_page
from zhibu.engine.rulebooks.read import sources_of
from zhibu.engine.rulebooks.rules import rule

LIST = Path(__file__).with_name("list.yaml")
KEYS = ("formalism", "dated", "sources", "negations", "entries")
ENTRY = ("id", "title", "judged", "holds", "signs", "requirements", "wrong", "instead", "caught", "spared")
NEEDED = ("id", "title", "holds", "wrong", "instead", "caught", "spared")
HOLD = ("from", "until", "severity", "ref", "clause", "evidence")
NAMES = ("types", "columns", "peer_groups")
TEXTS = ("words", "titles", "apart")
CHOICES = {"measures": get_args(Measure), "subjects": get_args(Subject)}
REQUIREMENT = ("event", "kinds", "every", "at_least", "ref", "clause", "evidence")
Sources = dict[str, Source]


@cache
def official() -> Catalogue:
    """The list that comes with the engine."""
    return read(LIST)


def read(path: Path | str) -> Catalogue:
    """The list in a file. Raises EngineError with every fault; whether its pairs come out is `pairs.run`'s matter."""
    page, root, _ = read_page(Path(path), strict=False)
    found = _catalogue(page, root) if root is not None else None
    if page.faults or found is None:
        raise EngineError(page.faults)
    return found


def _catalogue(page: Page, root: yaml.Node) -> Catalogue:
    found = page.mapping(root, "形式主义对照表", KEYS, ("formalism", "dated", "sources", "entries"))
    sources = sources_of(page, found["sources"]) if "sources" in found else {}
    entries = [_entry(page, node, sources) for node in page.sequence(found["entries"], "entries")] if found else []
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            page.broken(entry.place.line, f"条目 id“{entry.id}”重复", "请换一个 id")
        seen.add(entry.id)
    return Catalogue(
        title=page.text(found["formalism"], "formalism") if "formalism" in found else "",
        dated=page.day(found["dated"], "dated") if "dated" in found else date.min,
        negations=_texts(page, found["negations"], "negations") if "negations" in found else (),
        entries=tuple(entries),
        place=page.place(root),
    )


def _entry(page: Page, node: yaml.Node, sources: Sources) -> Entry:
    found = page.mapping(node, "条目", ENTRY, NEEDED)
    words = {key: page.text(found[key], key) if key in found else "" for key in ("title", "wrong", "instead")}
    if ("signs" in found) == ("requirements" in found):
        page.fault(node, "条目要写 signs（特征）或 requirements（法规的次数）中的一个")
    judged = [page.choice(one, "judged", get_args(Judged)) for one in _items(page, found.get("judged"), "judged")]
    return Entry(
        id=page.name(found["id"], "条目的 id ") if "id" in found else "",
        judged=tuple(judged) or get_args(Judged),
        holds=_holds(page, found["holds"], sources) if "holds" in found else (),
        signs=_signs(page, found["signs"]) if "signs" in found else Signs(),
        requirements=tuple(
            _requirement(page, one, sources) for one in _items(page, found.get("requirements"), "requirements")
        ),
        caught=_example(page, found.get("caught", node), "caught" in found),
        spared=_example(page, found.get("spared", node), "spared" in found),
        place=page.place(node),
        **words,
    )


def _items(page: Page, node: yaml.Node | None, what: str) -> list[yaml.Node]:
    return page.sequence(node, what) if node is not None else []


# --- sources and days ---------------------------------------------------------------------------------------


def _holds(page: Page, node: yaml.Node, sources: Sources) -> tuple[Hold, ...]:
    holds: list[Hold] = []
    for item in page.sequence(node, "holds"):
        hold = _hold(page, item, sources)
        for other in holds:
            if hold.since <= (other.until or date.max) and other.since <= (hold.until or date.max):
                page.fault(item, f"与第 {other.place.line} 行的日期重叠", "同一天只能有一个依据")
        holds.append(hold)
    return tuple(holds)


def _hold(page: Page, node: yaml.Node, sources: Sources) -> Hold:
    found = page.mapping(node, "holds 的一项", HOLD, ("from", "severity", "ref", "clause", "evidence"))
    since = page.day(found["from"], "from") if "from" in found else date.min
    until = page.day(found["until"], "until") if "until" in found else None
    if until and until < since:
        page.fault(found["until"], f"until（{until}）早于 from（{since}）", "until 是最后有效的一天")
    severity: Severity = "warn"
    if "severity" in found:
        severity = page.choice(found["severity"], "severity", get_args(Severity))
    basis = _basis(page, found, sources)
    if severity == "refuse" and basis["evidence"] != "text":
        page.fault(node, f"依据只有 {basis['evidence']}，不能拒绝", "没有见到原文的写 severity: warn")
    return Hold(since=since, until=until, severity=severity, place=page.place(node), **basis)


def _basis(page: Page, found: dict[str, yaml.Node], sources: Sources) -> dict[str, Any]:
    """source, clause and evidence, as a hold and a requirement name them."""
    ref = page.text(found["ref"], "ref") if "ref" in found else ""
    if ref and ref not in sources:
        page.fault(found["ref"], f"出处“{ref}”不在 sources 中", nearest(ref, sources))
    return {
        "source": sources.get(ref, Source("", "", "", None)),
        "clause": page.text(found["clause"], "clause") if "clause" in found else "",
        "evidence": page.choice(found["evidence"], "evidence", get_args(Grade)) if "evidence" in found else "memory",
    }


# --- signs --------------------------------------------------------------------------------------------------


def _signs(page: Page, node: yaml.Node) -> Signs:
    found = page.mapping(node, "signs", (*NAMES, *TEXTS, *CHOICES))
    if not found:
        page.fault(node, "signs 是空的", "至少写一种特征，如 types: [login]")
    given: dict[str, Any] = {}
    for key, value in found.items():
        if key in CHOICES:
            given[key] = frozenset(page.choice(one, key, CHOICES[key]) for one in page.sequence(value, key))
        else:
            texts = _texts(page, value, key)
            given[key] = frozenset(map(ident, texts)) if key in NAMES else tuple(map(text, texts))
    return Signs(**given | {"titles": frozenset(given.get("titles", ()))})


def _texts(page: Page, node: yaml.Node, what: str) -> tuple[str, ...]:
    """A list of words, or a list of such lists so that lines stay short."""
    found: list[str] = []
    for item in page.sequence(node, what):
        parts = page.sequence(item, what) if isinstance(item, yaml.SequenceNode) else [item]
        found += [page.text(part, what) for part in parts]
    return tuple(found)


def _requirement(page: Page, node: yaml.Node, sources: Sources) -> Requirement:
    found = page.mapping(node, "requirements 的一项", REQUIREMENT, ("event", "ref", "clause", "evidence"))
    if ("every" in found) != ("at_least" in found):
        page.fault(node, "every 和 at_least 要一起写", "法规没有规定次数的，两个都不写")
    return Requirement(
        event=page.text(found["event"], "event") if "event" in found else "",
        kinds=frozenset(_texts(page, found["kinds"], "kinds")) if "kinds" in found else frozenset(),
        clock=Calendar(page.choice(found["every"], "every", CALENDAR)) if "every" in found else None,
        at_least=page.number(found["at_least"], "at_least", least=Decimal(0)) if "at_least" in found else Decimal(0),
        **_basis(page, found, sources),
    )


# --- pairs --------------------------------------------------------------------------------------------------


def _example(page: Page, node: yaml.Node, given: bool) -> Example:
    found = page.mapping(node, "caught 和 spared", ("central", "rules", "scheme")) if given else {}
    return Example(
        central=_book(page, found.get("central"), "central"),
        rules=_book(page, found.get("rules"), "county"),
        scheme=scheme.parse(page, found["scheme"]) if "scheme" in found else None,
        place=page.place(node),
    )


def _book(page: Page, node: yaml.Node | None, level: Any) -> Rulebook | None:
    if node is None:
        return None
    rules = tuple(rule(page, one, str(level), {}) for one in page.sequence(node, "规则"))
    return Rulebook(str(level), "样例", level, date.min, None, (), rules, page.place(node), "")
