"""三会一课 from its frequency to the reminder: rule, calendar, reminder, overdue list (M026)."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import Cast, enter
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.reminders.tests.telling import on, said

pytestmark = pytest.mark.django_db
EVE, AFTER = date(2026, 11, 27), date(2026, 12, 14)


@pytest.mark.mechanism("M026")
def test_a_rule_becomes_a_date_in_the_calendar_a_reminder_and_a_line_of_the_overdue_list(
    year: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIBU_TODAY", EVE.isoformat())
    secretary, officer = year.client("secretary"), year.client("officer")
    rules = secretary.get("/regulations/branch-life/").content.decode()
    assert all(name in rules for name in ("支委会", "党员大会", "党小组会", "党课"))  # each with its frequency

    opened = secretary.post("/plans/calendar/").content.decode()
    feed = opened.split("/plans/calendar/")[1:]
    address = next(f"/plans/calendar/{part.split('.ics')[0]}.ics" for part in feed if ".ics" in part[:70])
    calendar = secretary.get(address).content.decode()
    assert "记录 11 月支委会" in calendar.replace("\r\n ", "")

    on(EVE)
    assert ("secretary", "closing", "记录 11 月支委会") in said()
    assert "记录 11 月支委会" in secretary.get("/reminders/").content.decode()

    monkeypatch.setenv("ZHIBU_TODAY", AFTER.isoformat())
    refresh()
    on(AFTER)
    assert ("secretary", "overdue", "补上 11 月支委会") in said()
    enter(officer, year.posts["officer"].user)
    shown = officer.get("/board/late/?k=branch-life/committee-meeting").content.decode()
    assert "槐树村" in shown and "提醒一下" in shown
