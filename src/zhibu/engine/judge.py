"""Judges one subject, rule and period: the reference's one step, which explanations take too. Serves the meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from zhibu.engine import measures, verdict
from zhibu.engine.conditions import Row, holds
from zhibu.engine.facts.numbers import number
from zhibu.engine.periods import Period, add_days
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import Always, Needs, Rule
from zhibu.engine.subjects import lived_through
from zhibu.engine.verdict import Verdict
from zhibu.engine.world import World


class Judgement(NamedTuple):
    """A verdict with what it was read from."""

    verdict: Verdict
    row: Row
    belonging: tuple[Row, ...]
    timely: tuple[Row, ...]


def judge(
    world: World, bound: Bound, identity: str, period: Period, row: Row, own: Sequence[Row] | None = None
) -> Judgement:
    """`row` is the subject's on the basis day; the rule binds it in this period (owed.py).

    `own`: what `wanted` gives, from a caller who judges several periods.
    """
    rule = bound.rule
    excuse = excused(world, rule, identity, period, row)
    if isinstance(rule.clock, Always) or rule.needs is None:
        return Judgement(_standing(world, rule, identity, period, row, excuse), row, (), ())
    deadline = add_days(period.ends_on, rule.grace)
    own = wanted(world, rule, identity) if own is None else own
    where = rule.needs.where
    held = [event for event in own if belongs(event, period)]
    belonging = tuple(held if where is None else [event for event in held if world.holds(where, event)])
    timely = tuple([event for event in belonging if is_timely(event, deadline)])
    total = in_time = measures.measured(rule.needs.measure, belonging)
    if len(timely) < len(belonging):
        in_time = measures.measured(rule.needs.measure, timely)
    numbers = (measures.need(rule.needs, row), in_time, total)
    found = _verdict(world, rule, identity, period, deadline, numbers, excuse, belonging)
    return Judgement(found, row, belonging, timely)


def wanted(world: World, rule: Rule, identity: str) -> list[Row]:
    """The subject's own events of the types the rule needs, by day held, then id."""
    return [] if rule.needs is None else world.of_types(rule.subject, identity, rule.needs.event)


def satisfies(needs: Needs, event: Row) -> bool:
    """One of the wanted types, and the condition on the event's columns."""
    return not set(needs.event).isdisjoint(event["types"]) and holds(needs.where, event)


def belongs(event: Row, period: Period) -> bool:
    """Held in the period, or honestly made up for it later."""
    made_up = event["makes_up"]
    found: bool = period.starts_on <= event["held_on"] <= period.ends_on if made_up is None else made_up == period.label
    return found


def is_timely(event: Row, deadline: date) -> bool:
    return event["makes_up"] is None and event["recorded_on"] <= deadline


Excuse = tuple[str | None] | None  # the reason of an exemption, in a tuple because a reason may be missing


def excused(world: World, rule: Rule, identity: str, period: Period, row: Row) -> Excuse:
    """A waiver (of several, the first in the table), else a life that does not cover the period."""
    waivers = world.waivers(rule.subject, identity, rule.name, period.ends_on)
    if waivers:
        return (waivers[0]["reason"],)
    if rule.partial == "exempt" and not lived_through(rule.subject, row, period, world.plan.as_of):
        return ("partial",)
    return None


def _verdict(
    world: World,
    rule: Rule,
    identity: str,
    period: Period,
    deadline: date,
    numbers: tuple[Fraction | None, Fraction, Fraction],
    excuse: Excuse,
    belonging: tuple[Row, ...],
) -> Verdict:
    need, timely, total = numbers
    if excuse is None and need is None:
        excuse = ("no basis",)
    status: verdict.Status = "exempt"
    if excuse is None and need is not None:
        status = verdict.status(need, timely, total, period.starts_on, deadline, world.plan.as_of)
    evidence, reason = tuple([event["event_id"] for event in belonging]), excuse[0] if excuse else None
    return _told(rule, identity, period, deadline, status, need, timely, total, evidence, reason)


def _standing(world: World, rule: Rule, identity: str, period: Period, row: Row, excuse: Excuse) -> Verdict:
    """An `always` rule: exempt, met or missed; no grace, no numbers, no evidence."""
    held = isinstance(rule.clock, Always) and world.holds(rule.clock.condition, row)
    status: verdict.Status = "exempt" if excuse else "met" if held else "missed"
    return _told(rule, identity, period, period.ends_on, status, None, None, None, (), excuse[0] if excuse else None)


def _told(
    rule: Rule,
    identity: str,
    period: Period,
    deadline: date,
    status: verdict.Status,
    need: Fraction | None,
    timely: Fraction | None,
    total: Fraction | None,
    evidence: tuple[str, ...],
    reason: str | None,
) -> Verdict:
    points, most = verdict.earned(rule.points, status), number(rule.points.met)
    return Verdict(
        rule.subject, identity, rule.rulebook, rule.id, rule.strength,
        period.label, period.starts_on, period.ends_on, deadline,
        status, need, timely, total, points, most, evidence, reason, period.provisional,
    )  # fmt: skip
