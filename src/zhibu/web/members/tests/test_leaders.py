"""领导标准高于一般党员: the item must be higher, the nearest superior's counts, attendance is read, nothing typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.members import leaders
from zhibu.web.members.models import LeaderItem, Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Attendance, Record

pytestmark = pytest.mark.django_db


def item(cast: Cast, members: int, more: int, *, where: Organisation | None = None) -> LeaderItem:
    return leaders.set_(
        by=cast.scope("officer"), organisation=where or cast.county, year=2026, event="theme_day", members=members,
        leaders=more, basis="县委文件",
    )  # fmt: skip


def leader(cast: Cast) -> Member:
    one = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk").first()
    assert one
    one.user = cast.posts["leader"].user
    one.save(update_fields=["user"])
    return one


def been(cast: Cast, member: Member, number: int, state: str = "present", year: int = 2026, gone: bool = False) -> None:
    record = Record.objects.create(
        organisation=cast.branch, number=f"2026-00099{number}", types=["theme_day"], held_on=date(year, 3, 6),
        recorded_at=clock.now(), recorded_on=TODAY, submitted_key=str(number),
        withdrawn_at=clock.now() if gone else None,
    )  # fmt: skip
    Attendance.objects.create(record=record, member=member, state=state)


@pytest.mark.mechanism("M266")
def test_a_leader_is_held_higher_and_sees_their_own(cast: Cast) -> None:
    officer = cast.client("officer")
    told = {"organisation": cast.county.code, "year": "2026", "event": "theme_day", "members": "4", "leaders": "4",
            "basis": "县委文件"}  # fmt: skip
    same = officer.post("/leaders/new/", told)
    assert same.status_code == 422 and "领导干部至少 5 次" in same.text
    assert officer.post("/leaders/new/", told | {"leaders": "6"}).status_code == 302
    one = leader(cast)
    been(cast, one, 1)
    been(cast, one, 2)
    page = officer.get("/leaders/").text
    assert one.name in page and "一般党员 4 次，党员领导干部 6 次" in page
    (found,) = leaders.leaders(cast.scope("officer"), 2026)
    assert [(row.item.leaders, row.done, row.left) for row in found.items] == [(6, 2, 4)]
    own = cast.client("leader")
    assert "领导干部标准" in own.get("/me/").text
    assert "至少 6 次（一般党员 4 次），已参加 2 次，还差 4 次" in own.get("/leaders/mine/").text


def test_what_counts(cast: Cast) -> None:
    item(cast, 4, 6)
    one = leader(cast)
    been(cast, one, 1)
    been(cast, one, 2, state="leave")
    been(cast, one, 3, year=2025)
    been(cast, one, 4, gone=True)
    assert [row.done for row in leaders.of(one, 2026).items] == [1]
    item(cast, 8, 12, where=cast.town)
    assert [row.item.leaders for row in leaders.of(one, 2026).items] == [12]  # the nearest superior's
    assert leaders.of(one, 2025).items == []


def test_never_lower_and_never_from_outside(cast: Cast) -> None:
    with pytest.raises(Unfit, match="高于一般党员"):
        item(cast, 4, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaderItem.objects.create(organisation=cast.county, year=2026, event="theme_day", members=4, leaders=4)
    with pytest.raises(NotAllowed):
        leaders.set_(
            by=cast.scope("committee_officer"), organisation=cast.county, year=2026, event="theme_day", members=1,
            leaders=2, basis="x",
        )  # fmt: skip
    assert "有“联系领导”任职" in cast.client("member").get("/leaders/mine/").text
    assert cast.client("member").get("/leaders/").status_code == 403
