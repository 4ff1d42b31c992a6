"""Whether the gates of a step hold for a record, and what each says when it does not (decision 18, section 3).

Serves the meaning. `check` asks all of them, `standing` those that read nothing but the case and the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from zhibu.engine.conditions import holds
from zhibu.engine.phrases import failures, tidy
from zhibu.engine.procedures import votes, words
from zhibu.engine.procedures.model import (
    Age,
    Dates,
    From,
    Gate,
    Ground,
    Lasts,
    Moment,
    Reason,
    Record,
    Span,
    Until,
    VoteGate,
    Where,
)
from zhibu.engine.procedures.moments import Sight, add, day_of


def weight(ground: Ground) -> Literal["refused", "reason_needed", "hint"]:
    """How a gate that does not hold weighs: drafts and `may` never more than a hint."""
    if ground.status == "draft" or ground.strength == "may":
        return "hint"
    return "refused" if ground.strength == "hard" else "reason_needed"


def of_day(gate: Gate, sight: Sight, done: date) -> Iterator[Reason]:
    """What `from`, `until` and `age` say of a day."""
    match gate:
        case From():
            yield from _from(gate, sight, done)
        case Until():
            yield from _until(gate, sight, done)
        case Age():
            yield from _age(gate, sight, done)


def of_record(gate: Gate, sight: Sight, record: Record) -> Iterator[Reason]:
    """What any gate says of a record."""
    match gate:
        case From() | Age():
            yield from of_day(gate, sight, record.done)
        case Until():
            if not (gate.longest and record.reason.strip() and within(gate, sight, record.done)):
                yield from _until(gate, sight, record.done)
        case Lasts():
            yield from _lasts(gate, sight, record)
        case Where(condition):
            if not holds(condition, sight.values):
                names = words.mapping(sight.procedure)
                yield _fails(gate.ground, tidy("；".join(failures(condition, sight.values, names))))
        case Dates():
            yield from _dates(gate, sight)
        case VoteGate():
            for said in votes.failures(gate, record.votes, record.outcome):
                yield _fails(gate.ground, said)


def _fails(ground: Ground, said: str, possible: date | None = None, provisional: bool = False) -> Reason:
    """The gate's own sentence, where it has one, before the reckoning."""
    sentence = f"{ground.says}：{said}" if ground.says else said
    return Reason(weight(ground), sentence, words.clause(ground), possible, provisional, of_day=possible is not None)


# --- each gate ----------------------------------------------------------------------------------------------


def _from(gate: From, sight: Sight, done: date) -> Iterator[Reason]:
    found = day_of(sight, gate.moment)
    if found.moot or (found.day is not None and found.day <= done):
        return
    base = words.base(sight.procedure, gate.moment)
    if found.day is None:
        missing = "还没有办" if gate.moment.step else "还没有填"
        yield _fails(gate.ground, f"{base}{missing}，算不出从哪天起可以办")
        return
    yield _fails(gate.ground, f"{base}{_full(gate.moment.span)}{_short(done, found.day)}", found.day, found.provisional)


def _short(done: date, possible: date) -> str:
    return f"还差 {(possible - done).days} 天，最早 {possible} 可以办"


def _full(span: Span) -> str:
    return f"满 {words.span(span)}" if span.n else "之日起可以办，"


def within(gate: Until, sight: Sight, done: date) -> bool:
    """Not later than `longest`."""
    last = longest(gate, sight)
    return last is not None and done <= last


def longest(gate: Until, sight: Sight) -> date | None:
    base = day_of(sight, gate.moment).base
    return add(base, gate.longest, sight.holidays)[0] if base and gate.longest else None


def _until(gate: Until, sight: Sight, done: date) -> Iterator[Reason]:
    """Late is allowed and told."""
    found = day_of(sight, gate.moment)
    if found.day is None or done <= found.day:
        return
    base, late = words.base(sight.procedure, gate.moment), (done - found.day).days
    said = f"应在{base}后 {words.span(gate.moment.span)}内（{found.day} 以前），晚了 {late} 天"
    if gate.longest and within(gate, sight, done):
        because = f"{gate.because}的，" if gate.because else ""
        said += f"；{because}写明原因可以到 {longest(gate, sight)}"
    says = f"{gate.ground.says}：" if gate.ground.says else ""
    yield Reason("hint", says + said, words.clause(gate.ground), provisional=found.provisional, of_day=True)


def _lasts(gate: Lasts, sight: Sight, record: Record) -> Iterator[Reason]:
    if record.begun is None:
        yield _fails(gate.ground, f"要满 {words.span(gate.span)}，请填开始的那一天")
        return
    day, provisional = add(record.begun, gate.span, sight.holidays)
    if day > record.done:
        said = f"从 {record.begun} 起要满 {words.span(gate.span)}，{_short(record.done, day)}"
        yield _fails(gate.ground, said, day, provisional)


def _age(gate: Age, sight: Sight, done: date) -> Iterator[Reason]:
    born = sight.values.get(gate.value)
    if not isinstance(born, date):
        yield _fails(gate.ground, f"还没有填“{words.value(sight.procedure, gate.value)}”，算不出是否满 {gate.years} 岁")
        return
    day, _ = add(born, Span("years", gate.years), sight.holidays)
    if day > done:
        yield _fails(gate.ground, f"满 {gate.years} 岁{_short(done, day)}", day)


def _dates(gate: Dates, sight: Sight) -> Iterator[Reason]:
    given, title = sight.values.get(gate.value), words.value(sight.procedure, gate.value)
    if not isinstance(given, date):
        yield _fails(gate.ground, f"还没有填“{title}”")
        return
    for moment, side in ((gate.since, "早"), (gate.until, "晚")):
        if moment is not None and (said := _beyond(sight, moment, given, side)):
            yield _fails(gate.ground, f"“{title}”（{given}）{said}")


def _beyond(sight: Sight, moment: Moment, given: date, side: str) -> str:
    found = day_of(sight, moment)
    if found.moot:
        return ""
    base = words.base(sight.procedure, moment)
    if found.day is None:
        return f"要与{base}之日比，它还没有"
    if (given < found.day) if side == "早" else (given > found.day):
        return f"不能{side}于 {found.day}（{base}后 {words.span(moment.span)}）"
    return ""
