"""The vocabulary of ux.md 2.1 from verdicts and today, and that the database counts the same."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import late_on, next_date, shown, soon_on

TODAY = date(2026, 11, 21)


def verdict(status: str, ends_on: date, deadline: date, **fields: object) -> Verdict:
    start = fields.pop("starts_on", ends_on.replace(day=1))
    given = {"rulebook": "b", "rule": "r", "period": f"{ends_on:%Y-%m}", "year": ends_on.year, "max_points": 1}
    return Verdict(status=status, starts_on=start, ends_on=ends_on, deadline=deadline, **(given | fields))


NOV, OCT, GRACE = date(2026, 11, 30), date(2026, 10, 31), date(2026, 12, 10)


@pytest.mark.parametrize(
    ("status", "ends_on", "deadline", "today", "expected"),
    [
        ("met", NOV, GRACE, TODAY, ("done", "")),
        ("late", OCT, date(2026, 11, 10), TODAY, ("done", "迟录")),
        ("missed", OCT, date(2026, 11, 10), TODAY, ("late", "逾期 11 天")),
        ("open", NOV, GRACE, TODAY, ("todo", "")),  # nine days left to hold it
        ("open", NOV, GRACE, date(2026, 11, 23), ("soon", "剩 7 天")),
        ("open", NOV, GRACE, NOV, ("soon", "今天到期")),
        ("open", NOV, GRACE, date(2026, 12, 1), ("soon", "剩 9 天")),  # the month is over: only writing it down is left
        ("open", NOV, GRACE, GRACE, ("soon", "今天到期")),
        ("open", NOV, GRACE, date(2026, 12, 11), ("late", "逾期 1 天")),  # the night's run has not said so yet
        ("upcoming", date(2026, 12, 31), date(2027, 1, 10), TODAY, ("todo", "")),
        ("missed", TODAY, TODAY, TODAY, ("late", "还没做到")),  # a standing requirement
    ],
)
def test_status_follows_verdict_and_today(status, ends_on, deadline, today, expected):
    found = shown(verdict(status, ends_on, deadline), today)
    assert (found.status, found.text) == expected


def test_a_postponement_is_told_from_what_does_not_apply():
    assert shown(verdict("exempt", NOV, NOV, reason="partial"), TODAY).status == "na"
    assert shown(verdict("exempt", NOV, NOV, reason="no basis"), TODAY).status == "na"
    assert shown(verdict("exempt", NOV, NOV, reason="防汛期间缓办"), TODAY).status == "extended"


def test_the_next_date_is_the_last_day_of_the_period_then_the_deadline():
    one = verdict("open", NOV, GRACE)
    assert next_date(one, TODAY) == NOV
    assert next_date(one, date(2026, 12, 1)) == GRACE


def test_counting_in_the_database_agrees_with_the_words(year: Cast, db: None):
    for today in (date(2026, 11, 10), TODAY, date(2026, 11, 25), date(2026, 12, 3), date(2026, 12, 11)):
        rows = Verdict.objects.unscoped("test")
        words = {pk: shown(one, today).status for pk, one in rows.in_bulk().items()}
        assert {pk for pk, word in words.items() if word == "late"} == set(
            rows.filter(late_on(today)).values_list("pk", flat=True)
        )
        assert {pk for pk, word in words.items() if word == "soon"} == set(
            rows.filter(soon_on(today)).values_list("pk", flat=True)
        )
