"""The host's side: opening, ticking, taking back, guests; and how it all comes into the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.members.models import Member
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given
from zhibu.web.signin import actions
from zhibu.web.signin.models import Guest, Meeting, Sign
from zhibu.web.signin.tests.conftest import members, opened

pytestmark = pytest.mark.django_db
WHO = {"secretary": 200, "officer": 200, "committee_officer": 200, "neighbour": 200, "leader": 403, "member": 403,
       "auditor": 403}  # fmt: skip


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_may_open(cast: Cast, who: str, status: int) -> None:
    page = cast.client(who)
    assert page.get("/signin/").status_code == status
    assert page.get("/signin/new/").status_code == status


@pytest.mark.parametrize("who", ["neighbour", "officer", "committee_officer"])
def test_a_meeting_is_the_branchs_own(cast: Cast, meeting: Meeting, who: str) -> None:
    page, here = cast.client(who), f"/signin/{meeting.pk}/"
    assert page.get(here).status_code == 404
    assert page.get(f"{here}sheet/").status_code == 404
    assert page.post(f"{here}tick/", {"members": members(cast)[0].pk, "way": "host"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.tick(by=cast.scope(who), meeting=meeting, members=[members(cast)[0].pk], way="host")


def test_a_meeting_is_opened_and_adjusted_and_ended(cast: Cast) -> None:
    page = cast.client("secretary")
    told = {"title": "支委会", "held_on": TODAY, "types": "committee_meeting", "opens": "19:00", "closes": "21:00"}
    here = page.post("/signin/new/", told).headers["Location"]
    one = Meeting.objects.unscoped("t").get()
    assert (one.opens_at, one.closes_at) != (None, None)
    assert page.post(f"{here}edit/", told | {"title": "支委会（扩大）"}).status_code == 302
    page.post(f"{here}edit/", {"do": "end"})
    one.refresh_from_db()
    assert one.title == "支委会（扩大）" and one.state(clock.now()) != "open"
    page.post(f"{here}remove/")
    assert not Meeting.objects.unscoped("t").exists()


def test_a_notice_fills_the_form(cast: Cast) -> None:
    page = text(cast.client("secretary").get("/signin/new/?title=主题党日&on=2026-11-25&types=theme_day&types=x"))
    assert 'value="主题党日"' in page and 'value="2026-11-25"' in page and page.count(" checked") == 1


def test_what_can_not_be_is_said(cast: Cast) -> None:
    page = cast.client("secretary")
    answer = page.post("/signin/new/", {"title": "x", "held_on": TODAY, "opens": "19:00"})
    assert answer.status_code == 422
    assert "算作什么" in text(answer) and "两个时间都填" in text(answer)


def test_ticks_are_marked_as_the_hosts_and_on_paper(cast: Cast, meeting: Meeting) -> None:
    people, page, here = members(cast), cast.client("secretary"), f"/signin/{meeting.pk}/"
    page.post(f"{here}tick/", {"members": [people[0].pk, people[1].pk], "way": "host"})
    page.post(f"{here}tick/", {"members": [people[1].pk, people[2].pk], "way": "paper"})
    ways = dict(Sign.objects.unscoped("t").values_list("member", "way"))
    assert ways == {people[0].pk: "host", people[1].pk: "host", people[2].pk: "paper"}
    shown = text(page.get(here))
    assert "已签到 3 / 应到 8" in shown and "主持人代记 2 人" in shown and "纸质签到表 1 人" in shown
    assert Line.objects.unscoped("t").filter(action="signin.host", sentence__startswith="主持人代记").exists()


def test_hostile_ticks(cast: Cast, meeting: Meeting) -> None:
    page, here = cast.client("secretary"), f"/signin/{meeting.pk}/tick/"
    other = Member.objects.unscoped("t").filter(organisation=cast.neighbour)[0]
    for told in (
        {"members": other.pk, "way": "host"},
        {"members": members(cast)[0].pk, "way": "self"},
        {"members": "x"},
        {},
    ):
        assert page.post(here, told).status_code == 422
    with pytest.raises(NotAllowed):
        actions.tick(by=cast.scope("secretary"), meeting=meeting, members=[other.pk], way="host")
    with pytest.raises(Unfit):
        actions.tick(by=cast.scope("secretary"), meeting=meeting, members=[], way="self")
    assert not Sign.objects.unscoped("t").exists()


def test_a_sign_in_is_taken_back_with_a_reason(cast: Cast, meeting: Meeting) -> None:
    page, one = cast.client("secretary"), members(cast)[0]
    actions.tick(by=cast.scope("secretary"), meeting=meeting, members=[one.pk], way="host")
    here = f"/signin/{meeting.pk}/signs/{Sign.objects.unscoped('t').get().pk}/"
    assert page.post(here, {"reason": ""}).status_code == 422
    page.post(here, {"reason": "记错了人"})
    assert not Sign.objects.unscoped("t").exists()
    assert Line.objects.unscoped("t").filter(sentence__contains="记错了人").exists()


def test_guests_are_counted_apart(cast: Cast, meeting: Meeting) -> None:
    page, here = cast.client("secretary"), f"/signin/{meeting.pk}/"
    page.post(f"{here}guests/", {"name": "驻村干部", "branch": "县水务局机关支部"})
    assert "另有来宾 1 人，不计入应到" in text(page.get(here))
    assert "已经记在来宾里" in text(page.post(f"{here}guests/", {"name": "驻村干部", "branch": "县水务局机关支部"}))
    own = members(cast)[0]
    assert "不算来宾" in text(page.post(f"{here}guests/", {"name": own.name, "branch": cast.branch.name}))
    row = Guest.objects.unscoped("t").get()
    page.post(f"{here}guests/{row.pk}/")
    assert not Guest.objects.unscoped("t").exists()


def test_a_guest_within_reach_is_found_on_the_roster(cast: Cast) -> None:
    made = opened(cast, "committee_officer", title="镇党委会")
    one = members(cast)[0]
    guest = actions.invite(by=cast.scope("committee_officer"), meeting=made, name=one.name, branch=cast.branch.name)
    assert guest.member == one


def form_of(cast: Cast, page: Any) -> tuple[str, dict[str, Any]]:
    given.rule()
    given.november(cast.branch)
    typed = given.typed()
    return str(typed["key"]), typed


def test_from_the_form_of_a_record_and_into_the_record(cast: Cast) -> None:
    page = cast.client("secretary")
    key, typed = form_of(cast, page)
    typed["held_on"] = TODAY
    assert "出示签到码" in text(page.get("/records/new/"))
    here = page.post("/signin/open/", typed).headers["Location"]
    assert page.post("/signin/open/", typed).headers["Location"] == here  # once
    meeting = Meeting.objects.unscoped("t").get()
    assert meeting.form_key == key and meeting.state(clock.now()) == "open"
    people = members(cast)
    Sign.objects.create(meeting=meeting, member=people[0], way="self", at=clock.now())
    actions.tick(by=cast.scope("secretary"), meeting=meeting, members=[people[1].pk], way="paper")
    back = text(page.get(f"/records/new/?key={key}"))
    assert "已签到 2 人，已算到会" in back
    page.post("/records/new/", typed | {"rest": "leave"})
    receipt = page.post(f"/records/check/?key={key}").headers["Location"]
    record = Record.objects.unscoped("t").get(submitted_key=key)
    assert record.number in receipt
    ways = dict(record.attendances.filter(state="present").values_list("member", "way"))
    assert ways == {people[0].pk: "self", people[1].pk: "paper"} and record.present == 2 and record.expected == 8
    shown = text(page.get(f"/records/{record.number}/"))
    assert "其中本人签到 1 人" in shown and "其中纸质签到表 1 人" in shown
    meeting.refresh_from_db()
    assert meeting.record == record
    answer = page.post(f"{here}tick/", {"members": people[2].pk, "way": "host"})
    assert answer.status_code == 422 and "在那条记录里修改" in text(answer)
    page.post(f"{here}guests/", {"name": "来客", "branch": "外县支部"})
    assert "来宾（不计入应到） 1 人" in text(page.get(f"/records/{record.number}/"))


def test_the_form_takes_the_meeting_registered_before(cast: Cast) -> None:
    """Not a second one beside it, whose code would gather the rest of the people."""
    page, before = cast.client("secretary"), opened(cast, opens_at=None, closes_at=None)
    key, typed = form_of(cast, page)
    typed |= {"held_on": TODAY, "types": ["theme_day", "party_lecture"]}
    Sign.objects.create(meeting=before, member=members(cast)[0], way="paper", at=clock.now())
    here = page.post("/signin/open/", typed).headers["Location"]
    meeting = Meeting.objects.unscoped("t").get()
    assert here.endswith(f"/{before.pk}/") and meeting.form_key == key and meeting.state(clock.now()) == "open"
    assert "已签到 1 / 应到 8" in text(page.get(here)) and f"/records/new/?key={key}" in page.get(here).content.decode()
    other = page.post("/signin/open/", typed | {"held_on": TODAY, "types": ["study"], "key": "other"})
    assert other.headers["Location"] != here and Meeting.objects.unscoped("t").count() == 2


def test_the_form_works_with_zero_scans(cast: Cast) -> None:
    page = cast.client("secretary")
    key, typed = form_of(cast, page)
    page.post("/records/new/", typed)
    page.post(f"/records/check/?key={key}")
    record = Record.objects.unscoped("t").get(submitted_key=key)
    assert set(record.attendances.values_list("way", flat=True)) == {"host"}


def test_the_hosts_word_stands_over_a_sign_in(cast: Cast) -> None:
    """Equal standing: who was scanned by mistake is marked away on the form."""
    page = cast.client("secretary")
    key, typed = form_of(cast, page)
    typed["held_on"] = TODAY
    page.post("/signin/open/", typed)
    one = members(cast)[0]
    Sign.objects.create(meeting=Meeting.objects.unscoped("t").get(), member=one, way="self", at=clock.now())
    page.post("/records/new/", typed | {"rest": "present", f"state-{one.pk}": "leave"})
    page.post(f"/records/check/?key={key}")
    assert Record.objects.unscoped("t").get(submitted_key=key).attendances.get(member=one).state == "leave"


def test_another_branchs_sign_ins_never_reach_a_form(cast: Cast, meeting: Meeting) -> None:
    from zhibu.web.signin.beside import known

    Sign.objects.create(meeting=meeting, member=members(cast)[0], way="self", at=clock.now())
    assert known(cast.branch.pk, TODAY, ["theme_day"], "")
    assert not known(cast.neighbour.pk, TODAY, ["theme_day"], "")
    assert not known(cast.branch.pk, TODAY, ["committee_meeting"], "")
    assert not known(cast.branch.pk, TODAY - timedelta(days=1), ["theme_day"], "")


def test_the_printed_sheet_has_everybody_and_the_static_code(cast: Cast, meeting: Meeting) -> None:
    page = text(cast.client("secretary").get(f"/signin/{meeting.pk}/sheet/"))
    assert all(one.name in page for one in members(cast)) and "<svg" in page and "签名" in page


def test_the_list_alone_is_fetched_by_polling(cast: Cast, meeting: Meeting) -> None:
    page, here = cast.client("secretary"), f"/signin/{meeting.pk}/"
    part = text(page.get(here, headers={"HX-Request": "true"}))
    assert 'id="live"' in part and "<html" not in part and "<svg" in part
    assert 'hx-trigger="every 5s"' in part


def test_without_script_the_code_of_the_meeting_stands_still(cast: Cast, meeting: Meeting) -> None:
    page, here = cast.client("secretary"), f"/signin/{meeting.pk}/"
    whole, part = text(page.get(here)), text(page.get(here, headers={"HX-Request": "true"}))
    assert "<noscript>" in whole and "固定码" in whole and "data-js hidden" in whole
    assert "<noscript>" not in part and 'class="qr-box">' in part  # nothing that a poll would hide again


def test_the_page_takes_the_same_queries_however_many_signed_in(
    cast: Cast, meeting: Meeting, django_assert_max_num_queries: Any
) -> None:
    page, here = cast.client("secretary"), f"/signin/{meeting.pk}/"
    actions.tick(by=cast.scope("secretary"), meeting=meeting, members=[one.pk for one in members(cast)], way="host")
    page.get(here)
    with django_assert_max_num_queries(20):
        page.get(here, headers={"HX-Request": "true"})


def test_the_address_in_the_code_is_the_scan_page(cast: Cast, meeting: Meeting) -> None:
    assert reverse("scan", args=["abc"]) == "/s/abc/"
