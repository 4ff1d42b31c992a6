"""会议通知: announced, changed and called off with a reason; it fills the record and tells the members."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.members.models import Member
from zhibu.web.plans.actions import meetings as actions
from zhibu.web.plans.models import MeetingNotice, Told
from zhibu.web.plans.tests.given import item, notice, plan, record

pytestmark = pytest.mark.django_db
SEES = {"officer", "committee_officer", "secretary", "leader"}
SOON = date(2026, 11, 25)


def test_a_notice_is_text_for_the_group_and_a_row_of_the_month(cast: Cast) -> None:
    one, page = notice(cast, SOON, "theme_day", topic="学条例", note="带笔记本"), cast.client("secretary")
    text = page.get(f"/plans/meetings/{one.pk}/").content.decode()
    for words in ("【会议通知】学条例", "11 月 25 日（星期三） 19:00–20:30", "村委会二楼", "带笔记本", "全体党员"):
        assert words in text
    assert "开会：学条例" in page.get("/duties/month/").content.decode()


def test_a_planned_item_leads_to_its_notice_once_it_has_one(cast: Cast) -> None:
    planned, page = item(cast, plan(cast), 11, "theme_day"), cast.client("secretary")
    address = f"/plans/{planned.plan_id}/"
    assert f"/plans/meetings/new/?item={planned.pk}" in page.get(address).content.decode()
    one = notice(cast, SOON, "theme_day", of=planned)
    told = page.get(address).content.decode()
    assert f'/plans/meetings/{one.pk}/">11 月 25 日的通知' in told and "发通知" not in told
    actions.cancel(by=cast.scope("secretary"), meeting=one, why="停电")
    assert "发通知" in page.get(address).content.decode()


def test_it_is_changed_and_called_off_with_a_reason_and_put_back(cast: Cast) -> None:
    one, page = notice(cast, SOON, "theme_day", topic="学条例"), cast.client("secretary")
    member = Member.objects.unscoped("t").filter(organisation=cast.branch).first()
    page.post(f"/plans/meetings/{one.pk}/told/", {"members": [member.pk]})
    assert "已通知 1 人，应到 8 人" in page.get(f"/plans/meetings/{one.pk}/").content.decode()
    told = {"on": "2026-11-26", "types": ["theme_day"], "topic": "学条例", "who": "everybody"}
    assert page.post(f"/plans/meetings/{one.pk}/change/", told).status_code == 422  # no reason
    page.post(f"/plans/meetings/{one.pk}/change/", told | {"why": "25 日停电"})
    text = page.get(f"/plans/meetings/{one.pk}/").content.decode()
    assert "25 日停电" in text and "最早通知的是 2026-11-25" in text and "已通知 0 人" in text
    page.post(f"/plans/meetings/{one.pk}/cancel/", {"why": "改为走访"})
    assert "【会议取消】" in page.get(f"/plans/meetings/{one.pk}/").content.decode()
    assert "开会：" not in page.get("/duties/month/").content.decode()
    page.post(f"/plans/meetings/{one.pk}/restore/")
    one.refresh_from_db()
    assert one.cancelled_on is None
    assert Line.objects.unscoped("t").filter(action="plans.keep", thing="plans.meetingnotice").count() == 5


def test_the_record_is_filled_from_the_notice_and_from_the_plan(cast: Cast) -> None:
    made = plan(cast)
    planned = item(cast, made, 11, "study", topic="学党章", speaker="王三", day=20)
    one = notice(cast, TODAY, "theme_day", topic="学条例", host="李书记")
    page = cast.client("secretary")
    text = page.get(f"/records/new/?rule=notice&period={one.pk}").content.decode()
    assert all(word in text for word in ("学条例", "李书记", "村委会二楼", "19:00", "按 11 月 21 日的通知"))
    text = page.get(f"/records/new/?rule=plan&period={planned.pk}").content.decode()
    assert all(word in text for word in ("学党章", "王三", "2026-11-20", "按 11 月计划"))
    other = cast.client("neighbour").get(f"/records/new/?rule=notice&period={one.pk}").content.decode()
    assert "学条例" not in other
    assert page.get("/records/new/?rule=notice&period=%C2%B2").status_code == 200


@pytest.mark.mechanism("M023")
def test_ready_only_with_a_preparation_before_the_day_and_flagged_when_after(cast: Cast) -> None:
    one, page = notice(cast, SOON, "theme_day"), cast.client("secretary")
    address = f"/plans/meetings/{one.pk}/"
    assert "还没有连上准备会" in page.get(address).content.decode()
    before = record(cast.branch, date(2026, 11, 18), "preparation")
    offered = page.get(address).content.decode()  # the last one is chosen in the form, and not linked by that
    assert f'value="{before.pk}" selected' in offered and "还没有连上准备会" in offered
    page.post(f"{address}prepare/", {"record": before.pk})
    text = page.get(address).content.decode()
    assert "提前 7 天" in text and "已完成" not in text.split("准备好了没有")[0]
    after = record(cast.branch, SOON, "committee_meeting")
    page.post(f"{address}prepare/", {"record": after.pk})
    assert "不早于活动 2026-11-25" in page.get(address).content.decode()
    assert "不早于活动 2026-11-25" in cast.client("committee_officer").get("/plans/meetings/").content.decode()
    itself = notice(cast, date(2026, 11, 24), "committee_meeting", "preparation")
    assert "准备好了没有" not in page.get(f"/plans/meetings/{itself.pk}/").content.decode()  # it prepares others
    assert "不要求" in page.get("/plans/meetings/").content.decode()
    for other in (record(cast.branch, date(2026, 11, 19), "study"), record(cast.neighbour, SOON, "preparation")):
        with pytest.raises(NotAllowed):
            actions.prepare(by=cast.scope("secretary"), meeting=one, record=other)


def test_a_committee_meets_alone_and_only_the_expected_are_told(cast: Cast) -> None:
    people = list(Member.objects.unscoped("t").filter(organisation=cast.branch))
    people[0].branch_post = "secretary"
    people[0].save()
    one = notice(cast, SOON, "committee_meeting", who="committee")
    with pytest.raises(Unfit, match="不在应到之列"):
        actions.tell(by=cast.scope("secretary"), meeting=one, members=people[:2])
    assert actions.tell(by=cast.scope("secretary"), meeting=one, members=people[:1]) == 1
    assert Told.objects.unscoped("t").count() == 1


@pytest.mark.parametrize("who", ROLES)
def test_who_opens_it_and_who_sees_names(cast: Cast, who: str) -> None:
    one = notice(cast, SOON, "theme_day")
    actions.tell(
        by=cast.scope("secretary"), meeting=one, members=Member.objects.unscoped("t").filter(organisation=cast.branch)
    )
    answer = cast.client(who).get(f"/plans/meetings/{one.pk}/")
    assert answer.status_code == (200 if who in SEES else 403)
    name = Member.objects.unscoped("t").filter(organisation=cast.branch).first().name
    assert (name in answer.content.decode()) == (who in SEES - {"leader"})


def test_neighbours_and_days_that_are_over(cast: Cast) -> None:
    one, other = notice(cast, SOON, "theme_day"), cast.client("neighbour")
    assert other.get(f"/plans/meetings/{one.pk}/").status_code == 404
    for act in ("change", "cancel", "restore", "told", "prepare"):
        assert other.post(f"/plans/meetings/{one.pk}/{act}/").status_code == 404
    with pytest.raises(Unfit, match="已经过了"):
        notice(cast, date(2026, 11, 20), "theme_day")
    page = cast.client("secretary")
    for told in ({"on": "2026-11-20"}, {"who": "others"}, {"starts_at": "20:00", "ends_at": "19:00"}, {"types": ["x"]}):
        form = {"on": "2026-11-25", "types": ["theme_day"], "who": "everybody"} | told
        assert page.post("/plans/meetings/new/", form).status_code == 422
    assert MeetingNotice.objects.unscoped("t").count() == 1


def test_a_member_sees_the_next_meeting_and_takes_it_into_a_calendar(cast: Cast) -> None:
    one = notice(cast, SOON, "theme_day", topic="学条例")
    member = Member.objects.unscoped("t").filter(organisation=cast.branch).first()
    member.user = cast.posts["member"].user
    member.save()
    page = cast.client("member")
    text = page.get("/me/").content.decode()
    assert "接下来的会" in text and "11 月 25 日 19:00" in text
    assert "SUMMARY:学条例" in page.get(f"/plans/meetings/{one.pk}/ics/").content.decode()
    assert cast.client("neighbour").get(f"/plans/meetings/{one.pk}/ics/").status_code == 404
