"""全年一览: twelve months of each kind, in words; how many periods of each rule were kept."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import ROLES, Cast
from zhibu.web.plans.queries import year as queries
from zhibu.web.plans.tests.given import item, plan, record

pytestmark = pytest.mark.django_db


def test_planned_held_themes_and_gaps_of_a_year(cast: Cast) -> None:
    made = plan(cast)
    for month in (3, 4, 12):
        item(cast, made, month, "study")
    record(cast.branch, date(2026, 3, 2), "study", topic="条例")
    record(cast.branch, date(2026, 5, 2), "study", topic="条例")
    seen = queries.of(cast.scope("secretary").doing("plans.view"), cast.branch, 2026)
    [strip] = seen.strips
    assert [cell.status for cell in strip.cells] == ["", "", "done", "late", "done", *[""] * 6, "todo"]
    assert strip.says == "办了 2 次，分在 2 个月；计划 3 次；4 月计划了没办" and seen.repeated == [("条例", 2)]
    text = cast.client("committee_officer").get(f"/plans/years/{cast.branch.code}/").content.decode()
    assert "办了 1 种活动，10 个月里 2 个月有活动；最长的空档 5 个月：6 月到 10 月" in text
    assert "计划了没办" in text and "“条例”2 次" in text and "分" not in text.split("逐项说")[1].split("分在")[0]


def test_the_longest_gap_of_a_year() -> None:
    assert queries.gap([True, False, True, False, False, True, False]) == (4, 2)
    assert queries.gap([False, True, False]) == (1, 1) and queries.gap([True]) == queries.gap([]) == (0, 0)


@pytest.mark.parametrize("who", ROLES)
def test_who_opens_it(cast: Cast, who: str) -> None:
    sees = who in ("officer", "committee_officer", "secretary", "leader")
    assert cast.client(who).get(f"/plans/years/{cast.branch.code}/").status_code == (200 if sees else 403)
    assert cast.client("neighbour").get(f"/plans/years/{cast.branch.code}/").status_code == 404
    assert cast.client("secretary").get("/plans/years/%00/").status_code == 404
