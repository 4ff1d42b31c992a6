"""Periods as tables: of fixed clocks one list, of the others a list for each distinct date or trigger day.

Every period comes from the reference (periods.py); only those that can give a verdict are kept: ending in the window
while the rulebook is in effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from zhibu.engine import periods
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.subjects import EPOCH
from zhibu.engine.periods import Period, add_days
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import After, Always, Anchored


def number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH


@dataclass(frozen=True, slots=True)
class Own:
    """Periods by code: those of code k are rows `of[k]` … `of[k + 1] - 1` of (start, end, deadline, provisional)."""

    of: Numbers
    rows: Numbers


def deadline(bound: Bound, period: Period) -> date:
    """Grace does not apply to standing rules."""
    grace = 0 if isinstance(bound.rule.clock, Always) else bound.rule.grace
    return add_days(period.ends_on, grace)


def of_dates(plan: Plan, bound: Bound, values: Sequence[date]) -> Own:
    """Periods by the code of a date column (0 is null)."""
    return _own(bound, [[], *(_from_date(plan, bound, value) for value in values)])


def of_triggers(plan: Plan, bound: Bound, days: Numbers) -> Own:
    """Periods by the place of the day on which the triggering event was held."""
    last = number(plan.window[1])
    return _own(bound, [_after(plan, bound, int(day)) if day <= last else [] for day in days])


def _from_date(plan: Plan, bound: Bound, day: date) -> list[Period]:
    clock = bound.rule.clock
    if isinstance(clock, Anchored):
        return _kept(plan, bound, periods.anchored(day, clock.months, plan.window))
    return _after(plan, bound, number(day))


def _after(plan: Plan, bound: Bound, day: int) -> list[Period]:
    clock = bound.rule.clock
    assert isinstance(clock, After)
    found = periods.following(date.fromordinal(day + EPOCH), clock, plan.holidays)
    return _kept(plan, bound, [found] if found else [])


def _kept(plan: Plan, bound: Bound, found: Iterable[Period]) -> list[Period]:
    first, last = plan.window
    return [one for one in found if first <= one.ends_on <= last and bound.in_effect(one.starts_on, one.ends_on)]


def _own(bound: Bound, lists: list[list[Period]]) -> Own:
    rows = [
        (number(one.starts_on), number(one.ends_on), number(deadline(bound, one)), int(one.provisional))
        for found in lists
        for one in found
    ]
    return Own(
        np.cumsum([0, *map(len, lists)], dtype=np.int64),
        np.array(rows or [(0, 0, 0, 0)], np.int32),
    )


# --- fixed periods ------------------------------------------------------------------------------------------------


def slots_of_days(found: list[Period], days: Numbers) -> Numbers:
    """For each day its place among periods that follow one another, or -1."""
    if not found:
        return np.full(len(days) or 1, -1, np.int32)
    starts = np.array([number(one.starts_on) for one in found])
    ends = np.array([number(one.ends_on) for one in found])
    places = np.searchsorted(starts, days, side="right") - 1
    inside = (places >= 0) & (days <= ends[places])
    return np.where(inside, places, -1).astype(np.int32)


def slots_of_labels(found: list[Period], labels: Sequence[str]) -> Numbers:
    """For each code of a label (0 is null) the place of the period so called, or -1."""
    places = {one.label: place for place, one in enumerate(found)}
    return np.array([-1, *(places.get(label, -1) for label in labels)], np.int32)


def named_days(labels: Sequence[str]) -> tuple[Numbers, Numbers]:
    """For each code of a label `a..b` its days; of any other label days that no period has."""
    starts, ends = np.full((2, len(labels) + 1), np.iinfo(np.int32).max, np.int32)
    for place, label in enumerate(labels, 1):
        if (pair := _pair(label)) is not None:
            starts[place], ends[place] = map(number, pair)
    return starts, ends


def _pair(label: str) -> tuple[date, date] | None:
    first, dots, last = label.partition("..")
    try:
        pair = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return pair if dots and Period.of(*pair).label == label else None
