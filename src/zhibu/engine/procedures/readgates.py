"""Reads grounds, moments and gates (decision 18, section 3); faults go to the sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import get_args

import yaml

from zhibu.engine.ballots import Share
from zhibu.engine.procedures.model import (
    Age,
    Dates,
    From,
    Gate,
    Ground,
    Lasts,
    Moment,
    Span,
    Until,
    VoteGate,
    Where,
)
from zhibu.engine.procedures.sheet import Sheet
from zhibu.engine.rulebooks.conditions import condition
from zhibu.engine.rulebooks.model import Grade, Source, Status, Strength
from zhibu.engine.rulebooks.page import nearest

GROUND = ("source", "strength", "evidence", "status")
SPANS = ("days", "months", "years", "working_days")
MOST = {"days": 36_600, "months": 1200, "years": 100, "working_days": 1000}
GATES = 30  # of a kind, of one step
BASES = ("after", "value", "opened")
KINDS = {
    "age": ("value", "years"),
    "value": ("where",),
    "dates": ("value", "from", "until"),
    "vote": ("quorum", "passes", "written"),
}
Sources = Mapping[str, Source]
Found = dict[str, yaml.Node]


def ground(sheet: Sheet, found: Found, sources: Sources, usual: Ground | None = None) -> Ground:
    """What is written, else what the step says (`usual`). What is known from memory only is a draft."""
    base = usual or Ground(None, "", "hard", "text", "active")
    source, clause = _source(sheet, found["source"], sources) if "source" in found else (base.source, base.clause)
    grade: Grade = base.evidence
    status: Status = base.status
    if "evidence" in found:
        grade = sheet.choice(found["evidence"], "evidence", get_args(Grade))
        status = "draft" if grade == "memory" else "active"
    if "status" in found:
        status = sheet.choice(found["status"], "status", get_args(Status))
    strength: Strength = base.strength
    if "strength" in found:
        strength = sheet.choice(found["strength"], "strength", get_args(Strength))
    says = sheet.text(found["says"], "says") if "says" in found else ""
    return Ground(source, clause, strength, grade, status, says)


def _source(sheet: Sheet, node: yaml.Node, sources: Sources) -> tuple[Source | None, str]:
    found = sheet.mapping(node, "source", ("ref", "clause"), descriptive=("ref", "clause"))
    clause = sheet.text(found["clause"], "clause") if "clause" in found else ""
    ref = sheet.text(found["ref"], "ref") if "ref" in found else ""
    if ref and ref not in sources:
        sheet.fault(found["ref"], f"出处“{ref}”不在 sources 中", nearest(ref, sources))
    return sources.get(ref), clause


# --- spans and moments --------------------------------------------------------------------------------------


def span(sheet: Sheet, node: yaml.Node, found: Found, what: str) -> Span:
    """Exactly one of the units among the keys found."""
    written = [unit for unit in SPANS if unit in found]
    if len(written) != 1:
        sheet.fault(node, f"{what}要写 {'、'.join(SPANS)} 中的一个", f"如 {what}: {{…, months: 6}}")
        return Span("days", 0)
    n = sheet.whole(found[written[0]], written[0], most=MOST[written[0]])
    match written[0]:
        case "months":
            return Span("months", n)
        case "years":
            return Span("years", n)
        case "working_days":
            return Span("working_days", n)
    return Span("days", n)


def moment(sheet: Sheet, node: yaml.Node, what: str) -> Moment:
    return _moment(sheet, node, sheet.mapping(node, what, (*BASES, *SPANS)), what)


def _moment(sheet: Sheet, node: yaml.Node, found: Found, what: str) -> Moment:
    written = [base for base in BASES if base in found]
    if len(written) != 1:
        sheet.fault(node, f"{what}要写 after、value、opened 中的一个", f"如 {what}: {{after: 步骤, months: 6}}")
    step = sheet.mention("step", found["after"], "after") if "after" in written else None
    value = sheet.mention("value", found["value"], "value", dated=True) if "value" in written else None
    if "opened" in found and not sheet.flag(found["opened"], "opened"):
        sheet.fault(found["opened"], "opened 只能是 true", "从办理开始算起写 opened: true")
    return Moment(step, value if step is None else None, step is None and value is None, span(sheet, node, found, what))


# --- gates --------------------------------------------------------------------------------------------------


def gates(sheet: Sheet, found: Found, sources: Sources, usual: Ground) -> tuple[Gate, ...]:
    """`from`, `until`, `lasts` and `gates` of a step, an outcome or a tightening."""
    made: list[Gate] = []
    for key in ("from", "until", "lasts"):
        if key in found:
            made += [_timed(sheet, key, node, sources, usual) for node in _one_or_more(sheet, found[key], key)]
    for node in sheet.few(found["gates"], "gates", GATES, empty=True) if "gates" in found else []:
        if (gate := _gate(sheet, node, sources, usual)) is not None:
            made.append(gate)
    return tuple(made)


def _one_or_more(sheet: Sheet, node: yaml.Node, what: str) -> list[yaml.Node]:
    return sheet.few(node, what, GATES) if isinstance(node, yaml.SequenceNode) else [node]


def _timed(sheet: Sheet, key: str, node: yaml.Node, sources: Sources, usual: Ground) -> Gate:
    if key == "lasts":
        found = sheet.mapping(node, key, (*SPANS, *GROUND, "says"))
        return Lasts(span(sheet, node, found, key), ground(sheet, found, sources, usual))
    extra = ("longest",) if key == "until" else ()
    found = sheet.mapping(node, key, (*BASES, *SPANS, *extra, *GROUND, "says"))
    at, basis = _moment(sheet, node, found, key), ground(sheet, found, sources, usual)
    if key == "from":
        return From(at, basis)
    if "longest" not in found:
        return Until(at, None, "", basis)
    far = sheet.mapping(found["longest"], "longest", (*SPANS, "because"))
    because = sheet.text(far["because"], "because") if "because" in far else ""
    return Until(at, span(sheet, found["longest"], far, "longest"), because, basis)


def _gate(sheet: Sheet, node: yaml.Node, sources: Sources, usual: Ground) -> Gate | None:
    keys = {key for own in KINDS.values() for key in own}
    found = sheet.mapping(node, "gates 的一项", ("kind", *keys, *GROUND, "says"), ("kind",))
    if "kind" not in found:
        return None
    kind = sheet.choice(found["kind"], "kind", tuple(KINDS))
    for key in keys & found.keys() - set(KINDS[kind]):
        sheet.fault(found[key], f"kind: {kind} 没有“{key}”", f"可用：{'、'.join(KINDS[kind])}")
    basis = ground(sheet, found, sources, usual)
    match kind:
        case "age":
            return _age(sheet, node, found, basis)
        case "value":
            return _where(sheet, node, found, basis)
        case "dates":
            return _dates(sheet, node, found, basis)
    return _vote(sheet, node, found, basis)


def _needed(sheet: Sheet, node: yaml.Node, found: Found, kind: str, *keys: str) -> bool:
    missing = [key for key in keys if key not in found]
    for key in missing:
        sheet.fault(node, f"kind: {kind} 缺少“{key}”", f"请补上“{key}: …”")
    return not missing


def _age(sheet: Sheet, node: yaml.Node, found: Found, basis: Ground) -> Age | None:
    if not _needed(sheet, node, found, "age", "value", "years"):
        return None
    value = sheet.mention("value", found["value"], "value", dated=True)
    return Age(value, sheet.whole(found["years"], "years", least=1, most=150), basis)


def _where(sheet: Sheet, node: yaml.Node, found: Found, basis: Ground) -> Where | None:
    if not _needed(sheet, node, found, "value", "where"):
        return None
    test = condition(sheet, found["where"], "where")
    sheet.tests(test)
    return Where(test, basis)


def _dates(sheet: Sheet, node: yaml.Node, found: Found, basis: Ground) -> Dates | None:
    if not _needed(sheet, node, found, "dates", "value"):
        return None
    if not {"from", "until"} & found.keys():
        sheet.fault(node, "kind: dates 要写 from 或 until", "如 from: {after: 步骤, months: 6}")
    value = sheet.mention("value", found["value"], "value", dated=True)
    since = moment(sheet, found["from"], "from") if "from" in found else None
    return Dates(value, since, moment(sheet, found["until"], "until") if "until" in found else None, basis)


def _vote(sheet: Sheet, node: yaml.Node, found: Found, basis: Ground) -> VoteGate:
    if not {"quorum", "passes"} & found.keys():
        sheet.fault(node, "kind: vote 要写 quorum 或 passes", "如 passes: {of: due, over: 1/2}")
    quorum = _share(sheet, found["quorum"], "quorum", ("due", "seats")) if "quorum" in found else None
    passes = (
        _share(sheet, found["passes"], "passes", ("due", "present", "seats", "returned")) if "passes" in found else None
    )
    return VoteGate(quorum, passes, sheet.flag(found["written"], "written") if "written" in found else False, basis)


def _share(sheet: Sheet, node: yaml.Node, what: str, bases: tuple[str, ...]) -> Share | None:
    found = sheet.mapping(node, what, ("of", "over", "at_least"), ("of",))
    written = [key for key in ("over", "at_least") if key in found]
    if len(written) != 1:
        sheet.fault(node, f"{what}要写 over（超过）或 at_least（不少于）中的一个", f"如 {what}: {{of: due, over: 1/2}}")
    if "of" not in found or len(written) != 1:
        return None
    part = _fraction(sheet, found[written[0]], written[0])
    over, at_least = (part, None) if written[0] == "over" else (None, part)
    return Share(sheet.choice(found["of"], "of", bases), over, at_least)


def _fraction(sheet: Sheet, node: yaml.Node, what: str) -> Fraction:
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    match = re.fullmatch(r"([0-9]{1,4})(?:/([0-9]{1,4}))?", text)
    part = Fraction(int(match[1]), int(match[2] or 1)) if match and int(match[2] or 1) else None
    top = part is not None and (part < 1 if what == "over" else part <= 1)
    if part is None or not top or part < 0 or (what == "at_least" and part == 0):
        sheet.fault(node, f"{what}应是不大于 1 的分数", "如 1/2、2/3、4/5；全体写 at_least: 1")
        return Fraction(1, 2)
    return part
