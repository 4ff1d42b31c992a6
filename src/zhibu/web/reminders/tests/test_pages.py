"""One's own list and settings, who was told when, 提醒一下, the office's rule: who may, and what it says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from zhibu.web.access.models import Post
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.reminders.actions import setting
from zhibu.web.reminders.models import Asked, ReminderRule, ReminderWish
from zhibu.web.reminders.tests.telling import MONDAY, on, rule, said, told, verdict

pytestmark = pytest.mark.django_db
OPTIONS = {"active": "on", "days": "7，1", "roles": ["secretary"], "first": "08:30", "last": "17:30"}


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZHIBU_TODAY", MONDAY.isoformat())
    yield


def late(place: Any, name: str = "theme-day") -> Verdict:
    return verdict(
        place, rule=name, status="missed", period="2026-10", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31),
        deadline=date(2026, 11, 3),
    )  # fmt: skip


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


# --- one's own -------------------------------------------------------------------------------------------------


def test_everybody_has_a_list_and_sees_only_what_was_told_to_him(cast: Cast) -> None:
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    for who in cast.posts:
        shown = text(cast.client(who), "/reminders/")
        assert ("记录 11 月theme-day" in shown) == (who == "secretary")
    assert "1 件还要办" in text(cast.client("secretary"), "/reminders/")
    Verdict.objects.unscoped("t").update(status="met")
    shown = text(cast.client("secretary"), "/reminders/")
    assert "提醒过的都办完了" in shown and "已完成" in shown


def test_the_month_says_so_in_one_line_and_nothing_when_there_is_nothing(cast: Cast) -> None:
    from django.utils import timezone

    from zhibu.web.duties.models import Evaluation

    Evaluation.objects.create(year=2026, as_of=MONDAY, computed_at=timezone.now())
    client = cast.client("secretary")
    assert ">提醒" not in text(client, "/duties/month/")
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    assert '<a href="/reminders/">提醒（1 件还要办）</a>' in text(client, "/duties/month/")


def test_a_kind_is_stopped_and_an_address_left_by_oneself(cast: Cast) -> None:
    client = cast.client("secretary")
    response = client.post("/reminders/wish/", {"muted": ["closing"], "sms": "on", "mail": "a@example.cn"}, follow=True)
    assert "已停用：快到期" in response.content.decode()
    kept = ReminderWish.objects.get()
    assert kept.mail == "a@example.cn" and "example" not in kept.mail_sealed
    line = Line.objects.unscoped("t").filter(action="reminders.own").get()
    assert line.new == {"muted": ["closing"], "sms": True, "mail": True}
    assert 'value="a@example.cn"' in text(client, "/reminders/wish/")
    client.post("/reminders/wish/", {"sms": "on"})
    assert ReminderWish.objects.get().mail == "" and ReminderWish.objects.get().muted == []


def test_what_a_superior_asks_cannot_be_stopped(cast: Cast) -> None:
    client = cast.client("secretary")
    assert client.post("/reminders/wish/", {"muted": ["asked"]}).status_code == 422
    wrong = client.post("/reminders/wish/", {"mail": "不是邮箱"})
    assert wrong.status_code == 422 and "写成 name@example.cn 这样的邮箱" in wrong.content.decode()
    assert not ReminderWish.objects.exists()


# --- 提醒一下 --------------------------------------------------------------------------------------------------


def test_a_superior_asks_once_a_week_and_both_see_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    late(cast.branch)
    officer, secretary = cast.client("committee_officer"), cast.client("secretary")
    address = f"/reminders/ask/{cast.branch.code}/"
    assert address in text(officer, "/board/late/")
    assert "补上 10 月theme-day" in text(officer, address) and "secretary（书记）" in text(officer, address)
    key = "branch-life/theme-day/2026-10"
    done = officer.post(address, {"keys": [key]}, follow=True)
    assert "已提醒大营镇槐树村党支部" in done.content.decode()
    assert said() == [("secretary", "asked", "补上 10 月theme-day")]
    line = Line.objects.unscoped("t").filter(action="reminders.ask").get()
    assert line.user_id == cast.posts["committee_officer"].user_id and line.happened_on == MONDAY
    assert "中共云岭县大营镇委员会 11 月 23 日提醒" in text(secretary, "/reminders/")
    for reader in (officer, secretary):
        assert "中共云岭县大营镇委员会提醒" in text(reader, "/reminders/told/")

    again = text(officer, address)
    assert "7 天内提醒过的" in again and "11 月 30 日起可以再提醒" in again
    assert officer.post(address, {"keys": [key]}).status_code == 422
    assert cast.client("officer").post(address, {"keys": [key]}).status_code == 422  # nor somebody above him
    assert Asked.objects.unscoped("t").count() == 1
    monkeypatch.setenv("ZHIBU_TODAY", (MONDAY + timedelta(days=7)).isoformat())
    assert officer.post(address, {"keys": [key]}).status_code == 302


def test_an_ask_is_heard_inside_at_once_and_goes_out_with_the_next_digest_unless_done(cast: Cast) -> None:
    ReminderWish.objects.create(user=cast.posts["secretary"].user, muted=["closing", "overdue", "returned"])
    first, second = late(cast.branch), late(cast.branch, "study")
    keys = [f"branch-life/{one.rule}/2026-10" for one in (first, second)]
    cast.client("committee_officer").post(f"/reminders/ask/{cast.branch.code}/", {"keys": keys})
    assert [one.digest for one in told()] == [None, None]
    second.status = "late"
    second.save()
    assert on(MONDAY).people == 1
    assert {one.key: one.digest is not None for one in told()} == dict(zip(keys, [True, False], strict=True))
    assert on(MONDAY + timedelta(days=1)).people == 0


def test_only_those_above_ask_and_only_below_them(cast: Cast) -> None:
    for place in (cast.branch, cast.neighbour, cast.town):
        late(place)
    assert cast.client("committee_officer").get(f"/reminders/ask/{cast.neighbour.code}/").status_code == 404
    assert cast.client("committee_officer").get(f"/reminders/ask/{cast.town.code}/").status_code == 404
    assert cast.client("officer").get(f"/reminders/ask/{cast.town.code}/").status_code == 200
    assert cast.client("secretary").get(f"/reminders/ask/{cast.branch.code}/").status_code == 404
    for who in ("leader", "member", "auditor"):
        assert cast.client(who).get(f"/reminders/ask/{cast.branch.code}/").status_code == 403
    shown = text(cast.client("committee_officer"), "/board/late/")
    assert f"/reminders/ask/{cast.branch.code}/" in shown and f"/reminders/ask/{cast.town.code}/" not in shown


def test_nobody_there_is_said_with_the_phone(cast: Cast) -> None:
    late(cast.sister)
    officer = cast.client("committee_officer")
    shown = text(officer, f"/reminders/ask/{cast.sister.code}/")
    assert "提醒没有人收" in shown and 'href="tel:0999-5551234"' in shown
    refused = officer.post(f"/reminders/ask/{cast.sister.code}/", {"keys": ["branch-life/theme-day/2026-10"]})
    assert refused.status_code == 422 and not Asked.objects.unscoped("t").exists()


def test_what_is_not_late_is_not_asked(cast: Cast) -> None:
    verdict(cast.branch)
    officer, address = cast.client("committee_officer"), f"/reminders/ask/{cast.branch.code}/"
    assert "没有逾期的" in text(officer, address)
    assert officer.post(address, {"keys": ["branch-life/theme-day/2026-11"]}).status_code == 422
    assert officer.post(address, {}).status_code == 422


def test_all_that_the_late_list_shows_are_asked_after_one_look(cast: Cast) -> None:
    for place in (cast.branch, cast.sister, cast.neighbour, cast.town):
        late(place)
    late(cast.branch, "study")
    officer = cast.client("officer")
    link = "/reminders/ask/?area=T001&amp;k=branch-life%2Ftheme-day"
    assert link in text(officer, "/board/late/?k=branch-life/theme-day")
    shown = text(officer, "/reminders/ask/?area=T001&k=branch-life/theme-day")
    assert "提醒 2 个党组织" in shown and "大营镇槐树村党支部：补上 10 月theme-day（书记 secretary）" in shown
    assert "龙泉村" in shown.partition("提醒没有人收")[2]  # nobody holds a post there, nor at the town
    nothing = officer.post("/reminders/ask/?k=branch-life/theme-day", {})
    assert nothing.status_code == 422 and "选一个要提醒的" in nothing.content.decode()
    told_ = {"keys": [cast.branch.code, cast.neighbour.code]}
    done = officer.post("/reminders/ask/?k=branch-life/theme-day", told_, follow=True)
    assert "已提醒 2 个党组织" in done.content.decode()
    assert sorted(name for name, *_ in said()) == ["neighbour", "secretary"]
    assert Line.objects.unscoped("t").filter(action="reminders.ask").count() == 2
    again = text(officer, "/reminders/ask/?k=branch-life/theme-day")
    assert "没有要提醒的" in again and "11 月 23 日提醒过" in again
    assert officer.post("/reminders/ask/?k=branch-life/theme-day", told_).status_code == 422
    assert "补上 10 月study" in text(officer, "/reminders/ask/")  # the branch's other duty is still to be asked


def test_many_are_asked_within_reach_alone(cast: Cast) -> None:
    for place in (cast.branch, cast.neighbour):
        late(place)
    clerk = cast.client("committee_officer")
    assert "柳树村" not in text(clerk, "/reminders/ask/")
    assert clerk.post("/reminders/ask/", {"keys": [cast.neighbour.code]}).status_code == 422
    assert clerk.get(f"/reminders/ask/?area={cast.neighbour.code}").status_code == 404
    assert clerk.get(f"/reminders/ask/?area={cast.town.code}").status_code == 200
    assert cast.client("leader").get("/reminders/ask/").status_code == 403
    assert said() == []


def test_the_look_before_costs_the_same_for_many(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("officer")
    late(cast.branch)
    client.get("/reminders/ask/")
    for many in (1, 10):
        for number in range(many):
            for place in (cast.sister, cast.neighbour, cast.branch):
                late(place, f"r{many}-{number}")
        with django_assert_num_queries(15):
            client.get("/reminders/ask/")


# --- who was told when -----------------------------------------------------------------------------------------


def test_the_branch_and_its_committee_see_who_was_told(cast: Cast) -> None:
    for place in (cast.branch, cast.neighbour):
        verdict(place, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    seen = {
        who: {name for name in ("槐树村", "柳树村") if name in text(cast.client(who), "/reminders/told/")}
        for who in ("officer", "committee_officer", "secretary", "neighbour")
    }
    assert seen == {
        "officer": {"槐树村", "柳树村"},
        "committee_officer": {"槐树村"},
        "secretary": {"槐树村"},
        "neighbour": {"柳树村"},
    }
    assert "secretary（书记）" in text(cast.client("officer"), f"/reminders/told/?area={cast.branch.code}")
    assert cast.client("secretary").get(f"/reminders/told/?area={cast.neighbour.code}").status_code == 404
    for who in ("leader", "member", "auditor"):
        assert cast.client(who).get("/reminders/told/").status_code == 403


def test_the_list_costs_the_same_however_long(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("committee_officer")
    client.get("/reminders/told/")
    for many in (1, 20):
        for number in range(many):
            verdict(cast.branch, rule=f"r{many}-{number}", ends_on=MONDAY, deadline=MONDAY)
        on(MONDAY + timedelta(days=many % 2))
        with django_assert_num_queries(10):
            client.get("/reminders/told/")


# --- the office's rule -----------------------------------------------------------------------------------------


def test_an_office_sets_its_rule_and_drops_it(cast: Cast) -> None:
    client = cast.client("officer")
    assert "还没有哪一级定过" in text(client, "/reminders/rule/")
    shown = client.post("/reminders/rule/", OPTIONS | {"document": "示字 1 号"}, follow=True).content.decode()
    assert "到期前 7、1 天提醒一次" in shown and "示字 1 号" in shown
    kept = ReminderRule.objects.unscoped("t").get()
    assert (kept.organisation, kept.days, kept.roles, kept.sms) == (cast.county, [7, 1], ["secretary"], False)
    assert "现在按中共云岭县委员会的" in text(cast.client("committee_officer"), "/reminders/rule/")
    client.post("/reminders/rule/drop/")
    assert not ReminderRule.objects.unscoped("t").exists()
    lines = Line.objects.unscoped("t").filter(action="reminders.set").order_by("pk")
    assert [one.sentence for one in lines] == ["规定提醒办法", "不再另定提醒办法，按上级的"]
    assert "本级没有另定" in client.post("/reminders/rule/drop/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": "很快"}, "写成 7，1 这样的天数"),
        ({"days": "99"}, "每个在 1 和 30 之间"),
        ({"days": "9,8,7,6"}, "最多写 3 个天数"),
        ({"days": "９"}, "写成 7，1 这样的天数"),
        ({"roles": []}, "至少选一种身份"),
        ({"roles": ["officer"]}, "提醒谁"),
        ({"first": "25:00"}, "写成 08:30 这样的时间"),
        ({"first": "18:00"}, "最晚的时间要在最早的时间以后"),
    ],
)
def test_an_error_says_what_would_be_right(cast: Cast, wrong: dict[str, Any], words: str) -> None:
    response = cast.client("officer").post("/reminders/rule/", OPTIONS | wrong)
    assert response.status_code == 422 and words in response.content.decode()
    assert not ReminderRule.objects.unscoped("t").exists()


def test_a_branch_sets_no_rule(cast: Cast) -> None:
    for who in ("secretary", "leader", "member", "auditor"):
        assert cast.client(who).get("/reminders/rule/").status_code == 403
        assert cast.client(who).post("/reminders/rule/", OPTIONS).status_code == 403


def test_a_rule_reaches_whoever_it_names_and_no_others(cast: Cast) -> None:
    post: Post = cast.posts["secretary"]
    post.role = "deputy"
    post.save()
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    assert said() == []
    rule(cast.county, roles=["deputy"])
    on(MONDAY)
    assert [name for name, *_ in said()] == ["secretary"]


def test_own_wishes_are_nobody_elses(cast: Cast) -> None:
    setting.wish(by=cast.scope("secretary"), muted=["closing"], sms=True, mail="geheim@example.cn")
    for who in cast.posts:
        for address in ("/reminders/", "/reminders/wish/"):
            assert ("geheim" in text(cast.client(who), address)) == (who == "secretary" and "wish" in address)


def test_an_ask_is_taken_back_on_its_day_by_who_sent_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    late(cast.branch)
    officer, address = cast.client("committee_officer"), f"/reminders/ask/{cast.branch.code}/"
    officer.post(address, {"keys": ["branch-life/theme-day/2026-10"]})
    one = Asked.objects.unscoped("t").get()
    back = f"/reminders/asked/{one.pk}/back/"
    assert back in text(officer, "/reminders/told/") and back not in text(cast.client("officer"), "/reminders/told/")
    assert cast.client("secretary").get(back).status_code == 404
    assert cast.client("officer").post(back, {"reason": "替他撤"}).status_code == 422  # the county did not send it
    assert officer.post(back, {"reason": ""}).status_code == 422
    monkeypatch.setenv("ZHIBU_TODAY", (MONDAY + timedelta(days=1)).isoformat())
    assert officer.post(back, {"reason": "点错了"}).status_code == 422
    monkeypatch.setenv("ZHIBU_TODAY", MONDAY.isoformat())
    assert officer.post(back, {"reason": "点错了单位"}).status_code == 302
    assert said() == [] and not Asked.objects.unscoped("t").exists()
    assert officer.post(address, {"keys": ["branch-life/theme-day/2026-10"]}).status_code == 302  # and asked anew


def test_what_was_told_goes_out_as_a_table(cast: Cast) -> None:
    late(cast.branch), late(cast.neighbour)
    cast.client("officer").post(f"/reminders/ask/{cast.branch.code}/", {"keys": ["branch-life/theme-day/2026-10"]})
    cast.client("officer").post(f"/reminders/ask/{cast.neighbour.code}/", {"keys": ["branch-life/theme-day/2026-10"]})
    assert cast.client("secretary").get("/reminders/told/export/").status_code == 403
    assert "/reminders/told/export/?area=" in text(cast.client("officer"), f"/reminders/told/?area={cast.branch.code}")
    for who, area, names in (
        ("officer", "", 2),
        ("officer", f"?area={cast.branch.code}", 1),
        ("committee_officer", "", 1),
    ):
        book = cast.client(who).get(f"/reminders/told/export/{area}")
        with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
            texts = parts.read("xl/sharedStrings.xml").decode()
        assert (cast.branch.name in texts) and (cast.neighbour.name in texts) == (names == 2)
    assert Line.objects.unscoped("t").filter(action="reminders.export").count() == 4  # and the refusal
