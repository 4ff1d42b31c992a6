"""Where there are verdicts of a year: the duty of a notice, how often each rule was kept, days in a calendar."""

from __future__ import annotations

import pytest

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.plans.queries import year as queries
from zhibu.web.plans.tests.given import notice
from zhibu.web.plans.tests.test_calendars import events, open_one

pytestmark = pytest.mark.django_db


def test_a_notice_fills_the_record_of_the_duty_it_was_for(year: Cast) -> None:
    notice(year, TODAY, "theme_day", topic="第三章", host="李书记")
    text = year.client("secretary").get("/records/new/?rule=branch-life/theme-day&period=2026-11").content.decode()
    assert "第三章" in text and "按 11 月 21 日的通知" in text


@pytest.mark.mechanism("M029")
def test_three_times_one_counts_twelve_four_and_four(year: Cast) -> None:
    scope = year.scope("secretary").doing("plans.view")
    full = {one.title: one.full for one in queries.quotas(scope, year.branch, 2026)}
    assert full["集体学习"] == 12 and full["专题研讨"] == 4 and full["党课"] == 4
    text = year.client("committee_officer").get(f"/plans/years/{year.branch.code}/").content.decode()
    assert "12 期" in text and "4 期" in text


def test_a_secretary_gets_the_days_of_duties_too_a_member_does_not(year: Cast) -> None:
    assert any("主题党日" in str(one["summary"]) for one in events(open_one(year)))
    assert not events(open_one(year, "member"))
