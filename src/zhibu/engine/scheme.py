"""A scheme: how a year's verdicts become scores, grades and escalation (engine.md section 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from zhibu.engine.errors import EngineError, Place
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.rulebooks.page import Page, nearest, read_page

KEYS = ("id", "title", "peer_group", "dimensions", "bonus", "deduction", "grades", "escalation")
TAKEN = {"org_id", "peer_group", "bonus", "deduction", "total", "rank", "group_size", "grade"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """`rulebook/rule`, or `rulebook/*` when `rule` is None."""

    rulebook: str
    rule: str | None
    place: Place

    def fits(self, rulebook: str, rule: str) -> bool:
        return self.rulebook == rulebook and self.rule in (None, rule)


@dataclass(frozen=True, slots=True)
class Dimension:
    id: str
    title: str
    weight: Decimal
    rules: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class GradeStep:
    """`min` None: no lower bound; `max_share` None: no limit."""

    grade: str
    min: Decimal | None
    max_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Escalation:
    """`steps`: (length of run, name), shortest first."""

    rules: tuple[Pattern, ...]
    steps: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """`peer_group` None: one group. A cap of None: no cap. `digest`: the SHA-256 of the file's bytes, in hex."""

    id: str
    title: str
    peer_group: str | None
    dimensions: tuple[Dimension, ...]
    bonus_cap: Decimal | None
    deduction_cap: Decimal | None
    grades: tuple[GradeStep, ...]
    escalation: Escalation | None
    place: Place
    digest: str


def read(path: Path | str, rulebooks: Iterable[Rulebook] | None = None, *, strict: bool = True) -> Scheme:
    """The scheme in a file. With `rulebooks`, its patterns must name rules of theirs.

    Unless `strict`, keys that only describe may be missing. Raises EngineError with every fault.
    """
    page, root, content = read_page(Path(path), strict=strict)
    scheme = parse(page, root, hashlib.sha256(content).hexdigest()) if root is not None else None
    if scheme and rulebooks is not None:
        _check_patterns(page, scheme, list(rulebooks))
    if page.faults or scheme is None:
        raise EngineError(page.faults)
    return scheme


def parse(page: Page, root: yaml.Node, digest: str = "") -> Scheme:
    """The scheme at a node; faults go to the page."""
    found = page.mapping(root, "考核办法", KEYS, ("id", "dimensions"), ("title",))
    identity = page.name(found["id"], "考核办法的 id ") if "id" in found else ""
    return Scheme(
        id=identity,
        title=page.text(found["title"], "title") if "title" in found else identity,
        peer_group=page.text(found["peer_group"], "peer_group") if "peer_group" in found else None,
        dimensions=_dimensions(page, found["dimensions"]) if "dimensions" in found else (),
        bonus_cap=_cap(page, found.get("bonus"), "bonus"),
        deduction_cap=_cap(page, found.get("deduction"), "deduction"),
        grades=_grades(page, found["grades"]) if "grades" in found else (),
        escalation=_escalation(page, found["escalation"]) if "escalation" in found else None,
        place=page.place(root),
        digest=digest,
    )


def _dimensions(page: Page, node: yaml.Node) -> tuple[Dimension, ...]:
    found: dict[str, Dimension] = {}
    for item in page.sequence(node, "dimensions"):
        one = _dimension(page, item)
        if one.id in found or one.id in TAKEN:
            page.fault(item, f"维度 id“{one.id}”重复或与结果表的列同名", "请换一个 id")
        found[one.id] = one
    return tuple(found.values())


def _dimension(page: Page, node: yaml.Node) -> Dimension:
    found = page.mapping(node, "维度", ("id", "title", "weight", "rules"), ("id", "weight", "rules"), ("title",))
    identity = page.name(found["id"], "维度的 id ") if "id" in found else ""
    weight = page.number(found["weight"], "weight ", more_than=Decimal(0)) if "weight" in found else Decimal(1)
    return Dimension(
        id=identity,
        title=page.text(found["title"], "title") if "title" in found else identity,
        weight=weight,
        rules=_patterns(page, found["rules"]) if "rules" in found else (),
    )


def _patterns(page: Page, node: yaml.Node) -> tuple[Pattern, ...]:
    return tuple(_pattern(page, item) for item in page.sequence(node, "rules"))


def _pattern(page: Page, node: yaml.Node) -> Pattern:
    text = page.text(node, "规则")
    rulebook, _, rule = text.partition("/")
    if not rulebook or not rule or "/" in rule or ("*" in rule and rule != "*") or "*" in rulebook:
        page.fault(node, f"“{text}”不是“规则集/规则”", "如 branch-life/general-meeting 或 branch-life/*")
    return Pattern(rulebook, None if rule == "*" else rule, page.place(node))


def _cap(page: Page, node: yaml.Node | None, what: str) -> Decimal | None:
    if node is None:
        return None
    found = page.mapping(node, what, ("cap",), ("cap",))
    return page.number(found["cap"], "cap", least=Decimal(0)) if "cap" in found else None


def _grades(page: Page, node: yaml.Node) -> tuple[GradeStep, ...]:
    return tuple(_grade(page, item) for item in page.sequence(node, "grades"))


def _grade(page: Page, node: yaml.Node) -> GradeStep:
    found = page.mapping(node, "等次", ("grade", "min", "max_share"), ("grade",))
    share = page.number(found["max_share"], "max_share", least=Decimal(0)) if "max_share" in found else None
    if share is not None and share > 1:
        page.fault(found["max_share"], f"max_share 是比例，应在 0 到 1 之间，这里是 {share}", "三分之一写 0.333")
    return GradeStep(
        grade=page.text(found["grade"], "grade") if "grade" in found else "",
        min=page.number(found["min"], "min") if "min" in found else None,
        max_share=share,
    )


def _escalation(page: Page, node: yaml.Node) -> Escalation:
    found = page.mapping(node, "escalation", ("rules", "steps"), ("rules", "steps"))
    steps = {}
    for key, _, value in page.pairs(found["steps"], "steps") if "steps" in found else ():
        steps[page.whole(key, "steps 的键（连续未完成的次数）", least=1)] = page.text(value, "步骤名")
    return Escalation(_patterns(page, found["rules"]) if "rules" in found else (), tuple(sorted(steps.items())))


def _check_patterns(page: Page, scheme: Scheme, rulebooks: list[Rulebook]) -> None:
    names = known(rulebooks)
    for name, pattern in named(scheme):
        if name not in names:
            page.broken(pattern.place.line, f"没有规则“{name}”", nearest(name, sorted(names)))


def named(scheme: Scheme) -> list[tuple[str, Pattern]]:
    """Every `rulebook/rule` or `rulebook/*` the scheme names, with the place."""
    used = [pattern for dimension in scheme.dimensions for pattern in dimension.rules]
    used += scheme.escalation.rules if scheme.escalation else ()
    return [(f"{pattern.rulebook}/{pattern.rule or '*'}", pattern) for pattern in used]


def known(rulebooks: Iterable[Rulebook]) -> set[str]:
    """Every name a scheme may use: `rulebook/rule` and `rulebook/*`."""
    return {name for book in rulebooks for name in (f"{book.id}/*", *(rule.name for rule in book.rules))}
