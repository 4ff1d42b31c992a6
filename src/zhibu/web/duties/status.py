"""The one place that turns a verdict and today into the vocabulary of ux.md 2.1. Serves meaning; no database.

A kept verdict is as old as its evaluation, so today's date has the last word: an `open` one past its deadline reads
as overdue before the night's run has said so. While a period runs, what matters is its last day, for an activity
must be held by then; once it is over, what is left is to write it down by the deadline (`ends_on` + grace).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from zhibu.web.duties.models import Verdict

SOON = 7  # days
OWED = ("open", "upcoming")
# Reasons of the engine itself; any other reason is that of a postponement a person granted.
PLAIN_REASONS = {"partial": "当期不满一期", "no basis": "缺少计算所需的数字"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A status id of `design/vocabulary.py`, and the word said more precisely where it helps."""

    status: str
    text: str = ""


def shown(verdict: Verdict, today: date) -> Shown:
    match verdict.status:
        case "met":
            return Shown("done")
        case "late":
            return Shown("done", "迟录")
        case "exempt":
            return Shown("na" if verdict.reason in ("", *PLAIN_REASONS) else "extended")
        case "missed":
            return _overdue(verdict, today)
    return _overdue(verdict, today) if today > verdict.deadline else _owed(verdict, today)


def _owed(verdict: Verdict, today: date) -> Shown:
    left = (next_date(verdict, today) - today).days
    if today > verdict.ends_on or (left <= SOON and verdict.starts_on <= today):
        return Shown("soon", f"剩 {left} 天" if left else "今天到期")
    return Shown("todo")


def _overdue(verdict: Verdict, today: date) -> Shown:
    over = (today - verdict.deadline).days
    return Shown("late", f"逾期 {over} 天" if over > 0 else "还没做到")


def next_date(verdict: Verdict, today: date) -> date:
    """The day to act by: the period's last day while it runs, then the deadline for writing it down."""
    return verdict.ends_on if today <= verdict.ends_on else verdict.deadline


def late_on(today: date) -> Q:
    """Verdicts shown as 已逾期, for counting in the database. Agrees with `shown` (test_status.py)."""
    return Q(status="missed") | Q(status__in=OWED, deadline__lt=today)


def soon_on(today: date) -> Q:
    """Verdicts shown as 快到期."""
    near = Q(ends_on__lte=today + timedelta(days=SOON), starts_on__lte=today) | Q(ends_on__lt=today)
    return near & Q(status__in=OWED, deadline__gte=today)


def reason_words(verdict: Verdict) -> str:
    """Why nothing is asked: the reason of the postponement, or the engine's in plain words."""
    return PLAIN_REASONS.get(verdict.reason, verdict.reason)
