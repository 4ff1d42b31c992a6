"""A re-election in the browser: asked for, approved, voted in two rounds, reported; the new committee is in office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from zhibu.web.access.queries import system_scope
from zhibu.web.conftest import Cast
from zhibu.web.members.models import Member
from zhibu.web.offices.actions import seats
from zhibu.web.offices.models import Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import publishing

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WHY = "looked at by a test"
DAY = "2026-11-10"


def old_body(cast: Cast) -> None:
    """The secretary of the term that ends, so that the register has somebody who leaves."""
    office = seats.approve(
        by=system_scope(), organisation=cast.branch, kind="secretary", title="书记", seats=1,
        document="镇委〔2023〕1 号", starts_on=date(2023, 1, 1),
    )  # fmt: skip
    seats.appoint(
        by=system_scope(), office=office, name="贺老支书", starts_on=date(2023, 1, 1), how="elected",
        document="镇委〔2023〕1 号",
    )  # fmt: skip


class Sides:
    """The branch and the town above it, each in a tab of its own login."""

    def __init__(self, open_page: Callable[..., Any], cast: Cast, width: int):
        self.own = open_page("/procedures/new/", cast.client("secretary"), width)
        self.above = open_page("/procedures/", cast.client("committee_officer"), width)
        self.number, self.last = "", self.own

    def step(self, title: str, fill: Callable[[Any], None] = lambda page: None, *, above: bool = False) -> Any:
        """Next step of the case by whose turn it is, as the page names it."""
        page = self.above if above else self.own
        if page is not self.last:  # the other side went on meanwhile
            page.goto("/".join(page.url.split("/")[:3]) + f"/procedures/{self.number}/")
        self.last = page
        assert f"下一步：{title}" in page.locator("main").inner_text()
        page.get_by_role("link", name="办这一步").click()
        page.locator("#id_done").fill(DAY)
        fill(page)
        page.get_by_role("button", name="记下这一步").click()
        page.wait_for_url(f"**/procedures/{self.number}/")
        return page


def vote(page: Any, seats: int, *votes: tuple[str, int]) -> None:
    heads = {"voters": 8, "present": 8, "seats": seats, "issued": 8, "returned": 8}
    for name, number in heads.items():
        page.locator(f"#id_b-{name}").fill(str(number))
    for at, (name, number) in enumerate(votes):
        page.locator(f"#id_b-name_{at}").fill(name)
        page.locator(f"#id_b-votes_{at}").fill(str(number))


@pytest.mark.mechanism("M240")
@pytest.mark.parametrize("width", [375, 1366])
def test_from_the_request_to_the_new_committee_in_office(cast: Cast, open_page: Callable[..., Any], width: int) -> None:
    publishing.publish(paths=[settings.PACKS / "central"])
    old_body(cast)
    rows = Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")
    jia, yi, bing, ding = rows.values_list("name", flat=True)[:4]
    sides = Sides(open_page, cast, width)
    page = sides.own
    page.get_by_role("link", name="换届选举").click()
    page.locator("#id_name").fill("大营镇槐树村党支部")
    page.locator("#id_opened").fill(DAY)
    page.locator("#id_v_term_ends_on").fill("2026-12-31")
    page.locator("#id_v_has_committee").select_option("yes")
    page.get_by_role("button", name="开始办理").click()
    page.get_by_text("已开始办理").wait_for()
    sides.number = page.url.rstrip("/").rpartition("/")[2]

    sides.step("请示换届")
    sides.above.goto(sides.above.url)
    assert "上级党组织批复" in sides.above.locator("main").inner_text()  # on the town's list of what to do now
    sides.step("上级党组织批复", above=True)
    sides.step("组织党员酝酿推荐候选人")

    def agreed(page: Any) -> None:
        page.locator("#id_v_seats").fill("3")
        page.locator("#id_v_candidates").fill("4")
        page.locator("#id_v_surplus").select_option("yes")

    sides.step("研究确定候选人预备人选", agreed)
    sides.step("上级党组织审批候选人预备人选", above=True)

    def tied(page: Any) -> None:
        vote(page, 3, (jia, 9), (yi, 6), (bing, 5), (ding, 5))
        page.get_by_role("button", name="先核对，不记").click()
        page.get_by_text(f"{jia}得 9 票，比有效票 8 张多").first.wait_for()
        page.locator("#id_b-votes_0").fill("7")
        page.get_by_role("button", name="先核对，不记").click()
        page.get_by_text("只对这 2 人再投一次票").first.wait_for()
        page.get_by_label("选举无效或名额未选足").check()

    page = sides.step("党员大会选举", tied)
    page.get_by_text("票数和算法").first.click()
    assert "争 1 个名额" in page.locator("main").inner_text()

    def again(page: Any) -> None:
        assert {page.locator(f"#id_b-name_{at}").input_value() for at in (0, 1)} == {bing, ding}
        vote(page, 1, (bing, 3), (ding, 5))

    page = sides.step("党员大会选举", again)
    assert f"{jia}、{yi}、{ding}" in page.locator("main").inner_text()

    def chosen(page: Any) -> None:
        page.locator("#id_v_secretary").fill(jia)
        page.locator("#id_v_deputy").fill(yi)

    sides.step("新一届委员会第一次会议选举书记、副书记", chosen)
    sides.step("报告选举结果")
    page = sides.step(
        "上级党组织备案委员、批准书记和副书记", lambda page: page.locator("#id_v_term_years").fill("3"), above=True
    )
    assert "新一届领导班子已产生" in page.locator("main").inner_text()

    for looked, path in ((sides.own, "/offices/"), (sides.own, f"/offices/at/{cast.branch.code}/")):
        looked.goto(page.url.split("/procedures/")[0] + path)
        body = looked.locator("main").inner_text()
        assert all(name in body for name in (jia, yi, ding)), body
        assert bing not in body
        assert looked.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    looked.goto(page.url.split("/procedures/")[0] + f"/organisations/{cast.branch.code}/")
    assert "换届" in looked.locator("main").inner_text()
    assert rows.get(name=jia).branch_post == "书记"
    gone = Tenure.objects.unscoped(WHY).get(name="贺老支书")
    assert gone.ends_on == date(2026, 11, 9)
    here = Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk)
    assert (here.secretary_name, here.term_ends_on, here.committee_size) == (jia, date(2029, 11, 10), 3)
    for one in (sides.own, sides.above):
        assert one.complaints == [line for line in one.complaints if "422" in line]
