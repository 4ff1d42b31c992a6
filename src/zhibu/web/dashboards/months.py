"""Which duties a month of the board shows. The one definition; the manual repeats it (docs/manual/board.md).

A month shows every duty whose period covers at least one day of it: the month itself, the quarter, half-year and year
that contain it, and anchored periods and steps (`a..b`) that overlap it. So a duty of the year is seen all year.
A standing requirement (`always`) has no period: it is seen in the month of the evaluation day only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, label: str) -> Month | None:
        """`2026-11`; None for anything else."""
        found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", label)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def label(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def words(self) -> str:
        return f"{self.year} 年 {self.month} 月"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def after(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def before(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def labels(self) -> list[str]:
        """The calendar periods that contain this month."""
        quarter, half = (self.month - 1) // 3 + 1, (self.month - 1) // 6 + 1
        return [self.label, f"{self.year}Q{quarter}", f"{self.year}H{half}", str(self.year)]


def covering(month: Month, prefix: str = "") -> Q:
    """The filter for rows with `period` and `ends_on` (verdicts and tallies alike).

    An `a..b` label begins with its first day in ISO form, so it started before the next month when it sorts before
    that month's first day.
    """
    calendar = Q(**{f"{prefix}period__in": month.labels})
    spans = Q(
        **{
            f"{prefix}period__contains": "..",
            f"{prefix}period__lt": month.after.first.isoformat(),
            f"{prefix}ends_on__gte": month.first,
        }
    )
    return calendar | spans


def choices(today: date) -> list[Month]:
    """The months a reader may choose: from January of last year to the end of what is evaluated, latest first."""
    last = Month(today.year + (today.month == 12), 12)
    month, found = Month(today.year - 1, 1), []
    while month <= last:
        found.append(month)
        month = month.after
    return found[::-1]


def chosen(label: str, today: date) -> Month:
    """The month asked for, or this one when it is not a month that is kept."""
    month = Month.parse(label)
    return month if month in choices(today) else Month.of(today)
