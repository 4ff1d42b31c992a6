"""From and until when a step can be done: the days its gates leave (decision 18, section 8). Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhibu.engine.procedures.gates import longest, weight
from zhibu.engine.procedures.model import Age, From, Gate, Record, Span, Step, Until
from zhibu.engine.procedures.moments import Sight, add, day_of
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
    """The latest of the first days, the earliest of the last; gates that are hints limit nothing."""
    first, last, far = list[date](), list[date](), list[date]()
    guessed, unknown = False, list[str]()
    if (earliest := floor(seen, step)) is not None:
        first.append(earliest)
    for gate in _binding(step):
        day, provisional = _day(seen, gate)
        if isinstance(gate, From) and gate.moment.step and day is None and not day_of(seen, gate.moment).moot:
            unknown.append(gate.moment.step)
        if day is not None:
            (last if isinstance(gate, Until) else first).append(day)
            guessed = guessed or provisional
        if isinstance(gate, Until) and (end := longest(gate, seen) or day):
            far.append(end)
    owed, provisional = _owed(seen, step)
    if owed is not None:
        last.append(owed)
    return Limits(
        max(first, default=None),
        min(last, default=None),
        min(far) if far and any(isinstance(gate, Until) and gate.longest for gate in step.gates) else None,
        guessed or provisional,
        tuple(unknown),
    )


def _binding(step: Step) -> Iterator[From | Until | Age]:
    for gate in step.gates:
        if isinstance(gate, (From, Until, Age)) and weight(gate.ground) != "hint":
            yield gate


def _day(seen: Sight, gate: From | Until | Age) -> tuple[date | None, bool]:
    if not isinstance(gate, Age):
        found = day_of(seen, gate.moment)
        return found.day, found.provisional
    born = seen.values.get(gate.value)
    return add(born, Span("years", gate.years), seen.holidays) if isinstance(born, date) else (None, False)


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
    """The gate reads a value that the record itself can give."""
    asked = {*step.asks, *step.may_ask}.union(*(one.asks for one in step.outcomes))
    return value_of(gate) in asked


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
