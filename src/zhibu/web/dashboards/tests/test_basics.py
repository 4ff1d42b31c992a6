"""基础资料: read from the registers, never typed; what is missing leads to where it arises."""

from __future__ import annotations

import pytest

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.dashboards import basics
from zhibu.web.duties.models import Verdict
from zhibu.web.members.models import Member
from zhibu.web.records.models import Record


def lines(cast: Cast, who: str = "secretary") -> dict[str, tuple[int, int]]:
    (sheet,) = basics.sheets(cast.scope(who), [cast.branch])
    return {line.item.word: (line.have, line.of) for line in sheet.lines}


@pytest.mark.mechanism("M374")
def test_the_meter_is_made_of_the_work_that_is_there(year: Cast, db: None) -> None:
    page = year.client("secretary")
    before = lines(year)
    shown = page.get("/basics/").content.decode()
    assert "基础资料还缺" in shown and f'href="/o/{year.branch.code}/"' in shown and 'href="/members/"' in shown
    verdicts = Verdict.objects.unscoped("t").filter(organisation=year.branch, year=TODAY.year)
    missed = verdicts.filter(status="missed").count()
    assert before["组织生活"][1] - before["组织生活"][0] == missed
    Member.objects.unscoped("t").filter(organisation=year.branch).update(education="大学", employment="farmer")
    Record.objects.unscoped("t").filter(organisation=year.branch).update(content="记了")
    after = lines(year)
    assert after["党员名册"] == (8, 8) and after["会议记录"][0] == after["会议记录"][1] > 0
    assert "党员名册</a>" in page.get("/basics/").content.decode()


def test_a_committee_sees_its_branches_and_a_reader_only_what_is_his(year: Cast, db: None) -> None:
    town = year.client("committee_officer").get("/basics/").content.decode()
    assert "槐树村" in town and "柳树村" not in town
    assert year.client("committee_officer").get(f"/o/{year.neighbour.code}/basics/").status_code == 404
    assert "党员名册" not in lines(year, "leader") and "组织生活" in lines(year, "leader")
    assert year.client("leader").get("/basics/").status_code == 200
    assert year.client("member").get("/basics/").status_code == 403
    (above,) = basics.sheets(year.scope("officer"), [year.county])
    assert "党员名册" not in {line.item.word for line in above.lines}


def test_the_same_queries_for_one_branch_and_for_many(year: Cast, db: None, django_assert_num_queries: object) -> None:
    scope = year.scope("officer")
    many = [year.branch, year.sister, year.neighbour]
    with django_assert_num_queries(9):  # type: ignore[operator]
        basics.sheets(scope, many)
    with django_assert_num_queries(9):  # type: ignore[operator]
        basics.sheets(scope, many[:1])
