"""What the tests of reminders share: verdicts, a rule, a gateway that keeps what it was given, a moment."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

import pytest

from zhibu.web.conftest import TODAY
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders.models import Reminder, ReminderRule
from zhibu.web.reminders.run import Done, run

MONDAY = date(2026, 11, 23)  # TODAY is a Saturday


class Kept:
    """A gateway: what it was given, in order."""

    given: ClassVar[list[tuple[str, str]]] = []

    def send(self, phone: str, text: str) -> None:
        type(self).given.append((phone, text))


def verdict(place: Organisation, rule: str = "theme-day", period: str = "2026-11", **told: Any) -> Verdict:
    """A duty of November, still owed, three days of grace."""
    values = {
        "rulebook": "branch-life", "strength": "hard", "starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30),
        "deadline": date(2026, 12, 3), "status": "open", "max_points": 1, "need": 1, "total": 0, "year": 2026,
    }  # fmt: skip
    return Verdict.objects.create(organisation=place, rule=rule, period=period, **values | told)


def rule(place: Organisation, **told: Any) -> ReminderRule:
    return ReminderRule.objects.create(organisation=place, **told)


def on(day: date, hour: int = 9, minute: int = 0) -> Done:
    """A run of that day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHIBU_TODAY", day.isoformat())
        return run(datetime.combine(day, time(hour, minute)))


def days(first: date, many: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(many)]


def told() -> list[Reminder]:
    return list(Reminder.objects.unscoped("t").select_related("organisation", "user", "digest").order_by("on", "pk"))


def said() -> list[tuple[str, str, str]]:
    """(who, kind, title), in order."""
    return [(one.user.name, one.kind, one.title) for one in told()]


__all__ = ["MONDAY", "TODAY", "Kept", "days", "on", "rule", "said", "told", "verdict"]
