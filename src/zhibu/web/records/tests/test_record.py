"""P04 活动详情: who reads what, both dates, print."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhibu.web.conftest import Cast
from zhibu.web.records import actions
from zhibu.web.records.actions.withdraw import RESTORABLE
from zhibu.web.records.tests import given

PAGE = "/records/2026-000001/"
WHO = {"secretary": 200, "committee_officer": 200, "officer": 200, "leader": 200, "member": 200, "auditor": 403,
       "neighbour": 404}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_may_read(cast: Cast, who: str, status: int) -> None:
    given.record(cast)
    assert cast.client(who).get(PAGE).status_code == status


@pytest.mark.parametrize("page", ["", "edit/", "withdraw/", "receipt/"])
def test_a_neighbour_finds_nothing_anywhere(cast: Cast, page: str) -> None:
    given.record(cast)
    client = cast.client("neighbour")
    assert client.get(PAGE + page).status_code == 404
    if page in ("edit/", "withdraw/"):
        assert client.post(PAGE + page, given.typed(reason="不是我的")).status_code == 404
    assert client.get("/records/2026-999999/").status_code == 404


def test_a_stranger_signs_in_first(cast: Cast) -> None:
    given.record(cast)
    assert Client().get(PAGE).status_code == 302


def test_both_dates_stand_on_the_page(cast: Cast) -> None:
    given.record(cast, held_on=date(2026, 10, 20))
    page = cast.client("committee_officer").get(PAGE).content.decode()
    assert "2026-10-20" in page
    assert "2026-11-21" in page
    assert "活动后 32 天" in page
    assert "没有改过" in page
    assert "ledger-head" in page  # the printed title block


def _with_leave(cast: Cast) -> tuple[str, str]:
    away, *others = given.members(cast.branch)
    given.record(cast, attendance={away.pk: "leave"} | {member.pk: "present" for member in others})
    return away.name, others[0].name


@pytest.mark.parametrize("who", ["secretary", "committee_officer", "officer"])
def test_those_who_answer_for_the_roster_see_who_was_away(cast: Cast, who: str) -> None:
    away, there = _with_leave(cast)
    page = cast.client(who).get(PAGE).content.decode()
    assert away in page
    assert there in page


@pytest.mark.parametrize("who", ["member", "leader"])
def test_others_see_who_was_there_and_how_many_were_not(cast: Cast, who: str) -> None:
    away, there = _with_leave(cast)
    page = cast.client(who).get(PAGE).content.decode()
    assert there in page
    assert away not in page
    assert "请假 1 人" in page


def test_the_closed_duties_are_named(cast: Cast) -> None:
    given.rule()
    given.november(cast.branch, "met", evidence=["2026-000001"])
    given.record(cast)
    assert "11 月主题党日 按时" in cast.client("secretary").get(PAGE).content.decode()
    assert "这一条办了 1 件：11 月主题党日。" in cast.client("secretary").get(f"{PAGE}receipt/").content.decode()


def test_only_the_own_branch_is_offered_the_buttons(cast: Cast) -> None:
    given.record(cast)
    assert "/edit/" in cast.client("secretary").get(PAGE).content.decode()
    for who in ("committee_officer", "member"):
        assert "/edit/" not in cast.client(who).get(PAGE).content.decode()


def test_withdraw_and_restore(cast: Cast) -> None:
    given.record(cast)
    client = cast.client("secretary")
    assert given.errors(client.post(PAGE + "withdraw/", {}).content.decode()) == ["填写撤回原因"]
    assert client.post(PAGE + "withdraw/", {"reason": "日期记错"}).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "已撤回，不计入" in page
    assert "日期记错" in cast.client("committee_officer").get(PAGE).content.decode()
    assert cast.client("member").get(PAGE).status_code == 404
    assert client.get(PAGE + "edit/").status_code == 302
    client.post(PAGE + "withdraw/", {"do": "restore"})
    [record] = given.all_records()
    assert (record.withdrawn_at, record.withdrawn_reason, record.recorded_on) == (None, "", date(2026, 11, 21))


def test_after_a_day_it_stays_withdrawn(cast: Cast) -> None:
    by, record = cast.scope("secretary"), given.record(cast)
    gone = actions.withdraw(by=by, record=record, reason="记错")
    gone.withdrawn_at = gone.withdrawn_at - RESTORABLE
    gone.save()
    with pytest.raises(actions.Refused, match="24 小时"):
        actions.restore(by=by, record=gone)
    with pytest.raises(actions.Refused):
        actions.withdraw(by=by, record=gone, reason="再来")
    assert "恢复这条记录" not in cast.client("secretary").get(PAGE).content.decode()


def test_queries_do_not_grow_with_the_sheet(cast: Cast) -> None:
    given.record(cast, attendance={given.members(cast.branch)[0].pk: "present"})
    given.record(cast, key="full")
    client = cast.client("committee_officer")
    counts = []
    for number in ("2026-000001", "2026-000002"):
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/records/{number}/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 30
