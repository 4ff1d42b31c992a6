"""Clocks: from months, anchors and triggers to periods with first day, last day and label. Serves the meaning."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from zhibu.engine.holidays import Holidays
from zhibu.engine.rulebooks.model import After, Span

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Inclusive of both days. `provisional`: a working day was counted in a year without a holiday table."""

    starts_on: date
    ends_on: date
    label: str
    provisional: bool = False

    @classmethod
    def of(cls, first: date, last: date, provisional: bool = False) -> Period:
        """A period without a name in the calendar: its label is `a..b`."""
        return cls(first, last, f"{first}..{last}", provisional)


def calendar(unit: str, window: tuple[date, date]) -> list[Period]:
    """The calendar months, quarters, half-years or years whose last day lies in the window."""
    return list(_calendar(unit, window))


@lru_cache(maxsize=256)
def _calendar(unit: str, window: tuple[date, date]) -> tuple[Period, ...]:
    length, (first, last) = MONTHS[unit], window
    found = []
    for index in range(first.year * 12 // length, (last.year + 1) * 12 // length):
        period = _aligned(unit, index * length, length)
        if first <= period.ends_on <= last:
            found.append(period)
    return tuple(found)


def _aligned(unit: str, months: int, length: int) -> Period:
    year, month = divmod(months, 12)
    part = month // length + 1
    label = {
        "month": f"{year}-{part:02}",
        "quarter": f"{year}Q{part}",
        "half_year": f"{year}H{part}",
        "year": f"{year}",
    }
    end = month + length
    last = date(year, end, months_of.monthrange(year, end)[1])
    return Period(date(year, month + 1, 1), last, label[unit])


def add_months(day: date, months: int) -> date:
    """The same day of a later month, clamped to the month's end; the calendar ends with the year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=65536)
def add_days(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


@lru_cache(maxsize=65536)
def anchored(anchor: date, months: int, window: tuple[date, date]) -> tuple[Period, ...]:
    """Periods anchor + k·N … the day before anchor + (k+1)·N, k ≥ 0, whose last day lies in the window."""
    return tuple(_anchored(anchor, months, window))


def _anchored(anchor: date, months: int, window: tuple[date, date]) -> Iterator[Period]:
    first, last = window
    elapsed = (first.year - anchor.year) * 12 + first.month - anchor.month
    k = max(0, elapsed // months - 1)
    while True:
        start, after = add_months(anchor, k * months), add_months(anchor, (k + 1) * months)
        end = after - timedelta(days=1)
        if end > last or after == date.max:
            return
        if end >= first:
            yield Period.of(start, end)
        k += 1


def following(trigger: date, clock: After, holidays: Holidays) -> Period | None:
    """The period owed after a trigger day: from `not_before` to `within`; None if it would end before it starts."""
    start, first_guess = add_span(trigger, clock.not_before, holidays) if clock.not_before else (trigger, False)
    end, last_guess = add_span(trigger, clock.within, holidays)
    return Period.of(start, end, first_guess or last_guess) if start <= end else None


def add_span(day: date, span: Span, holidays: Holidays) -> tuple[date, bool]:
    """The day a span later, and whether it is provisional."""
    if span.unit == "working_days":
        return holidays.add(day, span.n)
    return (add_days if span.unit == "days" else add_months)(day, span.n), False
