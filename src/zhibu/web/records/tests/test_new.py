"""P03 记录活动: the form and its check page."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhibu.web.conftest import TODAY, Cast, _fill, _plant
from zhibu.web.organisations.models import Kind, Sector
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given

NEW = "/records/new/"
WHO = {"secretary": 200, "neighbour": 200, "officer": 403, "committee_officer": 403, "leader": 403, "member": 403,
       "auditor": 403}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_may_record(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get(NEW).status_code == status


def test_a_stranger_signs_in_first(db: None) -> None:
    answer = Client().get(NEW + "?rule=branch-life/theme-day&period=2026-11")
    assert answer.status_code == 302
    assert "/login/?next=/records/new/" in answer.headers["Location"]


def test_the_link_of_a_duty_fills_the_form(cast: Cast) -> None:
    given.rule()
    given.november(cast.branch)
    given.record(cast, held_on=date(2026, 10, 20), key="october")
    page = cast.client("secretary").get(NEW + "?rule=branch-life/theme-day&period=2026-11").content.decode()
    assert "记录 11 月主题党日" in page
    assert 'value="theme_day" checked' in page.replace('id="id_types_0" ', "")
    assert f'value="{TODAY}"' in page
    assert 'value="村党群服务中心二楼"' in page
    assert "已按 10 月 20 日那次填好" in page
    assert "应到 8 人" in page


def test_a_period_that_has_not_begun_says_so(cast: Cast) -> None:
    given.rule()
    given.verdict(cast.branch, "2026-12", date(2026, 12, 1), date(2026, 12, 31), "upcoming")
    page = cast.client("secretary").get(NEW + "?rule=branch-life/theme-day&period=2026-12").content.decode()
    assert "12 月主题党日从 12 月 1 日起办，现在记的不算这一期" in page


def test_a_past_period_leaves_the_day_to_the_writer(cast: Cast) -> None:
    given.rule()
    given.october(cast.branch)
    page = cast.client("secretary").get(NEW + "?rule=branch-life/theme-day&period=2026-10").content.decode()
    assert "10 月主题党日的期次已过" in page
    assert "补 10 月：主题党日" in page
    assert f'value="{TODAY}"' not in page


def test_form_check_receipt(cast: Cast) -> None:
    given.rule()
    given.november(cast.branch)
    client = cast.client("secretary")
    answer = client.post(NEW, given.typed())
    check = answer.headers["Location"]
    assert answer.status_code == 302
    assert given.all_records() == []
    page = client.get(check).content.decode()
    assert "11 月主题党日" in page
    assert "到会 8 / 应到 8" in page
    assert "提交给" in page
    receipt = client.get(client.post(check).headers["Location"]).content.decode()
    assert "2026-000001" in receipt
    assert "回到本月任务" in receipt
    [record] = given.all_records()
    assert (record.present, str(record.hours), record.place) == (8, "1.50", "村党群服务中心二楼")
    assert given.all_drafts() == []


def test_two_required_answers_only(cast: Cast) -> None:
    """With the link of a duty the reader gives attendance and content; all else is prefilled or optional."""
    posted = {"key": "k", "types": ["theme_day"], "held_on": TODAY.isoformat(), "do": "check"}
    answer = cast.client("secretary").post(NEW, posted)
    assert answer.status_code == 422
    assert given.errors(answer.content.decode()) == ["还有 8 人没有记到会情况", "填写讲了什么、定了什么"]
    assert cast.client("secretary").post(NEW, posted | {"rest": "present", "content": "短"}).status_code == 302


def test_errors_keep_what_was_typed_and_name_their_field(cast: Cast) -> None:
    posted = given.typed(held_on="2026-12-03", ends_at="18:00", content="", place="老地方<b>")
    answer = cast.client("secretary").post(NEW, posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("<title>有误：") == 1
    assert given.errors(page) == [
        "活动日期 2026-12-03 还没到。改为今天或以前的日期；要预告，用“发会议通知”",
        "结束时间 18:00 不晚于开始时间 19:00",
        "填写讲了什么、定了什么",
    ]
    for target in ("#id_held_on", "#id_ends_at", "#id_content"):
        assert f'href="{target}"' in page
    assert 'value="2026-12-03"' in page
    assert "老地方&lt;b&gt;" in page
    assert 'aria-describedby="id_content-hint id_content-error"' in page


def test_half_the_sheet_and_one_tap_for_the_rest(cast: Cast) -> None:
    first, second, *_ = given.members(cast.branch)
    record = given.sent(cast.client("secretary"), **{f"state-{first.pk}": "leave", f"state-{second.pk}": "away"})
    assert (record.expected, record.present) == (8, 6)
    assert record.attendances.get(member=second).state == "away"


def test_frail_members_start_as_not_asked(cast: Cast) -> None:
    old = given.members(cast.branch)[0]
    old.frail = True
    old.save()
    client = cast.client("secretary")
    page = client.get(NEW).content.decode()
    assert "应到 7 人（另有 1 人年老体弱等，不作要求）" in page
    record = given.sent(client)
    assert (record.expected, record.present) == (7, 7)


def test_probationary_members_are_expected(cast: Cast) -> None:
    new = given.members(cast.branch)[0]
    new.kind = "probationary"
    new.save()
    assert given.sent(cast.client("secretary")).expected == 8


def test_a_committee_meeting_expects_its_committee(cast: Cast) -> None:
    for member in given.members(cast.branch)[:3]:
        member.branch_post = "委员"
        member.save()
    unsaid = {f"state-{member.pk}": "" for member in given.members(cast.branch)}
    record = given.sent(cast.client("secretary"), types=["committee_meeting"], **unsaid)
    assert (record.expected, record.present) == (3, 3)


@pytest.mark.parametrize(("act", "day"), [("today", "2026-11-21"), ("yesterday", "2026-11-20")])
def test_the_day_buttons_work_without_a_script(cast: Cast, act: str, day: str) -> None:
    answer = cast.client("secretary").post(NEW, given.typed(do=act, held_on="2026-10-01"))
    assert f'value="{day}"' in answer.content.decode()
    assert "议题：冬季用电安全" in answer.content.decode()


def test_the_frame_buttons_add_headings_below(cast: Cast) -> None:
    given.record(cast)
    client = cast.client("secretary")
    page = client.post(NEW, given.typed(do="frame")).content.decode()
    assert "议题：冬季用电安全\n\n议题：\n\n讨论情况：" in page
    page = client.post(NEW, given.typed(do="last", content="")).content.decode()
    assert "议题：\n\n决定事项：</textarea>" in page


def test_a_record_may_make_up_for_a_missed_period(cast: Cast) -> None:
    given.rule()
    given.october(cast.branch)
    client = cast.client("secretary")
    answer = client.post(NEW, given.typed(makes_up="2026-10"))
    assert "补 10 月主题党日，不算本期" in client.get(answer.headers["Location"]).content.decode()
    client.post(answer.headers["Location"])
    assert given.all_records()[0].makes_up == "2026-10"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"held_on": "2026-10-20"}, "活动日期就在10 月，不用选补课"),
        ({"types": ["talk"]}, "要补 10 月主题党日，先在“算作”里勾选它"),
        ({"makes_up": "2026-09"}, "这一期现在不用补了，重新选一项"),
    ],
)
def test_making_up_must_make_sense(cast: Cast, changes: dict, error: str) -> None:
    given.rule()
    given.october(cast.branch)
    answer = cast.client("secretary").post(NEW, given.typed(**({"makes_up": "2026-10"} | changes)))
    assert given.errors(answer.content.decode()) == [error]


def test_a_late_entry_says_so(cast: Cast) -> None:
    client = cast.client("secretary")
    answer = client.post(NEW, given.typed(held_on="2026-11-01"))
    assert "活动后 20 天" in client.get(answer.headers["Location"]).content.decode()


def test_a_twin_of_the_day_is_pointed_out(cast: Cast) -> None:
    given.record(cast)
    client = cast.client("secretary")
    answer = client.post(NEW, given.typed(key="form-2"))
    assert "11 月 21 日已有一条主题党日记录" in client.get(answer.headers["Location"]).content.decode()


def test_the_second_click_of_submit_shows_the_same_receipt(cast: Cast) -> None:
    client = cast.client("secretary")
    check = client.post(NEW, given.typed()).headers["Location"]
    assert client.post(check).headers["Location"] == client.post(check).headers["Location"]
    assert Record.objects.unscoped(given.WHY).count() == 1


def test_an_empty_roster_asks_for_two_numbers(cast: Cast) -> None:
    for member in given.members(cast.branch):
        member.left_on = date(2026, 1, 1)
        member.save()
    client = cast.client("secretary")
    answer = client.post(NEW, given.typed(expected="", present="9"))
    assert given.errors(answer.content.decode()) == ["填写应到人数"]
    record = given.sent(client, expected="１２", present="9")
    assert (record.expected, record.present) == (12, 9)


def test_queries_do_not_grow_with_the_county(cast: Cast) -> None:
    client = cast.client("secretary")
    client.get(NEW)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(NEW)
        return len(seen)

    before = queries()
    for number in range(12):
        _fill(_plant(cast.town, f"第{number}党支部", Kind.BRANCH, Sector.VILLAGE))
    assert queries() == before
    assert before <= 20
