"""From and until when a step can be done: the days its gates leave (decision 18, section 8). Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhibu.engine.procedures.gates import longest, weight
from zhibu.engine.procedures.model import Age, From, Gate, Moment, Record, Span, Step, Until
from zhibu.engine.procedures.moments import Day, Sight, add, day_of
from zhibu.engine.procedures.order import days_before


@dataclass(frozen=True, slots=True)
class Limits:
    """Inclusive days; None: no such limit, or not known yet. `unknown`: steps whose day is still to come."""

    earliest: date | None = None
    latest: date | None = None
    longest: date | None = None
    provisional: bool = False
    unknown: tuple[str, ...] = ()


def of(seen: Sight, step: Step) -> Limits:
    """The latest of the first days, the earliest of the last; gates that are hints limit nothing. Where one first day
    can't be known yet, there is none."""
    opening = floor(seen, step)
    first, last, far = [opening] if opening else [], list[date](), list[date]()
    guessed, unknown, open_ends = False, list[str](), False
    for gate in _binding(step):
        found = _day(seen, gate)
        guessed = guessed or found.provisional
        if isinstance(gate, Until):
            last += [found.day] if found.day else []
            far += [end] if (end := longest(gate, seen) or found.day) else []
        elif found.day is not None:
            first.append(found.day)
        elif not found.moot and not to_be_given(seen, step, gate):
            open_ends = True
            unknown += [gate.moment.step] if isinstance(gate, From) and gate.moment.step else []
    owed, provisional = _owed(seen, step)
    last += [owed] if owed else []
    stretched = any(isinstance(gate, Until) and gate.longest for gate in _binding(step))
    return Limits(
        None if open_ends else max(first, default=None),
        min(last, default=None),
        min(far, default=None) if stretched else None,
        guessed or provisional,
        tuple(unknown),
    )


def _binding(step: Step) -> Iterator[From | Until | Age]:
    for gate in step.gates:
        if isinstance(gate, (From, Until, Age)) and weight(gate.ground) != "hint":
            yield gate


def _day(seen: Sight, gate: From | Until | Age) -> Day:
    if not isinstance(gate, Age):
        return day_of(seen, gate.moment)
    return day_of(seen, Moment(None, gate.value, False, Span("years", gate.years)))


def floor(seen: Sight, step: Step) -> date | None:
    """Never before the opening, never before the steps it comes after."""
    opened = [] if seen.case.written_later else [seen.case.opened]
    return max([*opened, *days_before(seen.procedure, seen.past, step)], default=None)


def _owed(seen: Sight, step: Step) -> tuple[date | None, bool]:
    """When a repeated step is owed again: after its last record, else after the latest of its `after`."""
    if step.repeats is None:
        return None, False
    days = seen.past.days(step.id) or list(days_before(seen.procedure, seen.past, step)) or [seen.case.opened]
    return add(max(days), step.repeats.every, seen.holidays)


def to_be_given(seen: Sight, step: Step, gate: Gate) -> bool:
    """The gate reads a value that nobody has given yet and the record itself can give."""
    asked = {*step.asks, *step.may_ask}.union(*(one.asks for one in step.outcomes))
    value = value_of(gate)
    return value in asked and value not in seen.values


def value_of(gate: Gate) -> str | None:
    """The value a gate of days reads."""
    match gate:
        case From(moment=moment) | Until(moment=moment):
            return moment.value
        case Age(value=value):
            return value
    return None


def is_late(held: Limits, record: Record) -> bool:
    """Done after the last day, and not, with a reason, within what is allowed at the longest."""
    if held.latest is None or record.done <= held.latest:
        return False
    return not (held.longest and record.reason.strip() and record.done <= held.longest)
