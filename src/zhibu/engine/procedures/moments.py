"""Days that depend on a case, and spans after them (decision 18, section 3). Serves the meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.engine.holidays import Holidays
from zhibu.engine.periods import add_months, add_span
from zhibu.engine.procedures.model import Case, Moment, Procedure, Span
from zhibu.engine.procedures.order import dropped
from zhibu.engine.procedures.past import Past
from zhibu.engine.procedures.values import fitting
from zhibu.engine.rulebooks.model import Scalar
from zhibu.engine.rulebooks.model import Span as Plain


@dataclass(frozen=True, slots=True)
class Sight:
    """What a gate sees: `values` are those of the case and, over them, of the record looked at."""

    procedure: Procedure
    case: Case
    past: Past
    holidays: Holidays
    values: Mapping[str, Scalar]


def sight(
    procedure: Procedure, case: Case, past: Past, holidays: Holidays, given: Mapping[str, Scalar] | None = None
) -> Sight:
    """What the gates of this version see, with the values of a record over those of the case."""
    return Sight(procedure, case, past, holidays, fitting(procedure, {**past.values, **(given or {})}))


@dataclass(frozen=True, slots=True)
class Day:
    """`base`: the day of the step, value or opening, None when not known; `day`: the span later. `moot`: its step is
    not asked for any more, and nor is the gate."""

    base: date | None
    day: date | None
    provisional: bool = False
    moot: bool = False


def day_of(seen: Sight, moment: Moment) -> Day:
    """Of a repeated step, the latest day."""
    if moment.step is not None:
        days = seen.past.days(moment.step)
        if not days:
            return Day(None, None, moot=dropped(seen.procedure, seen.past, moment.step))
        base = max(days)
    elif moment.value is not None:
        given = seen.values.get(moment.value)
        if not isinstance(given, date):
            return Day(None, None)
        base = given
    else:
        base = seen.case.opened
    day, provisional = add(base, moment.span, seen.holidays)
    return Day(base, day, provisional)


def add(day: date, span: Span, holidays: Holidays) -> tuple[date, bool]:
    """The day a span later (months clamped to their end), and whether working days were guessed."""
    if span.unit == "years":
        return add_months(day, 12 * span.n), False
    return add_span(day, Plain(span.unit, span.n), holidays)
