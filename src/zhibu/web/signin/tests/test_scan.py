"""P05: a phone before the code: what it sees, what it may do, what it learns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.core import clock
from zhibu.web.members import numbers
from zhibu.web.members.models import Member
from zhibu.web.personal import retention
from zhibu.web.signin import codes, phones
from zhibu.web.signin.models import Guest, Meeting, Phone, Sign
from zhibu.web.signin.tests.conftest import door, known_phone, members, opened

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_first_scan_asks_once_and_the_phone_is_remembered(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    member, phone, here = members(cast)[0], Client(), door(meeting)
    first = text(phone.get(here))
    assert "11 月主题党日" in first and "获取短信码" in first and member.name not in first
    phone.post(here, {"do": "phone", "phone": numbers.whole(member, "phone")})
    [(number, code)] = outbox()
    assert number == numbers.whole(member, "phone")
    assert phone.post(here, {"do": "code", "code": code}).status_code == 302
    shown = text(phone.get(here))
    assert member.name in shown and "确认签到" in shown
    assert not Sign.objects.unscoped("t").exists()
    assert "已签到" in text(phone.post(here, {"do": "sign"}, follow=True))
    phone.post(here, {"do": "sign"})
    row = Sign.objects.unscoped("t").get()
    assert (row.member, row.way, row.by) == (member, "self", None)
    assert Line.objects.unscoped("t").filter(action="signin.sign").count() == 1
    later = opened(cast, title="支委会")
    assert member.name in text(phone.get(door(later)))  # no second code
    assert len(outbox()) == 1


def test_nothing_tells_whether_a_number_is_known(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    known, here = numbers.whole(members(cast)[0], "phone"), door(meeting)
    pages = []
    for number in (known, "13900000001"):
        page = text(Client().post(here, {"do": "phone", "phone": number}))
        pages.append(page.split("<main", 1)[1].split("</main>")[0])
    clean = [page.replace(page.split('csrfmiddlewaretoken" value="')[1][:64], "") for page in pages]
    assert clean[0] == clean[1]
    assert [number for number, _ in outbox()] == [known]


def test_a_code_sent_for_another_purpose_is_no_code_here(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    """Somebody asks here with another's number, then for a code to the own phone, and types that."""
    victim, thief = members(cast)[:2]
    phone, here = Client(), door(meeting)
    phone.post(here, {"do": "phone", "phone": numbers.whole(victim, "phone")})
    elsewhere = opened(cast, title="另一个会")
    phone.post(door(elsewhere), {"do": "phone", "phone": numbers.whole(thief, "phone")})
    answer = phone.post(here, {"do": "code", "code": outbox()[-1][1]})
    assert answer.status_code == 422 and not Phone.objects.exists()


def test_a_wrong_code_lets_nobody_in_and_five_are_enough(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    phone, here = Client(), door(meeting)
    phone.post(here, {"do": "phone", "phone": numbers.whole(members(cast)[0], "phone")})
    right = outbox()[-1][1]
    for _ in range(5):
        wrong = "000000" if right != "000000" else "111111"
        assert phone.post(here, {"do": "code", "code": wrong}).status_code == 422
    assert phone.post(here, {"do": "code", "code": right}).status_code == 422


def test_too_often_is_refused_alike_for_all(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    here = door(meeting)
    for number in (numbers.whole(members(cast)[0], "phone"), "13900000001"):
        assert Client().post(here, {"do": "phone", "phone": number}).status_code == 200
        again = Client().post(here, {"do": "phone", "phone": number})
        assert again.status_code == 429 and "主持人代记" in text(again)


def test_a_network_and_a_meeting_have_their_limits(cast: Cast, meeting: Meeting, outbox: Any, monkeypatch: Any) -> None:
    here = door(meeting)
    for name in ("signin_network", "signin_meeting"):
        monkeypatch.setitem(settings.LIMITS, name, "1/1h")
        answers = [
            Client().post(here, {"do": "phone", "phone": f"1390000{name[7:8] == 'n':01d}0{n}1"[:11].ljust(11, "0")})
            for n in (1, 2)
        ]
        assert [one.status_code for one in answers] == [200, 429] or answers[0].status_code == 429
        monkeypatch.setitem(settings.LIMITS, name, "200/1h")


def test_the_code_turns_every_half_minute(cast: Cast, meeting: Meeting) -> None:
    now = clock.now()
    for ago, good in ((0, True), (30, True), (61, False), (-31, False)):
        code = codes.current(meeting, now - timedelta(seconds=ago))
        assert codes.fresh(meeting, code, now) is good, ago
    assert codes.fresh(meeting, codes.printed(meeting), now)
    other = opened(cast, title="另一个会")
    assert not codes.fresh(other, other.nonce + codes.current(meeting, now)[10:], now)


def test_an_old_code_says_so_and_one_scanned_in_time_may_wait_for_the_sms(
    cast: Cast, meeting: Meeting, outbox: Any
) -> None:
    old = reverse("scan", args=[codes.current(meeting, clock.now() - timedelta(minutes=5))])
    answer = Client().get(old)
    assert answer.status_code == 403 and "扫大屏上的新码" in text(answer) and "主题党日" not in text(answer)
    phone = Client()
    phone.get(door(meeting))
    assert phone.get(old).status_code == 200  # the same browser, the same meeting


@pytest.mark.parametrize("code", ["x", "0" * 24, "ｆ" * 24, "%00", "f" * 24, "../login", "1" * 400])
def test_hostile_codes(db: None, code: str) -> None:
    assert Client().get(f"/s/{code}/").status_code in (403, 404)


def test_before_and_after(cast: Cast, outbox: Any) -> None:
    now = clock.now()
    early = opened(cast, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    assert "会议还没开始签到" in text(Client().get(door(early)))
    over = opened(cast, opens_at=now - timedelta(hours=2), closes_at=now - timedelta(hours=1))
    assert "主持人代记" in text(Client().get(door(over)))
    for one in (early, over):
        Client().post(door(one), {"do": "phone", "phone": numbers.whole(members(cast)[0], "phone")})
    assert outbox() == []


def test_a_member_of_another_branch_is_a_guest(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    stranger = Member.objects.unscoped("t").filter(organisation=cast.neighbour)[0]
    phone = known_phone(meeting, stranger, outbox)
    assert "记为来宾" in text(phone.get(door(meeting)))
    phone.post(door(meeting), {"do": "sign"})
    row = Guest.objects.unscoped("t").get()
    assert (row.member, row.branch, row.way) == (stranger, cast.neighbour.name, "self")
    assert not Sign.objects.unscoped("t").exists()


def test_one_signed_in_with_an_account_needs_no_code(cast: Cast, meeting: Meeting) -> None:
    member = members(cast)[3]
    member.user = cast.posts["member"].user
    member.save()
    page = cast.client("member")
    assert member.name in text(page.get(door(meeting)))
    page.post(door(meeting), {"do": "sign"})
    assert Sign.objects.unscoped("t").get().member == member


def test_the_member_ends_what_is_remembered(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    member = members(cast)[0]
    member.user = cast.posts["member"].user
    member.save()
    phone, page = known_phone(meeting, member, outbox), cast.client("member")
    assert "不再记住" in text(page.get("/me/phones/"))
    row = Phone.objects.get()
    assert cast.client("secretary").post("/me/phones/", {"phone": row.pk}).status_code == 404
    page.post("/me/phones/", {"phone": row.pk})
    assert member.name not in text(phone.get(door(meeting)))
    assert page.post("/me/phones/", {"phone": "x"}).status_code == 404


def test_whoever_holds_the_phone_may_end_it_and_it_ends_by_itself(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    member = members(cast)[0]
    phone = known_phone(meeting, member, outbox)
    phone.post(door(meeting), {"do": "forget"})
    assert Phone.objects.get().ended_on and member.name not in text(phone.get(door(meeting)))
    row = Phone.objects.get()
    assert row.holds(row.since) is False
    row.ended_on = None
    assert row.holds(row.until) and not row.holds(row.until + timedelta(days=1))
    assert (row.until - row.since).days == phones.DAYS


def test_a_phone_whose_time_is_over_is_cleared(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    known_phone(meeting, members(cast)[0], outbox)
    Phone.objects.update(until=Phone.objects.get().until - timedelta(days=phones.DAYS + 2))
    retention.clear()
    assert not Phone.objects.exists()


def test_a_forged_cookie_is_nobody(cast: Cast, meeting: Meeting, outbox: Any) -> None:
    phone = Client()
    phone.cookies[phones.COOKIE] = "forged:x:y"
    assert "获取短信码" in text(phone.get(door(meeting)))
    phone.post(door(meeting), {"do": "sign"})
    assert not Sign.objects.unscoped("t").exists()


def test_without_a_gateway_the_page_says_who_helps(cast: Cast, meeting: Meeting) -> None:
    assert "请主持人代记" in text(Client().get(door(meeting)))


def test_nothing_of_place_or_device_is_kept_of_a_sign_in(cast: Cast) -> None:
    columns = {one.name for one in Sign._meta.concrete_fields} | {one.name for one in Guest._meta.concrete_fields}
    assert columns == {"id", "meeting", "member", "way", "at", "by", "name", "branch"}
