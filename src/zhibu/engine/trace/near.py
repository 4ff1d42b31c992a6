"""What nearly counted: events and waivers that plausibly could have, each with every reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine import periods
from zhibu.engine.conditions import Row, holds
from zhibu.engine.errors import Rejected
from zhibu.engine.facts.rejections import about
from zhibu.engine.facts.shape import ROW, SUBJECTS
from zhibu.engine.judge import Judgement
from zhibu.engine.phrases import Words, failures, plain
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import Calendar, Needs, Rule
from zhibu.engine.trace.objects import Excuse, Miss, Near
from zhibu.engine.verdict import Verdict

Reason = tuple[Miss, str]
SHORTEST, LONGEST = 7, 31  # days around a period in which an event may have been meant for it: a third of its length


def near(plan: Plan, rule: Rule, found: Judgement, words: Words) -> tuple[Near, ...]:
    """Events that miss the period by their kind alone, or are of a wanted kind and close to it; by day and id."""
    if rule.needs is None:
        return ()
    verdict, belonging = found.verdict, {event["event_id"] for event in found.belonging}
    rows = [row for row in _rows(plan.facts["events"], rule, verdict) if row["event_id"] not in belonging]
    seen = [(row, _reasons(plan, rule, rule.needs, verdict, row, words)) for row in rows]
    bad = [row for table in plan.facts.left_out.get("events", ()) for row in _rows(table, rule, verdict)]
    seen += _rejections(plan, [row for row in bad if _meant(rule.needs, verdict, row)])
    nears = [
        Near(row["event_id"], row["held_on"], tuple(key for key, _ in why), tuple(text for _, text in why))
        for row, why in seen
        if _close(verdict, row, {key for key, _ in why})
    ]
    return tuple(sorted(nears, key=lambda one: (one.held_on or date.min, one.event_id or "")))


def _rows(table: pa.Table, rule: Rule, verdict: Verdict) -> list[Row]:
    identity = SUBJECTS[rule.subject][1]
    rows: list[Row] = table.filter(pc.equal(table[identity], verdict.subject_id)).to_pylist()
    return rows


def _close(verdict: Verdict, row: Row, misses: set[Miss]) -> bool:
    """Worth telling. An event of another kind only if nothing else is amiss."""
    if "rejected" in misses:
        return True
    if "type" in misses:
        return misses == {"type"}
    if row["makes_up"] is not None:
        return _same_label(row["makes_up"], verdict.period) or _inside(verdict, row["held_on"], 0)
    return _inside(verdict, row["held_on"], _margin(verdict))


def _margin(verdict: Verdict) -> int:
    return min(LONGEST, max(SHORTEST, (verdict.ends_on - verdict.starts_on).days // 3))


def _inside(verdict: Verdict, day: date, margin: int) -> bool:
    return _shift(verdict.starts_on, -margin) <= day <= _shift(verdict.ends_on, margin)


def _shift(day: date, days: int) -> date:
    return date.fromordinal(max(1, min(day.toordinal() + days, date.max.toordinal())))


def _same_label(written: str, label: str) -> bool:
    """The label but for its spelling: 2025q2, 2025-Q2, 2025 Q2."""
    return _plainly(written) == _plainly(label)


def _plainly(label: str) -> str:
    return re.sub(r"[^0-9a-z.]", "", label.casefold())


# --- why an event does not count ----------------------------------------------------------------------------


def _reasons(plan: Plan, rule: Rule, needs: Needs, verdict: Verdict, event: Row, words: Words) -> list[Reason]:
    return [
        *_of_kind(needs, event, words),
        *_of_time(plan, rule, verdict, event),
        *_of_knowledge(plan, event),
    ]


def _of_kind(needs: Needs, event: Row, words: Words) -> Iterator[Reason]:
    if set(needs.event).isdisjoint(event["types"]):
        has = "、".join(plain(one, words) for one in event["types"]) or "空"
        yield "type", f"类型是{has}，要求{'或'.join(plain(one, words) for one in needs.event)}"
    if not holds(needs.where, event):
        yield "condition", "；".join(failures(needs.where, event, words))


def _of_time(plan: Plan, rule: Rule, verdict: Verdict, event: Row) -> Iterator[Reason]:
    held, makes_up, period = event["held_on"], event["makes_up"], verdict.period
    if makes_up is not None and makes_up != period:
        spelt = f"是补“{makes_up}”的，这一期写作 {period}，要一字不差"
        yield "made_up", spelt if _same_label(makes_up, period) else f"是补 {makes_up} 的"
    elif makes_up is None and held < verdict.starts_on:
        yield "before", f"{held} 早于周期首日 {verdict.starts_on}{_elsewhere(plan, rule, held)}"
    elif makes_up is None and held > verdict.ends_on:
        advice = f"；如是补课，请注明补 {period}"
        yield "after", f"{held} 已过周期末 {verdict.ends_on}{_elsewhere(plan, rule, held)}{advice}"


def _elsewhere(plan: Plan, rule: Rule, held: date) -> str:
    """The period of a calendar rule in which the day lies."""
    if not isinstance(rule.clock, Calendar):
        return ""
    year = (date(held.year, 1, 1), date(held.year, 12, 31))
    own = [one for one in periods.calendar(rule.clock.unit, year) if one.starts_on <= held <= one.ends_on]
    return f"，算在 {own[0].label}" if own else ""


def _of_knowledge(plan: Plan, event: Row) -> Iterator[Reason]:
    if event["recorded_on"] > plan.as_of:
        yield "unseen", f"{event['recorded_on']} 才记录，按 {plan.as_of} 所知还没有"


# --- rejected rows ------------------------------------------------------------------------------------------


def _meant(needs: Needs, verdict: Verdict, row: Row) -> bool:
    """As far as the row can be read, it is of a wanted kind and close to the period."""
    fits = not row["types"] or not set(needs.event).isdisjoint(row["types"])
    if row["makes_up"] is not None:
        return fits and _same_label(row["makes_up"], verdict.period)
    return fits and (row["held_on"] is None or _inside(verdict, row["held_on"], _margin(verdict)))


def _rejections(plan: Plan, rows: list[Row]) -> list[tuple[Row, list[Reason]]]:
    wrong = about(plan.facts.rejected, "events", [row[ROW] for row in rows])
    return [(row, [("rejected", _said(one) + _twin(plan, one, row)) for one in wrong[row[ROW]]]) for row in rows]


def _said(one: Rejected) -> str:
    return f"第 {one.row} 行有误，没有计入：{one.said}"


def _twin(plan: Plan, one: Rejected, row: Row) -> str:
    """Where the row stands that came first with the same id."""
    if one.column != "event_id" or row["event_id"] is None:
        return ""
    events = plan.facts["events"]
    first = events.filter(pc.equal(events["event_id"], row["event_id"]))[ROW].to_pylist()
    return f"（第 {first[0]} 行）" if first else ""


# --- waivers ------------------------------------------------------------------------------------------------


def excuses(plan: Plan, rule: Rule, found: Judgement) -> tuple[Excuse, ...]:
    """Waivers of this subject and rule that hold near the period, but not on its last day."""
    verdict = found.verdict
    if verdict.status == "exempt":
        return ()
    bad = [row for table in plan.facts.left_out.get("waivers", ()) for row in _waivers(table, rule, verdict)]
    good = [row for row in _waivers(plan.facts["waivers"], rule, verdict) if _touches(verdict, row)]
    wrong = about(plan.facts.rejected, "waivers", [row[ROW] for row in bad])
    return (*(_uncovering(verdict, row) for row in good), *(_broken(row, wrong[row[ROW]]) for row in bad))


def _waivers(table: pa.Table, rule: Rule, verdict: Verdict) -> list[Row]:
    own = pc.and_(pc.equal(table["subject_id"], verdict.subject_id), pc.equal(table["rule"], rule.name))
    rows: list[Row] = table.filter(own).to_pylist()
    return [row for row in rows if row["subject"] in (rule.subject, None)]


def _touches(verdict: Verdict, row: Row) -> bool:
    margin = _margin(verdict)
    return bool(row["from"] <= _shift(verdict.ends_on, margin) and row["to"] >= _shift(verdict.starts_on, -margin))


def _uncovering(verdict: Verdict, row: Row) -> Excuse:
    why = f"缓办从 {row['from']} 到 {row['to']}，不含这一期的最后一天 {verdict.ends_on}"
    return Excuse(row["from"], row["to"], row["reason"], why)


def _broken(row: Row, wrong: list[Rejected]) -> Excuse:
    return Excuse(row["from"], row["to"], row["reason"], "；".join(map(_said, wrong)))
