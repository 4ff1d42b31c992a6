"""Subjects through time: which row of its history holds on a day, on which days a subject exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.periods import Period


def row_on(history: Sequence[Row], day: date) -> Row | None:
    """The row with valid_from ≤ day ≤ valid_to (null is open), or None."""
    for row in history:
        if (row["valid_from"] or date.min) <= day <= (row["valid_to"] or date.max):
            return row
    return None


def life(subject: str, row: Row) -> tuple[date, date]:
    """First and last day of existence by that row, both inclusive; null is open."""
    _, _, first, last = SUBJECTS[subject]
    return row[first] or date.min, row[last] or date.max


def lived_in(subject: str, row: Row, period: Period) -> bool:
    """The subject existed on at least one day of the period."""
    born, died = life(subject, row)
    return max(born, period.starts_on) <= min(died, period.ends_on)


def lived_through(subject: str, row: Row, period: Period, as_of: date) -> bool:
    """The subject existed on every day from the period's first to its last, or to `as_of` if that is earlier."""
    born, died = life(subject, row)
    last = min(period.ends_on, as_of)
    return period.starts_on > last or (born <= period.starts_on and last <= died)
