"""Reads one rule (engine.md section 1): whom it binds, when, what it needs, what it is worth."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import yaml

from zhibu.engine.rulebooks.clocks import CLOCKS, clock
from zhibu.engine.rulebooks.conditions import condition
from zhibu.engine.rulebooks.model import (
    Always,
    Basis,
    Condition,
    Grade,
    Measure,
    Needs,
    Points,
    Rule,
    Source,
    Status,
    Strength,
    Subject,
)
from zhibu.engine.rulebooks.page import Page, nearest

REQUIRED = ("id", "applies_to")
DESCRIPTIVE = ("title", "source")
OPTIONAL = ("within", "not_before", "needs", "grace", "points", "partial", "strength", "evidence", "status")
KNOWN = (*REQUIRED, *DESCRIPTIVE, *CLOCKS, *OPTIONAL)
DEFAULT_POINTS = {"met": Decimal(1), "late": Decimal("0.5"), "missed": Decimal(0)}


def rule(page: Page, node: yaml.Node, rulebook: str, sources: dict[str, Source]) -> Rule:
    """One entry of `rules`; faults go to the page."""
    found = page.mapping(node, "规则", KNOWN, REQUIRED, DESCRIPTIVE)
    identity = page.name(found["id"], "规则的 id ") if "id" in found else ""
    source, clause = _source(page, found.get("source"), sources)
    subject, where = _applies_to(page, found.get("applies_to"))
    grade: Grade = page.choice(found["evidence"], "evidence", get_args(Grade)) if "evidence" in found else "text"
    status: Status = "draft" if grade == "memory" else "active"
    return Rule(
        rulebook=rulebook,
        id=identity,
        title=page.text(found["title"], "title") if "title" in found else identity,
        source=source,
        clause=clause,
        strength=page.choice(found["strength"], "strength", get_args(Strength)) if "strength" in found else "hard",
        evidence=grade,
        status=page.choice(found["status"], "status", get_args(Status)) if "status" in found else status,
        subject=subject,
        where=where,
        clock=(ticks := clock(page, node, found)),
        needs=_needs(page, node, found, standing=isinstance(ticks, Always)),
        grace=_grace(page, found.get("grace")),
        points=_points(page, found.get("points")),
        partial=page.choice(found["partial"], "partial", ("exempt", "due")) if "partial" in found else "exempt",
        place=page.place(node),
    )


def _source(page: Page, node: yaml.Node | None, sources: dict[str, Source]) -> tuple[Source, str]:
    missing = Source("", "", "", None)
    if node is None:
        return missing, ""
    found = page.mapping(node, "source", ("ref", "clause"), descriptive=("ref", "clause"))
    clause = page.text(found["clause"], "clause") if "clause" in found else ""
    ref = page.text(found["ref"], "ref") if "ref" in found else ""
    if ref and ref not in sources:
        page.fault(found["ref"], f"出处“{ref}”不在 sources 中", nearest(ref, sources))
    return sources.get(ref, missing), clause


def _applies_to(page: Page, node: yaml.Node | None) -> tuple[Subject, Condition | None]:
    if node is None:
        return "organisation", None
    found = page.mapping(node, "applies_to", ("subject", "where"), ("subject",))
    where = condition(page, found["where"], "where") if "where" in found else None
    subject: Subject = (
        page.choice(found["subject"], "subject", get_args(Subject)) if "subject" in found else "organisation"
    )
    return subject, where


def _needs(page: Page, rule: yaml.Node, rule_keys: dict[str, yaml.Node], *, standing: bool) -> Needs | None:
    node = rule_keys.get("needs")
    if standing:
        if node is not None:
            page.fault(node, "always 规则不能有 needs", "always 只看对象自己的列；要看活动请用 every 或 after")
        return None
    if node is None:
        page.fault(rule, "规则缺少 needs", "如 needs: {event: [general_meeting]}")
        return None
    found = page.mapping(node, "needs", ("event", "where", "measure", "at_least"), ("event",))
    types = [page.text(item, "活动类型") for item in page.sequence(found["event"], "event")] if "event" in found else []
    return Needs(
        event=tuple(types),
        where=condition(page, found["where"], "where") if "where" in found else None,
        measure=page.choice(found["measure"], "measure", get_args(Measure)) if "measure" in found else "count",
        at_least=_at_least(page, found["at_least"]) if "at_least" in found else Decimal(1),
    )


def _at_least(page: Page, node: yaml.Node) -> Decimal | Basis:
    if not isinstance(node, yaml.MappingNode):
        return page.number(node, "at_least", least=Decimal(0))
    found = page.mapping(node, "at_least", ("column", "times", "round"), ("column",))
    return Basis(
        column=page.text(found["column"], "column") if "column" in found else "",
        times=page.number(found["times"], "times") if "times" in found else Decimal(1),
        round=page.choice(found["round"], "round", ("up", "down")) if "round" in found else None,
        place=page.place(found.get("column", node)),
    )


def _grace(page: Page, node: yaml.Node | None) -> int:
    if node is None:
        return 0
    found = page.mapping(node, "grace", ("days",), ("days",))
    return page.whole(found["days"], "days", most=36_600) if "days" in found else 0


def _points(page: Page, node: yaml.Node | None) -> Points:
    found = page.mapping(node, "points", tuple(DEFAULT_POINTS)) if node is not None else {}
    return Points(**DEFAULT_POINTS | {key: page.number(value, key) for key, value in found.items()})
