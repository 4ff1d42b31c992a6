"""`zhibu remind`: once, to who does the work, at decent hours; nothing when done; killed or run again: none twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import override_settings

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import StandIn
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.audit.models import Line
from zhibu.web.conftest import AtOnce, Cast, plant_cast
from zhibu.web.core import announce
from zhibu.web.duties.models import Verdict
from zhibu.web.records.models import Record
from zhibu.web.regulations.models import Rule
from zhibu.web.reminders import gathering
from zhibu.web.reminders.models import Digest, ReminderWish, Way
from zhibu.web.reminders.tests.telling import MONDAY, TODAY, Kept, days, on, rule, said, told, verdict

pytestmark = pytest.mark.django_db
GATEWAY = f"{Kept.__module__}.Kept"
TEXTS = override_settings(SMS_GATEWAY=GATEWAY, SITE="https://zhibu.example.cn")


@pytest.fixture(autouse=True)
def _empty() -> None:
    Kept.given.clear()


def with_phone(user: User, phone: str = "13999990001") -> User:
    user.seal_phone(phone)
    user.save()
    return user


def helper(cast: Cast, name: str = "委员甲", role: str = "committee_member") -> User:
    user, _ = register(username=name, name=name, password="支部-pass-1")
    appoint(by=system_scope(), user=user, organisation=cast.branch, role=role, starts_on=date(2020, 1, 1))
    return user


# --- what and when ---------------------------------------------------------------------------------------------


def test_a_duty_is_told_three_days_before_its_last_day_and_once_when_it_ran_out(cast: Cast) -> None:
    verdict(cast.branch)
    for day in days(MONDAY, 30):
        on(day)
    # the third day before is Friday the 27th; the deadline is Thursday 3 December
    assert [(one.on, one.kind, one.step) for one in told()] == [
        (date(2026, 11, 27), "closing", 3),
        (date(2026, 12, 4), "overdue", 0),
    ]
    assert {one.user.name for one in told()} == {"secretary"}
    assert {one.organisation for one in told()} == {cast.branch}


def test_the_days_are_the_offices(cast: Cast) -> None:
    rule(cast.county, days=[7, 1])
    verdict(cast.branch)
    for day in days(MONDAY, 10):
        on(day)
    # Monday the 23rd is seven days before the 30th. Sunday the 29th, one day before, is told on Friday
    assert [(one.on.day, one.step) for one in told()] == [(23, 7), (27, 1)]


def test_the_nearest_rule_holds(cast: Cast) -> None:
    rule(cast.county, days=[7])
    rule(cast.town, active=False)
    verdict(cast.branch)
    verdict(cast.neighbour)
    on(MONDAY)
    assert [one.organisation for one in told()] == [cast.neighbour]


def test_what_is_done_not_asked_or_may_be_left_is_not_told(cast: Cast) -> None:
    for number, told_ in enumerate(
        [{"status": "met"}, {"status": "late"}, {"status": "exempt"}, {"strength": "may"},
         {"status": "upcoming", "starts_on": date(2026, 11, 30)}]
    ):  # fmt: skip
        verdict(cast.branch, rule=f"r{number}", **told_)
    for day in days(MONDAY, 20):
        on(day)
    assert not [one for one in told() if one.key.split("/")[1] != "r4"]
    assert [one.kind for one in told()] == ["closing", "overdue"]


def test_what_ran_out_long_ago_is_no_news(cast: Cast) -> None:
    verdict(cast.branch, status="missed", ends_on=date(2026, 8, 31), deadline=date(2026, 9, 3), period="2026-08")
    on(MONDAY)
    assert told() == []


def test_a_returned_record_is_told_once_and_again_when_it_comes_back_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Rule(rule="theme-day", title="主题党日", types=["theme_day"], every="month")
    monkeypatch.setattr(gathering, "rules_by_name", lambda: {("branch-life", "theme-day"): known})
    record = Record.objects.create(
        number="2026-000001", organisation=cast.branch, types=["theme_day"], held_on=date(2026, 11, 6),
        recorded_on=date(2026, 11, 7), recorded_at="2026-11-07T10:00Z", submitted_key="k", review="returned",
        returned_by="大营镇党委 王某", returned_for="缺到会人数", back_by=date(2026, 11, 28),
    )  # fmt: skip
    verdict(cast.branch)
    for day in days(MONDAY, 5):
        on(day)
    # the duty is the returned record's: it is not told a second time as about to end
    assert said() == [("secretary", "returned", "补充主题党日记录（2026-11-06）")]
    record.returned_for = "还缺主持人"
    record.save()
    on(MONDAY + timedelta(days=7))
    assert [one.on for one in told()] == [MONDAY, MONDAY + timedelta(days=7)]


def test_what_else_came_back_is_told_from_the_rows_of_the_month(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("/plans/7/", "补充 2026 年计划", "returned", "缺学习内容"), ("/x/", "别的事", "late", "")]
    monkeypatch.setattr(announce.on_month, "heard", [lambda scope, place: rows if place == cast.branch.pk else []])
    for day in days(MONDAY, 3):
        on(day)
    assert [(one.kind, one.address, one.by) for one in told()] == [("returned", "/plans/7/", None)]


def test_an_app_that_fails_for_one_branch_keeps_nobody_from_being_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(scope: Any, place: int) -> list[Any]:
        return [] if place == cast.branch.pk else [][1]

    monkeypatch.setattr(announce.on_month, "heard", [rows])
    for place in (cast.branch, cast.neighbour):
        verdict(place, ends_on=MONDAY, deadline=MONDAY)
    assert on(MONDAY).people == 2


# --- at which hours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "hour"), [(TODAY, 9), (MONDAY, 8), (MONDAY, 18), (MONDAY, 2), (date(2026, 10, 1), 9)])
def test_nobody_is_told_at_night_or_on_a_day_of_rest(cast: Cast, day: date, hour: int) -> None:
    verdict(cast.branch, starts_on=date(2026, 9, 1), ends_on=day, deadline=day)
    assert on(day, hour).people == 0 and told() == [] and not Digest.objects.exists()


def test_unless_the_office_says_so(cast: Cast) -> None:
    rule(cast.county, rest_days=True)
    verdict(cast.branch, ends_on=TODAY, deadline=TODAY)
    assert on(TODAY).people == 1


# --- whom ------------------------------------------------------------------------------------------------------


def test_secretary_and_committee_members_and_in_their_place_who_stands_in(cast: Cast) -> None:
    helper(cast)
    deputy = helper(cast, "副书记乙", "deputy")
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    post = cast.posts["secretary"]
    StandIn.objects.create(post=post, user=deputy, starts_on=MONDAY, ends_on=MONDAY, reason="出差")
    on(MONDAY)
    assert {name for name, *_ in said()} == {"委员甲", "副书记乙"}
    assert {one.role for one in told()} == {"secretary", "committee_member"}


def test_nobody_whose_account_or_post_is_over(cast: Cast) -> None:
    gone = helper(cast)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    cast.posts["secretary"].ends_on = TODAY
    cast.posts["secretary"].save()
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    assert told() == []


def test_a_person_with_two_posts_gets_one_digest(cast: Cast) -> None:
    secretary = cast.posts["secretary"].user
    appoint(by=system_scope(), user=secretary, organisation=cast.sister, role="secretary", starts_on=date(2020, 1, 1))
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    verdict(cast.sister, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    assert Digest.objects.get().user == secretary
    assert {one.organisation for one in told()} == {cast.branch, cast.sister}


def test_muted_kinds_stay_away(cast: Cast) -> None:
    ReminderWish.objects.create(user=cast.posts["secretary"].user, muted=["closing"])
    verdict(cast.branch)
    for day in days(MONDAY, 20):
        on(day)
    assert [one.kind for one in told()] == ["overdue"]


# --- once, whatever happens ------------------------------------------------------------------------------------


@TEXTS
def test_the_same_day_twice_sends_nothing_twice(cast: Cast) -> None:
    rule(cast.county, sms=True)
    with_phone(cast.posts["secretary"].user)
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    assert on(MONDAY).words == "提醒 1 人，1 件；短信发出 1 条，没有发出 0 条"
    before = Line.objects.unscoped("t").count()
    verdict(cast.branch, rule="other", ends_on=MONDAY, deadline=MONDAY)  # even when there is news
    assert on(MONDAY, 15).people == 0
    assert len(Kept.given) == 1 and len(told()) == 1 and Line.objects.unscoped("t").count() == before
    on(MONDAY + timedelta(days=1))
    assert len(Kept.given) == 2 and len(told()) == 3


@TEXTS
def test_killed_between_two_messages_nobody_hears_twice_and_the_rest_still_hear(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(cast.county, sms=True)
    for who, phone in (("secretary", "13999990001"), ("neighbour", "13999990002")):
        with_phone(cast.posts[who].user, phone)
    for place in (cast.branch, cast.neighbour):
        verdict(place, ends_on=MONDAY, deadline=MONDAY)

    def killed(self: Kept, phone: str, text: str) -> None:
        Kept.given.append((phone, text))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Kept, "send", killed)
        on(MONDAY)
    assert sorted(Digest.objects.values_list("sms", flat=True)) == [Way.SENDING, Way.WANTED]
    on(MONDAY)
    on(MONDAY)
    assert sorted(phone for phone, _ in Kept.given) == ["13999990001", "13999990002"]
    assert sorted(Digest.objects.values_list("sms", flat=True)) == [Way.SENDING, Way.SENT]


def test_killed_between_two_digests_each_is_whole_or_not_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhibu.web.reminders import run as module

    for place in (cast.branch, cast.neighbour):
        verdict(place, ends_on=MONDAY, deadline=MONDAY)
    whole, seen = module.write, []

    def killed(**told: Any) -> Line:
        seen.append(told)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return whole(**told)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, "write", killed)
        on(MONDAY)
    assert Digest.objects.count() == 1 and len(told()) == 1
    on(MONDAY)
    assert Digest.objects.count() == 2 and len(told()) == 2


@TEXTS
def test_a_gateway_that_fails_stops_nobody_and_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(cast.county, sms=True)
    for who, phone in (("secretary", "13999990001"), ("neighbour", "13999990002")):
        with_phone(cast.posts[who].user, phone)
    for place in (cast.branch, cast.neighbour):
        verdict(place, ends_on=MONDAY, deadline=MONDAY)
    send: Callable[..., None] = Kept.send

    def refused(self: Kept, phone: str, text: str) -> None:
        if phone.endswith("1"):
            raise OSError("the SMS gateway answered 500")
        send(self, phone, text)

    monkeypatch.setattr(Kept, "send", refused)
    done = on(MONDAY)
    assert done.sms == {Way.SENT: 1, Way.FAILED: 1} and "没有发出 1 条" in done.words
    assert told()[0].digest.ways == "站内，短信没有发出"
    assert on(MONDAY).sms == {}


@TEXTS
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_once(at_once: AtOnce) -> None:
    cast = plant_cast()
    rule(cast.county, sms=True)
    with_phone(cast.posts["secretary"].user)
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    ends = at_once(lambda: on(MONDAY), lambda: on(MONDAY))
    assert not [one for one in ends if isinstance(one, Exception)], ends
    assert len(Kept.given) == 1 and sum(one.people for one in ends) == 1


# --- words -----------------------------------------------------------------------------------------------------


@TEXTS
def test_a_message_is_one_sentence_without_a_name(cast: Cast) -> None:
    rule(cast.county, sms=True)
    with_phone(cast.posts["secretary"].user)
    verdict(cast.branch, ends_on=date(2026, 11, 25), deadline=date(2026, 11, 25))
    verdict(cast.branch, rule="study", ends_on=date(2026, 11, 26), deadline=date(2026, 11, 26))
    on(MONDAY)
    (phone, text), *rest = Kept.given
    assert phone == "13999990001" and not rest
    assert text == "【支部】记录 11 月theme-day，11 月 25 日前，另有 1 件。https://zhibu.example.cn/reminders/"


@TEXTS
def test_what_a_person_typed_is_in_no_message(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(cast.county, sms=True)
    with_phone(cast.posts["secretary"].user)
    rows = [("/news/7/", "改好重报信息：张某某的事迹", "returned", "写清楚")]
    monkeypatch.setattr(announce.on_month, "heard", [lambda scope, place: rows if place == cast.branch.pk else []])
    on(MONDAY)
    assert Kept.given == [("13999990001", "【支部】有退回的要补充。https://zhibu.example.cn/reminders/")]


def test_without_a_rule_and_a_gateway_nothing_leaves_the_house(cast: Cast, mailoutbox: list[Any]) -> None:
    with_phone(cast.posts["secretary"].user)
    ReminderWish.objects.create(user=cast.posts["secretary"].user, mail="a@example.cn")
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    with TEXTS, override_settings(MAIL_HOST="mail.example.cn"):  # set up, but no office wants it
        on(MONDAY)
    assert Kept.given == [] and mailoutbox == [] and told()[0].digest.ways == "站内"


@override_settings(MAIL_HOST="mail.example.cn", SITE="")
def test_mail_goes_to_who_left_an_address(cast: Cast, mailoutbox: list[Any]) -> None:
    rule(cast.county, mail=True)
    ReminderWish.objects.create(user=cast.posts["secretary"].user, mail="a@example.cn")
    for place in (cast.branch, cast.neighbour):
        verdict(place, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    on(MONDAY)
    assert [one.to for one in mailoutbox] == [["a@example.cn"]]
    assert mailoutbox[0].body == "记录 11 月theme-day，11 月 23 日前。登录支部平台查看"


@TEXTS
def test_a_person_may_stop_the_messages_alone(cast: Cast) -> None:
    rule(cast.county, sms=True)
    ReminderWish.objects.create(user=with_phone(cast.posts["secretary"].user), sms=False)
    verdict(cast.branch, ends_on=MONDAY, deadline=MONDAY)
    on(MONDAY)
    assert Kept.given == [] and len(told()) == 1


def test_the_county_costs_as_many_queries_as_a_branch(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """Beside the rows of 本月任务, which each post reads for itself, and what each digest writes."""
    for number in range(30):
        verdict(cast.branch, rule=f"r{number}", ends_on=MONDAY, deadline=MONDAY)
    with pytest.MonkeyPatch.context() as patch, django_assert_max_num_queries(40):
        patch.setattr(announce.on_month, "heard", [])
        on(MONDAY)
    assert len(told()) == 30 and Verdict.objects.unscoped("t").count() == 30
