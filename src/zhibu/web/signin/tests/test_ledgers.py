"""Rates, leaders' double life and lectures, sit-ins: who sees which, and how they are counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import TODAY, Cast, _plant
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations import supervision
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.records.models import Attendance, Record
from zhibu.web.signin import actions, leading, rates, sitting
from zhibu.web.signin.models import Guest, Lecture, LectureCount, Meeting, SitIn
from zhibu.web.signin.tests.conftest import members, opened

pytestmark = pytest.mark.django_db
SINCE = date(2020, 1, 1)


def text(answer: Any) -> str:
    return answer.content.decode()


def held(place: Organisation, states: dict[int, str], number: str, types: tuple[str, ...] = ("theme_day",)) -> Record:
    asked = [state for state in states.values() if state != "excused"]
    record = Record.objects.create(
        number=number, organisation=place, types=list(types), topic=f"题{number}", held_on=date(2026, 11, 6),
        recorded_on=date(2026, 11, 6), recorded_at="2026-11-06T10:00Z", submitted_key=number, expected=len(asked),
        present=asked.count("present"),
    )  # fmt: skip
    Attendance.objects.bulk_create(Attendance(record=record, member_id=pk, state=state) for pk, state in states.items())
    return record


def sits(member: Member | None, place: Organisation, *, title: str = "党委委员", **told: Any) -> Tenure:
    about = {"kind": told.pop("kind", "committee"), "document": "x", "starts_on": SINCE, "seats": 9}
    office, _ = Office.objects.unscoped("t").get_or_create(organisation=place, title=title, defaults=about)
    told.setdefault("name", member.name if member else "某人")
    return Tenure.objects.create(office=office, member=member, starts_on=SINCE, how="appointed", document="x", **told)


@pytest.mark.mechanism("M027")
def test_rates_by_name_in_the_branch_and_by_sum_above(cast: Cast) -> None:
    one, two, three = members(cast)[:3]
    held(cast.branch, {one.pk: "present", two.pk: "leave", three.pk: "excused"}, "a")
    held(cast.branch, {one.pk: "present", two.pk: "present", three.pk: "excused"}, "b")
    own = cast.scope("secretary")
    told = {member.pk: row for member, row in rates.by_member(own, cast.branch, 2026)}
    assert (told[one.pk].share, told[two.pk].share, told[two.pk].expected) == (1, 0.5, 2)
    assert (told[three.pk].expected, told[three.pk].share, told[three.pk].excused) == (0, None, 2)  # JY-11
    page = text(cast.client("secretary").get("/signin/rates/"))
    assert two.name in page and "50%" in page.replace("50.0%", "50%")
    above = text(cast.client("officer").get("/signin/branches/"))
    assert two.name not in above and cast.branch.name in above and "75" in above
    assert cast.neighbour.name not in text(cast.client("committee_officer").get("/signin/branches/"))


RATES = {"secretary": (200, 200), "officer": (403, 200), "committee_officer": (403, 200), "leader": (403, 403),
         "member": (403, 403), "auditor": (403, 403)}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), RATES.items())
def test_who_sees_names_and_who_sums(cast: Cast, who: str, status: tuple[int, int]) -> None:
    page = cast.client(who)
    assert (page.get("/signin/rates/").status_code, page.get("/signin/branches/").status_code) == status


def test_a_withdrawn_record_and_a_member_gone_count_for_nothing(cast: Cast) -> None:
    one = members(cast)[0]
    record = held(cast.branch, {one.pk: "absent"}, "a")
    record.withdrawn_at = record.recorded_at
    record.save()
    assert rates.of_members([one], 2026) == {}
    assert rates.whole(cast.scope("officer"), 2026) == (0, 0)


def test_a_member_sees_the_own_rate_alone(cast: Cast) -> None:
    one, two = members(cast)[:2]
    one.user = cast.posts["member"].user
    one.save()
    held(cast.branch, {one.pk: "present", two.pk: "leave"}, "a")
    page = text(cast.client("member").get("/me/attendance/"))
    assert "100" in page and two.name not in page
    assert "我的到会情况" in text(cast.client("member").get("/me/"))


@pytest.mark.mechanism("M030")
def test_leaders_live_in_their_branch_apart_from_what_they_do_as_leaders(cast: Cast) -> None:
    leader, plain = members(cast)[:2]
    sits(leader, cast.town)
    held(cast.branch, {leader.pk: "present", plain.pk: "present"}, "a")
    held(cast.branch, {leader.pk: "leave"}, "b")
    meeting = opened(cast, "committee_officer", title="镇党委会")
    Guest.objects.create(
        meeting=meeting, member=leader, name=leader.name, branch="x", way="host", at="2026-11-06T10:00Z"
    )
    [row] = leading.told(cast.scope("committee_officer"), leading.leaders(cast.scope("committee_officer")), 2026)
    assert (row.member, row.home.expected, row.home.present, row.duties) == (leader, 2, 1, 1)
    page = text(cast.client("committee_officer").get("/signin/leaders/"))
    assert leader.name in page and plain.name not in page and "党委委员" in page
    other = text(cast.client("neighbour").get("/signin/leaders/"))
    assert leader.name not in other


@pytest.mark.mechanism("M031")
def test_who_lectured_at_home_and_who_has_not_yet(cast: Cast) -> None:
    leader, other = members(cast)[:2]
    sits(leader, cast.town)
    sits(other, cast.town)
    record = held(cast.branch, {leader.pk: "present", other.pk: "present"}, "a", ("theme_day", "party_lecture"))
    page = cast.client("secretary")
    page.post(f"/signin/records/{record.number}/lecturers/", {"members": leader.pk})
    assert "讲党课 1 人" in text(page.get(f"/records/{record.number}/"))
    above = cast.client("committee_officer")
    due = text(above.get("/signin/leaders/?show=due"))
    assert other.name in due and leader.name not in due
    assert record.topic in text(above.get("/signin/leaders/"))
    told = {"organisation": cast.town.code, "year": 2026, "times": 2, "basis": "镇发〔2026〕1号"}
    assert above.post("/signin/leaders/count/", told).status_code == 302
    due = text(above.get("/signin/leaders/?show=due"))
    assert leader.name in due and "1/2 次" in due
    page.post(f"/signin/records/{record.number}/lecturers/", {})
    assert not Lecture.objects.unscoped("t").exists()


def test_the_count_ships_empty_and_the_nearest_holds(cast: Cast) -> None:
    leader = members(cast)[0]
    sits(leader, cast.town)
    scope = cast.scope("officer")
    [row] = leading.told(scope, leading.leaders(scope), 2026)
    assert row.count is None and row.is_due and not LectureCount.objects.unscoped("t").exists()
    for place, times in ((cast.town, 2), (cast.county, 1)):
        actions.require(by=scope, organisation=place, year=2026, times=times, basis="x")
    [row] = leading.told(scope, leading.leaders(scope), 2026)
    assert row.count and row.count.times == 2


def test_only_a_lecture_has_lecturers_and_only_of_the_roster(cast: Cast) -> None:
    one = members(cast)[0]
    record = held(cast.branch, {one.pk: "present"}, "a")
    with pytest.raises(Unfit, match="没有算作党课"):
        actions.lectured(by=cast.scope("secretary"), record=record, members=[one.pk])
    lecture = held(cast.branch, {one.pk: "present"}, "b", ("party_lecture",))
    stranger = Member.objects.unscoped("t").filter(organisation=cast.neighbour)[0]
    page = cast.client("secretary")
    assert page.post(f"/signin/records/{lecture.number}/lecturers/", {"members": stranger.pk}).status_code == 422
    assert cast.client("neighbour").post(f"/signin/records/{lecture.number}/lecturers/").status_code == 404


@pytest.fixture
def group(cast: Cast) -> Organisation:
    """The organ committee that a leading group guides; the group's secretary keeps its meetings."""
    leads = _plant(cast.county, "中共云岭县水务局党组", Kind.PARTY_GROUP, Sector.ORGAN)
    organ = _plant(cast.county, "中共云岭县水务局机关委员会", Kind.ORGAN_COMMITTEE, Sector.ORGAN)
    supervision.begin(
        by=system_scope(), organisation=organ, superior=leads, kind="guided", starts_on=SINCE, document="x"
    )
    user, _ = register(username="water", name="water", password="支部-pass-1")
    cast.posts["group"] = appoint(by=system_scope(), user=user, organisation=leads, role="secretary", starts_on=SINCE)
    return organ


@pytest.mark.mechanism("M046")
def test_who_must_be_invited_is_derived_noted_and_reported(cast: Cast, group: Organisation) -> None:
    sits(None, group, title="专职副书记", kind="deputy", full_time=True, name="列席人")
    sits(None, group, title="兼职书记", kind="secretary", full_time=False, name="兼职人")
    inside = sits(None, group, title="专职书记", kind="secretary", full_time=True, name="党组成员")
    sits(None, cast.posts["group"].organisation, title="党组成员", name=inside.name)
    page = cast.client("group")
    told = {"title": "党组民主生活会", "held_on": TODAY, "category": "life"}
    here = page.post("/signin/new/", told).headers["Location"]
    shown = text(page.get(here))
    assert "列席人" in shown and "还没有邀请" in shown and "兼职人" not in shown and "党组成员" not in shown
    row = SitIn.objects.unscoped("t").get()
    refused = page.post(f"{here}sitins/", {f"invited-{row.pk}": "on", f"attended-{row.pk}": "no"})
    assert refused.status_code == 422 and "写一句原因" in text(refused)
    page.post(f"{here}sitins/", {f"invited-{row.pk}": "on", f"attended-{row.pk}": "no", f"why-{row.pk}": "出差"})
    report = text(page.get("/signin/sitins/"))
    assert "出差" in report and "0" in report
    page.post(f"{here}sitins/", {f"attended-{row.pk}": "yes"})
    assert "列席人" in text(cast.client("officer").get("/signin/sitins/"))
    [line] = sitting.by_group(cast.scope("officer"), 2026)
    assert (line.meetings, line.required, line.invited, line.attended, line.share) == (1, 1, 1, 1, 1)
    assert cast.client("leader").get("/signin/sitins/").status_code == 403
    assert "列席人" not in text(cast.client("committee_officer").get("/signin/sitins/"))


def test_the_list_follows_the_category_and_keeps_what_is_noted(cast: Cast, group: Organisation) -> None:
    sits(None, group, title="专职副书记", kind="deputy", full_time=True)
    meeting = opened(cast, "group", category="policy", types=[])
    assert len(sitting.lines(meeting)) == 1
    scope = cast.scope("group")
    actions.change(by=scope, meeting=meeting, fields={"category": ""})
    assert sitting.lines(meeting) == []
    actions.change(by=scope, meeting=meeting, fields={"category": "cadre"})
    [row] = sitting.lines(meeting)
    sitting.note(by=scope, meeting=meeting, told={row.pk: (True, None, "")})
    actions.change(by=scope, meeting=meeting, fields={"category": ""})
    assert sitting.lines(meeting) == [row]
    with pytest.raises(Unfit):
        actions.remove(by=scope, meeting=meeting)


def test_a_branch_is_not_asked_for_a_category(cast: Cast) -> None:
    assert "会议类别" not in text(cast.client("secretary").get("/signin/new/"))
    assert "会议类别" in text(cast.client("officer").get("/signin/new/"))


@pytest.mark.parametrize("page", ["", "rates/", "branches/", "leaders/", "sitins/"])
def test_each_page_takes_a_fixed_number_of_queries(cast: Cast, page: str, django_assert_max_num_queries: Any) -> None:
    for number, one in enumerate(members(cast)):
        sits(one, cast.town)
        held(cast.branch, {one.pk: "present"}, f"r{number}", ("party_lecture",))
        Meeting.objects.create(organisation=cast.branch, title=f"会{number}", held_on=TODAY, types=["theme_day"])
    client = cast.client("secretary")
    client.get(f"/signin/{page}")
    with django_assert_max_num_queries(24):
        client.get(f"/signin/{page}")
