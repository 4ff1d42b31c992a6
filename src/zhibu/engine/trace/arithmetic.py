"""The arithmetic of a verdict, line by line: every number it was read from, and how it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from zhibu.engine import periods
from zhibu.engine.conditions import exact, holds
from zhibu.engine.judge import Judgement
from zhibu.engine.measures import measured
from zhibu.engine.phrases import Words, failures, plain
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After, Always, Anchored, Basis, Rule
from zhibu.engine.sentences import REASONS, STATUS_WORDS, UNITS, amount_words, basis_words, number, span
from zhibu.engine.subjects import life
from zhibu.engine.trace.objects import Step
from zhibu.engine.verdict import Verdict
from zhibu.engine.world import World


def arithmetic(world: World, bound: Bound, found: Judgement, words: Words) -> Iterator[Step]:
    rule, verdict, as_of = bound.rule, found.verdict, world.plan.as_of
    yield from _origin(world, rule, verdict, words)
    if isinstance(rule.clock, Always):
        yield Step("starts_on", f"看 {verdict.starts_on} 这一天的资料", verdict.starts_on)
    else:
        yield Step("starts_on", f"周期从 {verdict.starts_on}", verdict.starts_on)
        yield Step("ends_on", f"到 {verdict.ends_on}", verdict.ends_on)
        yield Step("deadline", f"{verdict.deadline} 以前记录算按时", verdict.deadline)
    yield Step("as_of", f"按 {as_of} 所知", as_of)
    yield _exemption(world, rule, found)
    if isinstance(rule.clock, Always):
        held = holds(rule.clock.condition, found.row)
        wrong = "；".join(failures(rule.clock.condition, found.row, words))
        yield Step("holds", "条件成立" if held else f"条件不成立：{wrong}", held)
    else:
        yield from _numbers(rule, found, words)
    yield Step("status", f"结论：{STATUS_WORDS[verdict.status]}", verdict.status)
    points = "不计分" if verdict.points is None else f"得 {number(verdict.points)} 分"
    yield Step("points", f"{points}（满分 {number(verdict.max_points)} 分）", verdict.points)


# --- where the period comes from ----------------------------------------------------------------------------


def _origin(world: World, rule: Rule, verdict: Verdict, words: Words) -> Iterable[Step]:
    match rule.clock:
        case Anchored(months, column):
            for row in world.histories[rule.subject][verdict.subject_id]:
                if (day := row[column]) and _starts(day, months, verdict):
                    yield Step("anchor", f"{plain(column, words)} {day} 起，每 {months} 个月一期", day)
                    return
        case After(column=str(column)) as clock:
            for row in world.histories[rule.subject][verdict.subject_id]:
                if (day := row[column]) and _gives(world, clock, day, verdict):
                    yield Step("trigger", f"{plain(column, words)} {day}，{_within(clock)}", day)
                    return
        case After(event=str(event)) as clock:
            for row in world.events(rule.subject, verdict.subject_id):
                if event in row["types"] and _gives(world, clock, row["held_on"], verdict):
                    text = f"{row['held_on']} 的{plain(event, words)}（{row['event_id']}）以后，{_within(clock)}"
                    yield Step("trigger", text, row["held_on"])
    if verdict.provisional:
        yield Step("provisional", "节假日安排还没有公布，工作日暂按周末推算", True)


def _starts(anchor: date, months: int, verdict: Verdict) -> bool:
    found = periods.anchored(anchor, months, (verdict.ends_on, verdict.ends_on))
    return any(period.label == verdict.period for period in found)


def _gives(world: World, clock: After, trigger: date, verdict: Verdict) -> bool:
    period = periods.following(trigger, clock, world.plan.holidays)
    return period is not None and period.label == verdict.period


def _within(clock: After) -> str:
    start = f"满 {span(clock.not_before)}，" if clock.not_before else ""
    return f"{start}{span(clock.within)}内"


# --- exemption, numbers -------------------------------------------------------------------------------------


def _exemption(world: World, rule: Rule, found: Judgement) -> Step:
    verdict = found.verdict
    if verdict.status != "exempt":
        return Step("exempt", "没有豁免", None)
    reason = REASONS.get(verdict.reason or "", verdict.reason or "")
    waivers = world.waivers(rule.subject, verdict.subject_id, rule.name, verdict.ends_on)
    if waivers:
        detail = f"，缓办从 {waivers[0]['from']} 到 {waivers[0]['to']}"
    elif verdict.reason == "partial":
        born, died = life(rule.subject, found.row)
        detail = f"，存续{_open('从', born, date.min)}{_open('到', died, date.max)}".rstrip()
    else:
        detail = ""
    return Step("exempt", f"免予评价：{reason}{detail}", verdict.reason or "")


def _open(word: str, day: date, unknown: date) -> str:
    return "" if day == unknown else f"{word} {day} "


def _numbers(rule: Rule, found: Judgement, words: Words) -> Iterable[Step]:
    assert rule.needs is not None
    verdict, unit = found.verdict, UNITS[rule.needs.measure]
    if verdict.need is None:
        yield Step("need", f"应有：算不出{_basis(rule, found, words)}", None)
    else:
        yield Step("need", f"应有 {number(verdict.need)} {unit}{_basis(rule, found, words)}", verdict.need)
    for key, name, events in (("timely", "按时", found.timely), ("total", "合计", found.belonging)):
        value = measured(rule.needs.measure, events)
        listed = "、".join(event["event_id"] for event in events) or "没有"
        yield Step(key, f"{name} {number(value)} {unit}（{listed}）", value)


def _basis(rule: Rule, found: Judgement, words: Words) -> str:
    assert rule.needs is not None
    basis = rule.needs.at_least
    if not isinstance(basis, Basis):
        return f"（规则写明 {amount_words(rule.needs)}）"
    value, asked = exact(found.row.get(basis.column)), basis_words(basis, words)
    if value is None:
        return f"（{asked}，{plain(basis.column, words)}未填）"
    product = "" if basis.times == 1 else f"，{number(value)} × {basis.times} = {number(value * Fraction(basis.times))}"
    return f"（{asked}，{plain(basis.column, words)}是 {number(value)}{product}）"
