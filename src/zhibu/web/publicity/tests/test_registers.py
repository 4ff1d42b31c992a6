"""Five registers: written at the own organisation, read above, withdrawn with a reason; and the share of members."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.campaigns import actions as campaigns
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.members.models import Member
from zhibu.web.publicity import actions, participation
from zhibu.web.publicity.models import Column, Press, TourStop
from zhibu.web.publicity.registers import REGISTERS
from zhibu.web.records.models import Attendance, Record

pytestmark = pytest.mark.django_db
WHY = "the test looks at everything"
DAY = TODAY.isoformat()
COLUMN = {
    "name": "身边的支部",
    "outlet": "青川日报",
    "planned": "100",
    "starts_on": "2026-01-01",
    "subjects": "三创典型",
}
PRESS = {"title": "账念给大家听", "medium": "paper", "outlet": "青川日报", "published_on": DAY, "tone": "positive"}
STOP = {"tour": "先进事迹报告会", "held_on": DAY, "place": "县礼堂", "invited": "200", "audience": "187"}
TOLD = {"experience": "议题前移", "level": "province", "to": "省委组织部", "recommended_on": DAY, "outcome": "waiting"}
PRAISE = {"meeting": "全市组织工作会议", "level": "city", "held_on": DAY, "speaker": "县委组织部部长"}
PRAISE |= {"praise": "做法实在", "evidence": "市组〔2026〕3号"}
ALL = {"columns": COLUMN, "press": PRESS, "tours": STOP, "recommended": TOLD, "recognised": PRAISE}


def enter(client: Client, kind: str, **told: str) -> None:
    answer = client.post(f"/publicity/{kind}/new/", ALL[kind] | told)
    assert answer.status_code == 302, answer.content.decode()


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.mechanism("M331")
def test_a_column_counts_its_pieces_against_the_plan(cast: Cast) -> None:
    own = cast.client("officer")
    enter(own, "columns")
    column = Column.objects.unscoped(WHY).get()
    for number in range(73):
        Press.objects.create(
            organisation=cast.county, title=f"第{number}篇", medium="paper", outlet="青川日报", published_on=TODAY,
            tone="positive", column=column,
        )  # fmt: skip
    assert "73 / 100" in text(own, "/publicity/columns/") and "三创典型" in text(own, "/publicity/columns/")
    gone = Press.objects.unscoped(WHY).first()
    actions.strike(by=cast.scope("officer"), row=gone, reason="登重了")
    assert "72 / 100" in text(own, "/publicity/columns/")


@pytest.mark.mechanism("M332", "M333")
def test_what_the_media_printed_praising_or_critical(cast: Cast) -> None:
    own = cast.client("secretary")
    link = "https://daily.example.cn/a?b=1&c=2"
    enter(own, "press", link=link)
    enter(own, "press", title="路灯三个月没修好", medium="television", outlet="县台", tone="critical")
    shown = text(own, "/publicity/press/")
    assert 'href="https://daily.example.cn/a?b=1&amp;c=2" rel="noopener noreferrer nofollow"' in shown
    assert "舆论监督" in shown and "电视：县台" in shown
    for bad in ("http://daily.example.cn/", "javascript:alert(1)", "https://169.254.169.254 /"):
        assert own.post("/publicity/press/new/", PRESS | {"link": bad}).status_code == 422
    assert cast.client("committee_officer").get("/publicity/press/?q=路灯").content.decode().count("县台") == 1


@pytest.mark.mechanism("M335")
def test_a_tour_has_stops_and_numbers_of_hearers(cast: Cast) -> None:
    own = cast.client("officer")
    later = (TODAY + timedelta(days=9)).isoformat()
    enter(own, "tours", held_on=later, place="大营镇", audience="")
    answer = own.post("/publicity/tours/new/", STOP | {"held_on": later})
    assert answer.status_code == 422 and "还没有到" in answer.content.decode()
    enter(own, "tours")
    assert "187" in text(own, "/publicity/tours/")
    stop = TourStop.objects.unscoped(WHY).get(audience=None)
    assert own.post(f"/publicity/tours/{stop.pk}/", STOP | {"place": "大营镇", "audience": "60"}).status_code == 302
    stop.refresh_from_db()
    assert stop.audience == 60


@pytest.mark.mechanism("M337", "M338")
def test_what_was_told_to_higher_levels_and_what_they_said(cast: Cast) -> None:
    own = cast.client("officer")
    enter(own, "recommended")
    answer = own.post("/publicity/recommended/new/", TOLD | {"outcome": "adopted"})
    assert answer.status_code == 422 and "在哪里采用" in answer.content.decode()
    enter(own, "recommended", outcome="adopted", told_on=DAY, evidence="省简报第 3 期")
    shown = text(own, "/publicity/recommended/")
    assert "等回音" in shown and "省简报第 3 期" in shown
    assert own.post("/publicity/recognised/new/", PRAISE | {"evidence": ""}).status_code == 422
    enter(own, "recognised")
    assert "做法实在" in text(own, "/publicity/recognised/") and "市组〔2026〕3号" in text(
        own, "/publicity/recognised/"
    )


@pytest.mark.parametrize("kind", REGISTERS)
def test_each_is_kept_by_its_own_and_read_above(cast: Cast, kind: str) -> None:
    own, above, beside = cast.client("secretary"), cast.client("committee_officer"), cast.client("neighbour")
    enter(own, kind)
    row = REGISTERS[kind].model.objects.unscoped(WHY).get()
    first = next(iter(ALL[kind].values()))
    edit, strike = f"/publicity/{kind}/{row.pk}/", f"/publicity/{kind}/{row.pk}/strike/"
    assert first in text(above, f"/publicity/{kind}/") and first not in text(beside, f"/publicity/{kind}/")
    assert above.get(edit).status_code == beside.get(edit).status_code == 404
    assert cast.client("member").get(f"/publicity/{kind}/").status_code == 403
    for client in (own, above):
        assert client.get(f"/publicity/{kind}/export/").status_code == 200
    with pytest.raises(NotAllowed):
        actions.strike(by=cast.scope("committee_officer"), row=row, reason="x")
    assert own.get(edit).status_code == 200 and own.post(strike, {"reason": ""}).status_code == 422
    assert own.post(strike, {"reason": "登错了"}).status_code == 302
    assert first not in text(own, f"/publicity/{kind}/") and own.get(edit).status_code == 404
    row.refresh_from_db()
    assert (row.withdrawn_on, row.withdrawn_why) == (TODAY, "登错了")


def held(cast: Cast, day: date, present: int) -> None:
    """A record of the branch at which so many of the eight were present, and one was away."""
    people = list(Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk"))
    record = Record.objects.create(
        organisation=cast.branch, number=f"t-{day}", types=["theme_day"], held_on=day, recorded_at=clock.now(),
        recorded_on=day,
    )  # fmt: skip
    states = [Attendance.State.PRESENT] * present + [Attendance.State.ABSENT] * (8 - present)
    Attendance.objects.bulk_create(
        Attendance(record=record, member=one, state=state) for one, state in zip(people, states, strict=True)
    )


@pytest.mark.mechanism("M336")
def test_the_share_of_members_who_took_part_by_unit(cast: Cast, django_assert_max_num_queries) -> None:
    held(cast, date(2026, 11, 3), 5)
    held(cast, date(2026, 11, 10), 3)
    held(cast, date(2026, 3, 3), 8)
    above = cast.client("officer")
    shown = text(above, "/publicity/participation/?first=2026-11-01&last=2026-11-30")
    assert "5 / 24 名党员参加过活动" in shown and "62.5" in shown and "党员为今天在册人数" in shown
    Record.objects.create(
        organisation=cast.sister, number="no-list", types=["theme_day"], held_on=TODAY, recorded_on=TODAY,
        recorded_at=clock.now(), expected=8, present=7,
    )  # fmt: skip
    without = text(above, "/publicity/participation/?first=2026-11-01&last=2026-11-30")
    assert "5 / 16 名党员参加过活动" in without and "另有 1 个单位的记录没有到会名单" in without
    assert not any(one.name in shown for one in Member.objects.unscoped(WHY))
    campaign = campaigns.begin(
        by=cast.scope("officer"), name="建设月", document="文", starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31),
        units=[cast.branch, cast.other_town],
    )  # fmt: skip
    assert "8 / 16 名党员" in text(above, f"/publicity/participation/?campaign={campaign.pk}")
    assert above.get(f"/publicity/participation/export/?campaign={campaign.pk}").status_code == 200
    beside = participation.parts(cast.scope("neighbour").doing("publicity.view"), date(2026, 1, 1), TODAY)
    assert [one.place.pk for one in beside] == [cast.neighbour.pk]
    with django_assert_max_num_queries(18):
        above.get("/publicity/participation/")
    assert above.get("/publicity/participation/?first=x&last=9999-99-99&campaign=zz").status_code == 200
