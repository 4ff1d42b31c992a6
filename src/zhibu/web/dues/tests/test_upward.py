"""上缴 upward: a branch hands in a month or quarter, the superior counts, confirms or returns; who has not is told."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.dues import actions, upward
from zhibu.web.dues.models import HandIn, Payment
from zhibu.web.dues.tests.test_dues import collect, people, rated

pytestmark = pytest.mark.django_db
SEP, OCT = date(2026, 9, 1), date(2026, 10, 1)


def collected(cast: Cast) -> None:
    """42.00 of one member for September and October, and of another for November."""
    one, two, *_ = rated(cast, since=date(2026, 9, 1))
    for month in (SEP, OCT):
        collect(cast, one, month=month)
    collect(cast, two)


def practise(cast: Cast, every: str, day: int | None) -> None:
    actions.practise(
        by=cast.scope("officer"), organisation=cast.county, starts_on=date(2020, 1, 1), mode="month_of_change",
        vote_month=True, branch_relieves=False, basis="县委组织部文件", hand_in_every=every, hand_in_day=day,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("every", "today", "last"),
    [("", "2026-11-21", "2026-10"), ("month", "2026-11-01", "2026-10"), ("month", "2027-01-31", "2026-12"),
     ("quarter", "2026-11-21", "2026-09"), ("quarter", "2026-10-01", "2026-09"), ("quarter", "2027-02-01", "2026-12")],
)  # fmt: skip
def test_the_last_period_that_has_ended(every: str, today: str, last: str) -> None:
    assert f"{upward.ended(every, date.fromisoformat(today)):%Y-%m}" == last


@pytest.mark.mechanism("M268")
def test_a_branch_hands_in_and_the_superior_counts(cast: Cast) -> None:
    collected(cast)
    branch, town = cast.client("secretary"), cast.client("committee_officer")
    address = f"/dues/{cast.branch.code}/hand-in/?upto=2026-10"
    assert "还没有上缴 2 笔 84.00 元" in branch.get(address).text
    told = {"handed_on": "2026-11-21", "amount": "84.00", "voucher": "甲 1", "upto": "2026-10"}
    assert branch.post(address, told).status_code == 302
    made = HandIn.objects.unscoped("t").get()
    assert (made.first, made.last, made.due, made.state) == (SEP, OCT, Decimal("84.00"), "sent")
    assert Payment.objects.unscoped("t").filter(hand_in=None).count() == 1  # November is not handed in yet
    page = town.get("/dues/handed/").text
    assert "核收或退回" in page and "84.00" in page
    answer = town.post(f"/dues/handed/{made.pk}/", {"on": "2026-11-21", "received": "83.95"})
    assert answer.status_code == 422 and "少 0.05 元" in answer.text
    right = {"on": "2026-11-21", "received": "83.95", "answer": "零钱少 5 分，下次补", "receipt": "乙 7"}
    assert town.post(f"/dues/handed/{made.pk}/", right).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.received, made.counted_difference) == ("received", Decimal("83.95"), Decimal("-0.05"))
    assert "-0.05" in town.get("/dues/handed/").text
    assert "收据 乙 7" in branch.get(f"/dues/{cast.branch.code}/hand-in/").text
    line = Line.objects.unscoped("t").filter(action="dues.receive").get()
    assert line.happened_on == TODAY and line.new["received"] == "83.95"
    with pytest.raises(Unfit, match="已核收"):
        actions.send_back(by=cast.scope("committee_officer"), hand_in=made, on=TODAY, answer="晚了")


@pytest.mark.mechanism("M268")
def test_returned_with_a_reason_it_waits_at_the_branch_again(cast: Cast) -> None:
    collected(cast)
    made = actions.hand_in(by=cast.scope("secretary"), branch=cast.branch, handed_on=TODAY, amount=Decimal(126))
    town = cast.client("committee_officer")
    assert town.post(f"/dues/handed/{made.pk}/back/", {"on": "2026-11-21", "answer": ""}).status_code == 422
    told = {"on": "2026-11-21", "answer": "凭证和金额对不上"}
    assert town.post(f"/dues/handed/{made.pk}/back/", told).status_code == 302
    assert Payment.objects.unscoped("t").filter(hand_in=None).count() == 3
    assert "凭证和金额对不上" in cast.client("secretary").get("/duties/month/").text
    again = actions.hand_in(by=cast.scope("secretary"), branch=cast.branch, handed_on=TODAY, amount=Decimal(126))
    assert again.pk != made.pk
    assert "重新上缴" not in cast.client("secretary").get("/duties/month/").text


def test_who_may_not_count(cast: Cast) -> None:
    collected(cast)
    made = actions.hand_in(by=cast.scope("secretary"), branch=cast.branch, handed_on=TODAY, amount=Decimal(126))
    address = f"/dues/handed/{made.pk}/"
    assert cast.client("secretary").get(address).status_code == 404  # one's own money is counted by the superior
    assert cast.client("member").get(address).status_code == 403
    with pytest.raises(NotAllowed):
        actions.receive(by=cast.scope("secretary"), hand_in=made, on=TODAY, received=Decimal(126))
    with pytest.raises(Unfit, match="之间"):
        early = date(2026, 1, 1)
        actions.receive(by=cast.scope("officer"), hand_in=made, on=early, received=Decimal(126))


@pytest.mark.mechanism("M268")
@pytest.mark.parametrize(
    ("every", "day", "status", "many"),
    [("", None, "todo", 2), ("month", 10, "late", 2), ("month", 25, "late", 2), ("quarter", 25, "late", 1),
     ("quarter", None, "todo", 1)],
)  # fmt: skip
def test_who_has_not_handed_in(cast: Cast, every: str, day: int | None, status: str, many: int) -> None:
    collected(cast)
    practise(cast, every, day)
    (found,) = upward.kept(cast.scope("committee_officer").doing("dues.view"))
    assert (found.place, found.rows, found.status(TODAY)) == (cast.branch, many, status)
    page = cast.client("committee_officer").get("/dues/handed/").text
    assert "1 个支部收到的党费还没有上缴" in page
    assert not any(one.name in page for one in people(cast.branch))
    assert "上缴党费" in cast.client("secretary").get("/duties/month/").text


def test_the_workbook_has_both_lists(cast: Cast) -> None:
    collected(cast)
    actions.hand_in(
        by=cast.scope("secretary"), branch=cast.branch, handed_on=TODAY, amount=Decimal("41.99"), note="少 1 分",
        upto=SEP,
    )  # fmt: skip
    answer = cast.client("officer").get("/dues/handed/export/?year=2026")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content)).active
    words = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"没有上缴", "等上级核收", "少 1 分"} <= words


@pytest.mark.mechanism("M268")
def test_a_committee_member_collects_and_settles_no_base(cast: Cast) -> None:
    one, *_ = rated(cast)
    user, _ = register(username="organiser", name="组织委员", password="支部-pass-1")
    cast.posts["organiser"] = appoint(
        by=system_scope(), user=user, organisation=cast.branch, role="committee_member", starts_on=SEP
    )
    client = cast.client("organiser")
    assert client.get("/dues/").status_code == 302
    form = {"members": [one.pk], "paid_on": "2026-11-21", "way": "cash"}
    assert client.post(f"/dues/{cast.branch.code}/collect/", form).status_code == 302
    assert client.post(f"/dues/members/{one.pk}/base/", {}).status_code == 403
    assert client.get(f"/dues/{cast.branch.code}/export/").status_code == 403
