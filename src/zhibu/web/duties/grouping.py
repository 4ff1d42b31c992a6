"""Which verdicts make up a month, and in which group each stands. Serves meaning; no database.

For the month M and today T the list holds:

- **own**: verdicts whose period ends in M (the month's, and the quarter's, half-year's or year's when M closes it);
- **carried** (only when T lies in M): what is overdue with a deadline in M or the month before (a term or a step
  owed once: whenever it fell due), what ended earlier
  and can still be recorded in time, and what ends within 7 days though in the next month;
- **closed**: longer or earlier duties that a record entered in M has closed, so that work done in M counts in M.

Each of them stands in exactly one of three groups: 现在办 (overdue or 7 days and less), 本月还要办, 已办. Their sum is
the number in the headline. Overdue of earlier in the year is folded under one line and counted apart; standing
requirements appear only while they are not met; 下月预告, 缓办 and 不要求 are outside the sum.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zhibu.web.core.clock import day_words
from zhibu.web.duties.models import Evaluation
from zhibu.web.duties.reviewed import alone
from zhibu.web.duties.rows import Row
from zhibu.web.duties.together import goes_with
from zhibu.web.records.models import Record

_ORDER = {"returned": 0, "late": 1, "soon": 2, "todo": 3}  # ux.md 3.1


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    today: date
    evaluation: Evaluation | None
    now: tuple[Row, ...] = ()
    todo: tuple[Row, ...] = ()
    done: tuple[Row, ...] = ()
    older: tuple[Row, ...] = ()  # overdue of long ago, folded, not in the sum
    preview: tuple[Row, ...] = ()
    exempt: tuple[Row, ...] = ()
    alone: tuple[Record, ...] = ()  # came back from review, and no row speaks of them

    @property
    def total(self) -> int:
        return self.left + len(self.done)

    @property
    def left(self) -> int:
        return self.urgent + len(self.todo)

    @property
    def urgent(self) -> int:
        return len(self.now) + len(self.alone)

    @property
    def current(self) -> bool:
        return self.first == self.today.replace(day=1)

    @property
    def overdue(self) -> int:
        return sum(row.status == "late" for row in self.now)

    @property
    def nearest(self) -> Row | None:
        """The next thing with a date still to come."""
        coming = [row for row in (*self.now, *self.todo) if row.status not in ("late", "returned")]
        return min(coming, key=lambda row: row.acts_by, default=None)

    @property
    def period_words(self) -> str:
        return f"{self.first.year} 年 {self.first.month} 月"

    @property
    def all_done_words(self) -> str:
        coming = sum(not row.done for row in self.preview)
        if not coming:
            return "本月的事都办完了"
        opens = last_of(self.first) + timedelta(days=1)
        return f"本月的事都办完了。下月有 {coming} 件，{day_words(opens, self.today)}起办"

    @property
    def older_words(self) -> str:
        return f"更早逾期的（{len(self.older)}）"

    @property
    def done_words(self) -> str:
        return f"已办（{len(self.done)}）"

    @property
    def preview_words(self) -> str:
        return f"下月预告（{len(self.preview)}）"

    @property
    def exempt_words(self) -> str:
        return f"缓办和不要求（{len(self.exempt)}）"


def grouped(
    found: list[Row],
    first: date,
    today: date,
    evaluation: Evaluation,
    entered: frozenset[str],
    in_review: Sequence[Record] = (),
) -> Month:
    last = last_of(first)
    current = first <= today <= last
    owed = [
        row for row in found if row.status in _ORDER and (current if row.standing else _listed(row, first, current))
    ]
    owed.sort(key=lambda row: (_ORDER[row.status], row.acts_by))
    now = [row for row in owed if row.status != "todo"]
    todo = [row for row in owed if row.status == "todo"]
    done = [row for row in found if row.done and not row.standing and (_ends_in(row, first) or _closed(row, entered))]
    return Month(
        *(first, today, evaluation),
        now=_hinted(now, owed),
        todo=_hinted(todo, owed),
        done=tuple(done),
        older=tuple(row for row in found if current and _long_ago(row, first)),
        preview=tuple(row for row in found if row not in owed and _previewed(row, shifted(first, 1))),
        exempt=tuple(row for row in found if row.status in ("na", "extended") and _covers(row, first, last)),
        alone=alone(owed, in_review) if current else (),
    )


def _listed(row: Row, first: date, current: bool) -> bool:
    if _ends_in(row, first):
        return True
    if not current:
        return False
    if row.returned:
        return True
    recent = row.lasting or row.verdict.deadline >= shifted(first, -1)
    return row.status == "soon" or (row.status == "late" and recent)


def _long_ago(row: Row, first: date) -> bool:
    """Missed earlier in the year: still to be made good, but not to drown the month."""
    lapsing = not row.standing and not row.lasting
    same_year = row.verdict.deadline.year == first.year
    return row.status == "late" and lapsing and same_year and row.verdict.deadline < shifted(first, -1)


def _closed(row: Row, entered: frozenset[str]) -> bool:
    """Without the records of this month it would not be done."""
    own = entered.intersection(row.verdict.evidence)
    return bool(own) and len(row.verdict.evidence) - len(own) < (row.verdict.need or 1)


def _previewed(row: Row, following: date) -> bool:
    return row.status in ("todo", "soon", "done", "waiting") and not row.standing and _ends_in(row, following)


def _covers(row: Row, first: date, last: date) -> bool:
    return row.verdict.starts_on <= last and row.verdict.ends_on >= first


def _hinted(rows: list[Row], owed: list[Row]) -> tuple[Row, ...]:
    return tuple(replace(row, together=_partners(row, owed)) for row in rows)


def _partners(row: Row, owed: list[Row]) -> tuple[str, ...]:
    """Names of at most two other open duties that the same activity could close today."""
    if row.status == "late":
        return ()
    others = [
        one.name
        for one in owed
        if one is not row and one.status != "late" and _covers(one, row.today, row.today)
        and goes_with(row.types, one.types)
    ]  # fmt: skip
    return tuple(others[:2]) if _covers(row, row.today, row.today) else ()


def _ends_in(row: Row, first: date) -> bool:
    return first <= row.verdict.ends_on <= last_of(first)


def last_of(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def shifted(first: date, months: int) -> date:
    """The first of the month before (-1) or after (1)."""
    return (first - timedelta(days=1)).replace(day=1) if months < 0 else last_of(first) + timedelta(days=1)
