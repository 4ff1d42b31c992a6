"""我的: one's own row and nobody else's, and who can see it."""

from __future__ import annotations

import pytest

from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.members.models import Member
from zhibu.web.records.models import Attendance, Record

pytestmark = pytest.mark.django_db


def own(cast: Cast, who: str = "member") -> Member:
    member = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[0]
    member.user = cast.posts[who].user
    member.save()
    return member


def view(cast: Cast, who: str = "member") -> str:
    response = cast.client(who).get("/me/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ROLES)
def test_everybody_has_the_page_and_a_kind_sentence(cast: Cast, who: str) -> None:
    assert "没有和党员名册里的人对上" in view(cast, who)


def test_a_stranger_signs_in(client) -> None:
    assert client.get("/me/")["Location"] == "/login/?next=/me/"


def test_own_data_masked(cast: Cast) -> None:
    member = own(cast)
    page = view(cast)
    assert member.name in page
    assert member.id_number not in page
    assert member.phone not in page
    assert f"990001********{member.id_number[-4:]}" not in page or "********" in page
    others = Member.objects.unscoped("t").exclude(pk=member.pk)
    assert not [one.name for one in others if one.name in page]


def test_who_can_see_it(cast: Cast) -> None:
    """The branch's secretary and the committees above; not the neighbour's, not a leader, not an auditor."""
    own(cast)
    page = view(cast)
    seen = page[page.index("谁能看到我的资料") :]
    for place, role in (
        ("大营镇槐树村党支部", "书记"),
        ("中共云岭县大营镇委员会", "党委组织干事"),
        ("中共云岭县委员会", "组织部干部"),
    ):
        assert f"{place}·{role}" in seen
    assert "柳树" not in seen
    assert "联系领导" not in seen
    assert "审计员</" not in seen
    cast.posts["committee_officer"].ends_on = "2026-11-20"
    cast.posts["committee_officer"].save()
    assert "党委组织干事" not in view(cast)


def test_the_branchs_activities_and_my_own_attendance(cast: Cast) -> None:
    member = own(cast)
    other = Member.objects.unscoped("t").filter(organisation=cast.branch).exclude(pk=member.pk)[0]
    for place, number in ((cast.branch, "R1"), (cast.neighbour, "R2")):
        record = Record.objects.create(
            number=number,
            organisation=place,
            types=["theme_day"],
            topic=f"题目{number}",
            held_on=TODAY,
            recorded_on=TODAY,
            recorded_at=clock.now(),
        )
        Attendance.objects.create(record=record, member=other, state="absent")
        Attendance.objects.create(record=record, member=member, state="leave")
    page = view(cast)
    assert "主题党日：题目R1" in page
    assert "题目R2" not in page
    assert "我：请假" in page
    assert "缺席" not in page


def test_a_row_outside_the_present_post_is_still_ones_own(cast: Cast) -> None:
    """The neighbour branch's secretary is on the roster of another branch: the own data show, its activities do not."""
    member = own(cast, "neighbour")
    Record.objects.create(
        number="R1",
        organisation=cast.branch,
        types=["theme_day"],
        topic="题目",
        held_on=TODAY,
        recorded_on=TODAY,
        recorded_at=clock.now(),
    )
    page = view(cast, "neighbour")
    assert member.name in page
    assert "题目" not in page


def test_what_comes_next(year: Cast) -> None:
    own(year)
    page = view(year)
    assert "11 月支委会" in page
    assert "11 月 30 日前" in page
    assert "支部党员规模" not in page  # a standing requirement is no date
