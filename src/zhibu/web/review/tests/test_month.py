"""What a branch sees of the review in its month and on the page that explains a verdict."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.queries import month
from zhibu.web.records.models import Record
from zhibu.web.review.tests import given

pytestmark = pytest.mark.django_db
NOVEMBER = {"rulebook": "branch-life", "rule": "theme-day", "period": "2026-11"}


def verdict(cast: Cast) -> str:
    return Verdict.objects.unscoped(given.WHY).get(organisation=cast.branch, **NOVEMBER).status


def test_for_the_branch_a_waiting_record_is_done(year: Cast) -> None:
    Record.objects.unscoped(given.WHY).filter(organisation=year.branch, held_on__gte=date(2026, 11, 1)).delete()
    given.reviewing(year)
    before = month(year.scope("secretary"), year.branch, TODAY)
    record = given.submitted(year)
    assert verdict(year) == "met"
    after = month(year.scope("secretary"), year.branch, TODAY)
    [row] = [one for one in after.done if record.number in one.verdict.evidence]
    assert (row.status, row.done, after.total) == ("waiting", True, before.total)
    given.accepted(year, record)
    after = month(year.scope("secretary"), year.branch, TODAY)
    assert [one.status for one in after.done if record.number in one.verdict.evidence] == ["done"]


def test_a_returned_record_counts_for_nothing_and_the_month_quotes_why(year: Cast) -> None:
    Record.objects.unscoped(given.WHY).filter(organisation=year.branch, held_on__gte=date(2026, 11, 1)).delete()
    given.reviewing(year)
    record = given.returned(year, given.submitted(year))
    assert (record.review, verdict(year)) == ("returned", "open")
    found = month(year.scope("secretary"), year.branch, TODAY)
    first = found.now[0]
    assert (first.status, first.title) == ("returned", "补充 11 月主题党日记录")
    assert given.MISSING in first.note and "11 月 25 日前" in first.note and "大营" in first.note
    assert found.total == found.left + len(found.done)
    body = year.client("secretary").get("/duties/month/").content.decode()
    assert given.MISSING in body and f"/records/{record.number}/" in body
    why = year.client("secretary").get(f"/o/{year.branch.code}/why/branch-life/theme-day/2026-11/").content.decode()
    assert "被退回" in why and given.MISSING in why


def test_a_returned_record_that_no_duty_asks_for_is_still_listed(year: Cast) -> None:
    """Another record does the duty: the headline counts the one that came back all the same."""
    given.reviewing(year)
    before = month(year.scope("secretary"), year.branch, TODAY)
    record = given.returned(year, given.submitted(year))
    found = month(year.scope("secretary"), year.branch, TODAY)
    assert [one.number for one in found.alone] == [record.number]
    assert (found.left, found.urgent) == (before.left + 1, len(found.now) + 1)
    assert f"现在办（{found.urgent}）" in year.client("secretary").get("/duties/month/").content.decode()
