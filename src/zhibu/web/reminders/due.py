"""What one organisation is to be told today. Reads rows that are there; no database, no rule computed.

Told once for each of the days before the last day that the office set, once when a duty ran out, once for each return.
A day of rest on which nobody is told counts to the working day before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.duties.reviewed import shown_with
from zhibu.web.duties.rows import Row
from zhibu.web.records.models import Record
from zhibu.web.reminders.models import Kind

FRESH = timedelta(days=14)  # what ran out earlier is no news: it stands in 本月任务. Longer than any run of holidays
Told = dict[tuple[str, str], int]  # (kind, key) → the smallest step told to a person


@dataclass(frozen=True, slots=True)
class Matter:
    """`step`: the days before the last day that it was due to be told at."""

    kind: Kind
    key: str
    title: str
    address: str
    by: date | None = None
    step: int = 0


def matters(
    rows: Iterable[Row], records: Sequence[Record], beside: Iterable[MonthRow], days: Sequence[int], until: date
) -> list[Matter]:
    """`rows` and `records` of one organisation; `until`: the last day before somebody is told again."""
    shown = shown_with(rows, records)
    came_back = [one for one in records if one.returned]
    found = [*_of_duties(shown, days, until), *map(_record, came_back), *_beside(beside, came_back)]
    return list({(one.kind, one.key): one for one in found}.values())


def news(found: Iterable[Matter], told: Told, muted: Iterable[str] = ()) -> list[Matter]:
    """Those that a person has not been told, or only with more days left, and wants to hear of."""
    unwanted = set(muted)
    return [one for one in found if one.kind not in unwanted and one.step < told.get((one.kind, one.key), one.step + 1)]


def key_of(row: Row) -> str:
    verdict = row.verdict
    return f"{verdict.rulebook}/{verdict.rule}/{verdict.period}"


def address_of(row: Row) -> str:
    return f"{reverse('record-new')}?{row.query}"


def _of_duties(rows: Iterable[Row], days: Sequence[int], until: date) -> Iterable[Matter]:
    for row in rows:
        if row.standing or row.verdict.strength == "may" or row.verdict.starts_on > row.today:
            continue
        if row.status == "late" and timedelta(0) < row.today - row.verdict.deadline <= FRESH:
            yield Matter(Kind.OVERDUE, key_of(row), row.title, address_of(row), row.verdict.deadline)
        if row.status in ("soon", "todo"):
            left = (row.acts_by - until).days
            if reached := [one for one in days if one >= left]:
                yield Matter(Kind.CLOSING, key_of(row), row.title, address_of(row), row.acts_by, min(reached))


def _record(one: Record) -> Matter:
    key = f"record:{one.number}:{_short(one.returned_note)}"
    return Matter(Kind.RETURNED, key, one.returned_title, reverse("record", args=[one.number]), one.back_by)


def _beside(rows: Iterable[MonthRow], records: Sequence[Record]) -> Iterable[Matter]:
    """What else came back, of all apps: a plan, a piece of news, dues handed in."""
    known = {reverse("record", args=[one.number]) for one in records}
    for address, title, status, note in rows:
        if status == "returned" and address not in known:
            key = f"{address[:140]}:{_short(title + note)}"
            yield Matter(Kind.RETURNED, key, title[:200], address[:300])


def _short(words: str) -> str:
    """A mark of what was said: said anew in other words it is told anew."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]
