"""Reads the clock of a rule: exactly one of `every`, `after` and `always` (engine.md section 1)."""

from __future__ import annotations

import yaml

from zhibu.engine.rulebooks.conditions import condition
from zhibu.engine.rulebooks.model import After, All, Always, Anchored, Calendar, Clock, Span
from zhibu.engine.rulebooks.page import Page

CLOCKS = ("every", "after", "always")
CALENDAR = ("month", "quarter", "half_year", "year")
SPANS = ("days", "months", "working_days")
HINT = "每条规则只有一个时钟：every（按周期）、after（某事之后）或 always（一直成立）"


def clock(page: Page, node: yaml.Node, found: dict[str, yaml.Node]) -> Clock:
    """`found` are the values of the rule's mapping at `node`."""
    named = [key for key in CLOCKS if key in found]
    if len(named) != 1:
        page.fault(node, f"规则有 {len(named)} 个时钟" if named else "规则没有时钟", HINT)
    _only_after(page, found)
    if "every" in named:
        return _every(page, found["every"])
    if "after" in named:
        return _after(page, found)
    return Always(condition(page, found["always"], "always") if "always" in named else All(()))


def _only_after(page: Page, found: dict[str, yaml.Node]) -> None:
    for key in ("within", "not_before"):
        if key in found and "after" not in found:
            page.fault(found[key], f"“{key}”只能与 after 一起用", "按周期的规则请用 grace 宽限")


def _every(page: Page, node: yaml.Node) -> Clock:
    if not isinstance(node, yaml.MappingNode):
        return Calendar(page.choice(node, "every ", CALENDAR))
    found = page.mapping(node, "every", ("months", "years", "from"), ["from"])
    column = page.text(found["from"], "from") if "from" in found else ""
    place = page.place(found.get("from", node))
    units = [key for key in ("months", "years") if key in found]
    if len(units) != 1:
        page.fault(node, "every 要写 months 或 years 中的一个", "如 {years: 3, from: elected_on}")
        return Anchored(1, column, place)
    n = page.whole(found[units[0]], units[0], least=1, most=1200)
    return Anchored(n * 12 if units[0] == "years" else n, column, place)


def _after(page: Page, found: dict[str, yaml.Node]) -> After:
    node = found["after"]
    trigger = page.mapping(node, "after", ("event", "date"))
    if len(trigger) != 1:
        page.fault(node, "after 要写 event 或 date 中的一个", "如 {event: general_meeting} 或 {date: elected_on}")
    if "within" not in found:
        page.fault(node, "有 after 就要有 within", "如 within: {days: 10}")
    return After(
        event=page.text(trigger["event"], "event") if "event" in trigger else None,
        column=page.text(trigger["date"], "date") if "date" in trigger else None,
        within=_span(page, found["within"], "within") if "within" in found else Span("days", 0),
        not_before=_span(page, found["not_before"], "not_before") if "not_before" in found else None,
        place=page.place(trigger.get("date", node)),
    )


def _span(page: Page, node: yaml.Node, what: str) -> Span:
    found = page.mapping(node, what, SPANS)
    if len(found) != 1:
        page.fault(node, f"{what}要写 {'、'.join(SPANS)} 中的一个", f"如 {what}: {{days: 10}}")
        return Span("days", 0)
    unit, value = next(iter(found.items()))
    n = page.whole(value, unit)
    if unit == "days":
        return Span("days", n)
    return Span("months", n) if unit == "months" else Span("working_days", n)
