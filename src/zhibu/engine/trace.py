"""Explains one verdict: rule, source, arithmetic, what counted, what nearly did, what can still be done.

It takes the reference's own steps (owed.py, judge.py), so an explanation cannot say anything else than the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from zhibu.engine import holidays as calendars
from zhibu.engine.bind import bind
from zhibu.engine.conditions import Row, holds
from zhibu.engine.facts import Facts
from zhibu.engine.holidays import Holidays
from zhibu.engine.judge import Judgement, judge
from zhibu.engine.measures import measured
from zhibu.engine.owed import owed
from zhibu.engine.phrases import Words, failures, plain
from zhibu.engine.plan import Bound
from zhibu.engine.remedies import Remedy, remedies
from zhibu.engine.rulebooks.model import Always, Basis, Rule, Rulebook, Source
from zhibu.engine.sentences import UNITS, amount_words, basis_words, number, sentence
from zhibu.engine.verdict import Verdict
from zhibu.engine.world import World

NEAR = timedelta(days=31)  # after a period, an event this close may be a late one


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the arithmetic: `value` is what `text` arrives at (a number, a day, a status, a reason, None)."""

    key: str
    text: str
    value: Fraction | date | str | bool | None


@dataclass(frozen=True, slots=True)
class Counted:
    """An event that belongs to the period. `amount`: what it alone measures."""

    event_id: str
    held_on: date
    recorded_on: date
    timely: bool
    amount: Fraction
    note: str


@dataclass(frozen=True, slots=True)
class Near:
    """An event of a wanted type that does not count, and why."""

    event_id: str
    held_on: date
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one verdict, ready to be shown."""

    rule: Rule
    sentence: str
    source: Source
    clause: str
    grade: str
    strength: str
    verdict: Verdict
    arithmetic: tuple[Step, ...]
    counted: tuple[Counted, ...]
    near: tuple[Near, ...]
    remedies: tuple[Remedy, ...]


class NoVerdictError(LookupError):
    """The rule gives this subject no verdict for this period."""


def explain(
    rulebooks: Iterable[Rulebook],
    facts: Facts,
    window: tuple[date, date],
    as_of: date,
    *,
    rule: str,
    subject_id: str,
    period: str,
    holidays: Holidays | None = None,
    words: Words | None = None,
) -> Explanation:
    """The verdict of `rulebook/rule` on a subject for the period with that label, explained.

    Raises NoVerdictError when an evaluation with the same arguments has no such row, EngineError as evaluation does.
    """
    books = [replace(book, rules=tuple(one for one in book.rules if one.name == rule)) for book in rulebooks]
    plan = bind(books, facts, window, as_of, None, "all", holidays or calendars.official())
    written = {one.place: one for book in books for one in book.rules}
    for bound in plan.rules:
        world = World(plan, only=(bound.rule.subject, subject_id))
        for owed_period, row in owed(world, bound, subject_id):
            if owed_period.label == period:
                found = judge(world, bound, subject_id, owed_period, row)
                explained = _explanation(world, bound, found, words or {})
                return replace(explained, sentence=sentence(written[bound.rule.place], words))
    raise NoVerdictError(f"{rule} 对 {subject_id} 在 {period} 没有结论")


def _explanation(world: World, bound: Bound, found: Judgement, words: Words) -> Explanation:
    rule = bound.rule
    return Explanation(
        rule=rule,
        sentence=sentence(rule, words),
        source=rule.source,
        clause=rule.clause,
        grade=rule.evidence,
        strength=rule.strength,
        verdict=found.verdict,
        arithmetic=tuple(_arithmetic(world.plan.as_of, rule, found, words)),
        counted=tuple(_counted(rule, found, event) for event in found.belonging),
        near=tuple(_near(world, rule, found, words)),
        remedies=remedies(rule, found, world.plan.as_of, words),
    )


# --- arithmetic ---------------------------------------------------------------------------------------------


def _arithmetic(as_of: date, rule: Rule, found: Judgement, words: Words) -> Iterable[Step]:
    verdict = found.verdict
    yield Step("starts_on", f"周期从 {verdict.starts_on}", verdict.starts_on)
    yield Step("ends_on", f"到 {verdict.ends_on}", verdict.ends_on)
    yield Step("deadline", f"{verdict.deadline} 以前记录算按时", verdict.deadline)
    yield Step("as_of", f"按 {as_of} 所知", as_of)
    yield Step(
        "exempt", f"免予评价：{_reason(verdict)}" if verdict.status == "exempt" else "没有豁免", _exempt(verdict)
    )
    if isinstance(rule.clock, Always):
        held = holds(rule.clock.condition, found.row)
        wrong = ";".join(failures(rule.clock.condition, found.row, words))
        yield Step("holds", "条件成立" if held else f"条件不成立：{wrong}", held)
    else:
        yield from _numbers(rule, found, words)
    yield Step("status", f"结论：{STATUS_WORDS[verdict.status]}", verdict.status)
    points = "不计分" if verdict.points is None else f"得 {number(verdict.points)} 分"
    yield Step("points", f"{points}(满分 {number(verdict.max_points)} 分)", verdict.points)


STATUS_WORDS = {
    "met": "按时完成",
    "late": "迟完成",
    "missed": "未完成",
    "exempt": "免予评价",
    "open": "进行中",
    "upcoming": "未开始",
}
REASONS = {"partial": "存续期没有覆盖整个周期", "no basis": "基数列未填，算不出应有多少"}


def _reason(verdict: Verdict) -> str:
    return REASONS.get(verdict.reason or "", verdict.reason or "")


def _exempt(verdict: Verdict) -> str | None:
    return verdict.reason or "" if verdict.status == "exempt" else None


def _numbers(rule: Rule, found: Judgement, words: Words) -> Iterable[Step]:
    assert rule.needs is not None
    verdict, unit = found.verdict, UNITS[rule.needs.measure]
    if verdict.need is None:
        yield Step("need", "应有：算不出", None)
    else:
        yield Step("need", f"应有 {number(verdict.need)} {unit}{_basis(rule, found, words)}", verdict.need)
    for key, name, events in (("timely", "按时", found.timely), ("total", "合计", found.belonging)):
        value = measured(rule.needs.measure, events)
        listed = "、".join(event["event_id"] for event in events) or "没有"
        yield Step(key, f"{name} {number(value)} {unit}({listed})", value)


def _basis(rule: Rule, found: Judgement, words: Words) -> str:
    assert rule.needs is not None
    basis = rule.needs.at_least
    if not isinstance(basis, Basis):
        return f"(规则写明 {amount_words(rule.needs)})"
    return f"({basis_words(basis, words)},{plain(basis.column, words)}是 {found.row[basis.column]})"


# --- events -------------------------------------------------------------------------------------------------


def _counted(rule: Rule, found: Judgement, event: Row) -> Counted:
    assert rule.needs is not None
    timely, note = event in found.timely, "按时"
    if event["makes_up"] is not None:
        note = "补课，算迟完成"
    elif not timely:
        note = f"{event['recorded_on']} 才记录，晚于 {found.verdict.deadline}，算迟完成"
    amount = measured(rule.needs.measure, [event])
    return Counted(event["event_id"], event["held_on"], event["recorded_on"], timely, amount, note)


def _near(world: World, rule: Rule, found: Judgement, words: Words) -> Iterable[Near]:
    if rule.needs is None:
        return
    verdict = found.verdict
    for event in world.events(rule.subject, verdict.subject_id):
        close = verdict.starts_on <= event["held_on"] <= _later(verdict.ends_on)
        fits = not set(rule.needs.event).isdisjoint(event["types"])
        if not fits or not (close or event["makes_up"] == verdict.period):
            continue
        if why := _why_not(rule, found, event, words):
            yield Near(event["event_id"], event["held_on"], tuple(why))


def _later(day: date) -> date:
    return day + NEAR if day <= date.max - NEAR else date.max


def _why_not(rule: Rule, found: Judgement, event: Row, words: Words) -> list[str]:
    assert rule.needs is not None
    why, verdict = failures(rule.needs.where, event, words), found.verdict
    if event["makes_up"] not in (None, verdict.period):
        why.append(f"是补 {event['makes_up']} 的")
    elif event["makes_up"] is None and event["held_on"] > verdict.ends_on:
        why.append(f"{event['held_on']} 已过周期末 {verdict.ends_on}；如是补课，请注明补 {verdict.period}")
    return why
