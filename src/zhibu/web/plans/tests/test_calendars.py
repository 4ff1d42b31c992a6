"""日历订阅: a secret address of one post, told once, stopped at once, without names of persons."""

from __future__ import annotations

import re
from datetime import date

import icalendar
import pytest
from django.test import Client

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.plans.actions import feeds as actions
from zhibu.web.plans.actions import meetings
from zhibu.web.plans.models import Feed
from zhibu.web.plans.tests.given import notice

pytestmark = pytest.mark.django_db
SOON = date(2026, 11, 25)


def open_one(cast: Cast, who: str = "secretary") -> str:
    text = cast.client(who).post("/plans/calendar/").content.decode()
    return re.search(r"/plans/calendar/[\w-]+\.ics", text)[0]


def events(address: str) -> list[icalendar.Event]:
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_member_subscribes_without_signing_in_and_no_name_goes_out(cast: Cast) -> None:
    notice(cast, SOON, "theme_day", topic="学条例", host="李四", others="另请王五", note="张六带材料")
    address = open_one(cast, "member")
    [one] = events(address)
    assert str(one["summary"]) == "学条例" and str(one["location"]) == "村委会二楼"
    assert one.decoded("dtstart").isoformat() == "2026-11-25T11:00:00+00:00"
    raw = Client().get(address).content.decode()
    assert not [name for name in ("李四", "王五", "张六") if name in raw]
    assert "no-store" in Client().get(address)["Cache-Control"]


def test_only_the_digest_is_kept_and_the_address_is_told_once(cast: Cast) -> None:
    address = open_one(cast)
    token = address.rpartition("/")[2].removesuffix(".ics")
    kept = Feed.objects.get()
    assert token not in "".join(map(str, vars(kept).values())) and kept.digest == actions.digest(token)
    assert len(token) >= 43 and token not in cast.client("secretary").get("/plans/calendar/").content.decode()


def test_stopped_disabled_or_out_of_office_it_answers_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page, address = cast.client("secretary"), open_one(cast)
    assert Client().get("/plans/calendar/wrong.ics").status_code == 403
    user = cast.posts["secretary"].user
    user.is_active = False
    user.save()
    assert Client().get(address).status_code == 403
    user.is_active = True
    user.save()
    assert Client().get(address).status_code == 200
    post = cast.posts["secretary"]
    post.ends_on = date(2026, 11, 20)
    post.save()
    assert Client().get(address).status_code == 403
    post.ends_on = None
    post.save()
    page.post(f"/plans/calendar/{Feed.objects.get().pk}/revoke/")
    assert Client().get(address).status_code == 403
    assert Client().post(address).status_code == 405


def test_a_change_and_a_cancellation_arrive(cast: Cast) -> None:
    one, address = notice(cast, SOON, "theme_day"), open_one(cast)
    meetings.cancel(by=cast.scope("secretary"), meeting=one, why="下雨")
    [event] = events(address)
    assert event["status"] == "CANCELLED" and "（取消）" in str(event["summary"])


def test_nobody_stops_anothers_and_five_are_enough(cast: Cast) -> None:
    open_one(cast)
    assert cast.client("neighbour").post(f"/plans/calendar/{Feed.objects.get().pk}/revoke/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.revoke(by=cast.scope("neighbour"), feed=Feed.objects.get())
    for _ in range(4):
        open_one(cast)
    with pytest.raises(Unfit, match="最多"):
        actions.open_feed(by=cast.scope("secretary"))
    assert cast.scope("secretary").on == TODAY


@pytest.mark.parametrize("words", ["换行\r\nATTENDEE:mailto:x@x", "逗号,分号;反斜\\杠", "\u202e倒"])
def test_hostile_words_stay_words_of_one_property(cast: Cast, words: str) -> None:
    notice(cast, SOON, "theme_day", topic=words)
    [one] = events(open_one(cast))
    assert "attendee" not in one
