"""The years that are kept up to date, and the days of a year."""

from __future__ import annotations

from datetime import date

WHY = "the pipeline computes for everybody"


def years(today: date) -> list[int]:
    """The years kept up to date: the last and the present one; in December the next one too, for 下月预告."""
    return [today.year - 1, today.year] + ([today.year + 1] if today.month == 12 else [])


def window(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def has_begun(year: int, today: date) -> bool:
    """A year that has not begun has duties to look forward to, but no score and nothing to escalate."""
    return year <= today.year
