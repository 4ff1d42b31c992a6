"""Which duties a month of the board shows. The one definition; the manual repeats it (docs/manual/board.md).

A month shows every duty whose period covers at least one day of it: the month itself, the quarter, half-year and year
that contain it, and anchored periods and steps (`a..b`) that overlap it. So a duty of the year is seen all year.
A standing requirement (`always`) has no period: it is seen in the month of the evaluation day only.

The present month also shows what is overdue of the periods that ended in the month before. Without them nothing could
be red before the month is over, for most deadlines stand at its end. A term or a step (`a..b`) that ran out unfulfilled
stays until it is done, however long ago: 换届 does not lapse, and 本月任务 shows it too.
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


def ended_before(day: date, prefix: str = "") -> Q:
    """Terms and steps (`a..b`) whose last day lies before `day`. Standing requirements were judged anew since."""
    judged = [f"{year}-12-31..{year}-12-31" for year in (day.year - 2, day.year - 1)]
    return Q(**{f"{prefix}period__contains": "..", f"{prefix}ends_on__lt": day}) & ~Q(**{f"{prefix}period__in": judged})


@dataclass(frozen=True, slots=True)
class Window:
    """A month as filters on rows with `period` and `ends_on` (verdicts and tallies alike)."""

    month: Month
    present: bool = False  # is it the month of the evaluation day?

    @classmethod
    def of(cls, month: Month, as_of: date) -> Window:
        return cls(month, month == Month.of(as_of))

    def covering(self, prefix: str = "") -> Q:
        """An `a..b` label begins with its first day in ISO form, so it started before the next month when it sorts
        before that month's first day."""
        month = self.month
        spans = Q(
            **{
                f"{prefix}period__contains": "..",
                f"{prefix}period__lt": month.after.first.isoformat(),
                f"{prefix}ends_on__gte": month.first,
            }
        )
        return Q(**{f"{prefix}period__in": month.labels}) | spans

    def carried(self, prefix: str = "") -> Q:
        """Periods that ended in the month before."""
        before = self.month.before
        ended = Q(**{f"{prefix}ends_on__range": (before.first, before.last)})
        # Last year's standing requirements were judged on its last day; this year's are judged anew.
        return ended & ~Q(**{f"{prefix}period": f"{before.last}..{before.last}"})

    def lingering(self, prefix: str = "") -> Q:
        """Terms and steps that ended earlier still."""
        return ended_before(self.month.before.first, prefix)

    def owed_again(self, period: str) -> bool:
        """A calendar period of the month before: the duty is owed again in this month's own period."""
        return ".." not in period and period not in self.month.labels

    def tallies(self, prefix: str = "") -> Q:
        if not self.present:
            return self.covering(prefix)
        unfulfilled = self.lingering(prefix) & Q(**{f"{prefix}missed__gt": 0})
        return self.covering(prefix) | self.carried(prefix) | unfulfilled

    def verdicts(self, late: Q) -> Q:
        """Of carried periods only what is overdue; `late` is the filter for that."""
        if not self.present:
            return self.covering()
        return self.covering() | ((self.carried() | self.lingering()) & late)


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
