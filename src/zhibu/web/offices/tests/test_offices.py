"""职务与班子: offices, tenures, vacancies, elections; every write is refused where it doesn't fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members.models import Member
from zhibu.web.offices import cadres, queries, registers
from zhibu.web.offices.actions import seats
from zhibu.web.offices.actions.election import Holder, elected
from zhibu.web.offices.models import Office, Talk, Tenure
from zhibu.web.offices.queries import short_since
from zhibu.web.offices.standards import set_standard
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


def approve(cast: Cast, place: Organisation, kind: str = "secretary", title: str = "书记", number: int = 1) -> Office:
    return seats.approve(
        by=cast.scope("officer"), organisation=place, kind=kind, title=title, seats=number, document="文",
        starts_on=LONG_AGO,
    )  # fmt: skip


def appoint(cast: Cast, office: Office, name: str = "张三", on: date = date(2024, 3, 1), **more) -> Tenure:
    return seats.appoint(
        by=cast.scope("officer"), office=office, name=name, starts_on=on, how="appointed", document="文", **more
    )


def member(place: Organisation, at: int = 0) -> Member:
    return Member.objects.unscoped("t").filter(organisation=place).order_by("pk")[at]


def anew(place: Organisation) -> Organisation:
    return Organisation.objects.unscoped("t").get(pk=place.pk)


def seen(cast: Cast, address: str, who: str = "officer") -> str:
    response = cast.client(who).get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.mechanism("M240")
def test_a_seat_is_empty_until_somebody_takes_it(cast: Cast) -> None:
    office = approve(cast, cast.branch, number=2, kind="committee", title="委员")
    appoint(cast, office, "张三", on=date(2026, 11, 1))
    [one] = queries.seats(cast.scope("officer"))
    assert (one.vacant, one.since, one.names) == (1, LONG_AGO, "张三")
    page = seen(cast, "/offices/vacancies/")
    assert "1 名空缺" in page
    assert f"{(TODAY - LONG_AGO).days + 1}" in page
    appoint(cast, office, "李四", on=date(2026, 11, 2))
    assert "登记过的职务都有人在任" in seen(cast, "/offices/vacancies/")


@pytest.mark.parametrize(
    ("number", "spans", "since"),
    [
        (1, [], "2020-01-01"),
        (1, [("2021-01-01", None)], None),
        (1, [("2021-01-01", "2026-11-20")], "2026-11-21"),
        (1, [("2021-01-01", "2026-11-21")], None),
        (1, [("2021-01-01", "2022-01-01"), ("2022-01-02", None)], None),
        (1, [("2021-01-01", "2022-01-01"), ("2023-01-01", "2024-01-01")], "2024-01-02"),
        (2, [("2021-01-01", None)], "2020-01-01"),
        (2, [("2020-01-01", None), ("2020-01-01", "2025-05-31")], "2025-06-01"),
        (2, [("2020-01-01", "2024-12-31"), ("2020-01-01", "2025-05-31")], "2025-01-01"),
        (1, [("2019-01-01", None)], None),
    ],
)
def test_days_of_a_vacancy(number: int, spans: list, since: str | None) -> None:
    held = [
        Tenure(starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last) if last else None)
        for first, last in spans
    ]
    assert short_since(LONG_AGO, number, held, TODAY) == (date.fromisoformat(since) if since else None)


def test_the_secretary_of_the_engine_keeps_in_step(cast: Cast) -> None:
    office = approve(cast, cast.branch)
    tenure = appoint(cast, office, member=member(cast.branch))
    here = anew(cast.branch)
    assert (here.secretary_name, here.secretary_since) == (member(cast.branch).name, date(2024, 3, 1))
    seats.leave(by=cast.scope("officer"), tenure=tenure, ends_on=date(2026, 11, 1), document="免")
    assert (anew(cast.branch).secretary_name, anew(cast.branch).secretary_since) == ("", None)
    lines = Line.objects.unscoped("t").filter(action="offices.keep")
    assert [one.happened_on for one in lines.order_by("pk")] == [LONG_AGO, date(2024, 3, 1), date(2026, 11, 1)]


def test_what_does_not_fit_is_refused_in_words(cast: Cast) -> None:
    office = approve(cast, cast.branch)
    with pytest.raises(Unfit, match="已有“书记”"):
        approve(cast, cast.branch)
    with pytest.raises(Unfit, match="至少 1 名"):
        approve(cast, cast.branch, title="副书记", number=0)
    with pytest.raises(Unfit, match="从名册里选"):
        appoint(cast, office, " ")
    with pytest.raises(Unfit, match="到了再登记"):
        appoint(cast, office, on=date(2026, 11, 22))
    with pytest.raises(Unfit, match="不能更早"):
        appoint(cast, office, on=date(2019, 12, 31))
    tenure = appoint(cast, office)
    with pytest.raises(Unfit, match="已在这个职务上"):
        appoint(cast, office)
    with pytest.raises(Unfit, match="已有 1 人在任"):
        appoint(cast, office, "李四")
    with pytest.raises(Unfit, match="还在任，先登记离任"):
        seats.abolish(by=cast.scope("officer"), office=office, ends_on=TODAY, document="文")
    with pytest.raises(Unfit, match="离任日期不能更早"):
        seats.leave(by=cast.scope("officer"), tenure=tenure, ends_on=date(2024, 2, 29), document="文")
    seats.leave(by=cast.scope("officer"), tenure=tenure, ends_on=date(2024, 3, 1), document="文")
    with pytest.raises(Unfit, match="已登记 2024-03-01 离任"):
        seats.leave(by=cast.scope("officer"), tenure=tenure, ends_on=TODAY, document="文")
    seats.abolish(by=cast.scope("officer"), office=office, ends_on=TODAY, document="文")


def test_nobody_writes_where_they_do_not_reach(cast: Cast) -> None:
    office = approve(cast, cast.neighbour)
    given = {"name": "张三", "starts_on": LONG_AGO, "how": "elected", "document": "文"}
    with pytest.raises(NotAllowed):
        seats.appoint(by=cast.scope("committee_officer"), office=office, **given)
    with pytest.raises(NotAllowed):
        seats.appoint(by=cast.scope("secretary"), office=office, **given)
    stranger = member(cast.neighbour)
    with pytest.raises(NotAllowed):
        mine = approve(cast, cast.branch)
        seats.appoint(by=cast.scope("committee_officer"), office=mine, member=stranger, **given)


BODY = (
    ("secretary", "书记", "甲"), ("deputy", "副书记", "乙"), ("committee", "组织委员", "丙"),
)  # fmt: skip


def elect(cast: Cast, on: date = date(2026, 6, 10), body=BODY, years: int = 5) -> list[Tenure]:
    holders = [Holder(kind, title, name) for kind, title, name in body]
    return elected(
        by=cast.scope("committee_officer"), organisation=cast.branch, on=on, document="选举报告", holders=holders,
        term_years=years,
    )  # fmt: skip


@pytest.mark.mechanism("M240")
def test_an_election_makes_the_new_body(cast: Cast) -> None:
    elect(cast, date(2021, 6, 10))
    made = elect(cast, body=(*BODY[:2], ("committee", "组织委员", "丁")))
    here = anew(cast.branch)
    assert (here.elected_on, here.term_years, here.term_ends_on) == (date(2026, 6, 10), 5, date(2031, 6, 10))
    assert (here.committee_size, here.secretary_name, here.secretary_since) == (3, "甲", date(2021, 6, 10))
    assert [one.name for one in made] == ["甲", "乙", "丁"]
    old = Tenure.objects.unscoped("t").filter(starts_on=date(2021, 6, 10))
    assert {one.ends_on for one in old} == {date(2026, 6, 9)}
    assert Office.objects.unscoped("t").count() == 3
    line = Line.objects.unscoped("t").filter(action="offices.keep").order_by("pk").last()
    assert (line.happened_on, "选出 3 人" in line.sentence) == (date(2026, 6, 10), True)


def test_a_seat_the_election_left_is_a_vacancy(cast: Cast) -> None:
    approve(cast, cast.branch, kind="committee", title="纪检委员")
    elect(cast)
    found = {one.office.title: one.vacant for one in queries.seats(cast.scope("officer"))}
    assert found == {"书记": 0, "副书记": 0, "组织委员": 0, "纪检委员": 1}


def test_a_branch_without_a_committee(cast: Cast) -> None:
    elect(cast, body=BODY[:1])
    assert anew(cast.branch).committee_size == 0


def test_a_term_that_began_on_a_leap_day(cast: Cast) -> None:
    elect(cast, date(2024, 2, 29), years=3)
    assert anew(cast.branch).term_ends_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"on": date(2026, 11, 22)}, "还没到"),
        ({"years": 0}, "整年数"),
        ({"body": BODY[1:]}, "书记要有一名"),
        ({"body": (*BODY, ("secretary", "第一书记", "己"))}, "只能有一名"),
        ({"body": (*BODY, ("staff", "干事", "己"))}, "不由换届选举产生"),
        ({"body": (*BODY, ("committee", "宣传委员", "甲"))}, "只写一次"),
        ({"body": (*BODY, ("committee", "宣传委员", " "))}, "写明职务和姓名"),
        ({"body": (*BODY, ("committee", "书记", "己"))}, "类别不一致"),
    ],
)
def test_an_election_that_cannot_be(cast: Cast, told: dict, says: str) -> None:
    with pytest.raises(Unfit, match=says):
        elect(cast, **told)
    assert not Tenure.objects.unscoped("t").exists()
    assert anew(cast.branch).elected_on is None


def test_an_election_before_the_last_one(cast: Cast) -> None:
    elect(cast)
    with pytest.raises(Unfit, match="要在这以后"):
        elect(cast, date(2026, 6, 10))


def test_the_neighbour_is_not_elected_by_us(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        elected(
            by=cast.scope("committee_officer"), organisation=cast.neighbour, on=date(2026, 6, 10), document="文",
            holders=[Holder("secretary", "书记", "甲")], term_years=3,
        )  # fmt: skip


@pytest.mark.mechanism("M243")
def test_a_new_full_time_deputy_is_to_be_talked_with(cast: Cast) -> None:
    office = approve(cast, cast.branch, "deputy", "副书记", 3)
    appoint(cast, office, "甲", full_time=False)
    assert not Talk.objects.unscoped("t").exists()
    appoint(cast, office, "乙", full_time=True)
    assert Talk.objects.unscoped("t").get().due_on is None
    set_standard(by=cast.scope("officer"), organisation=cast.county, key="talk_days", value=Decimal(30), document="文")
    appoint(cast, office, "丙", full_time=True)
    assert Talk.objects.unscoped("t").get(tenure__name="丙").due_on == date(2024, 3, 31)


@pytest.mark.mechanism("M007")
def test_an_organ_committee_without_a_party_office_is_told(cast: Cast) -> None:
    organ = tree.plant(parent=cast.county, code="J1", name="县直机关党委", kind=Kind.ORGAN_COMMITTEE, sector="organ")
    assert "没有设立" not in seen(cast, "/offices/vacancies/")
    officer = cast.scope("officer")
    set_standard(by=officer, organisation=cast.county, key="party_office", value=Decimal(1), document="文")
    assert "1 个机关党委没有设党办" in seen(cast, "/offices/vacancies/")
    office = approve(cast, organ, "office_head", "党办主任")
    page = seen(cast, "/offices/vacancies/")
    assert "没有设立" not in page
    assert "1 名空缺" in page
    appoint(cast, office)
    assert "登记过的职务都有人在任" in seen(cast, "/offices/vacancies/")


@pytest.mark.mechanism("M008")
def test_the_staffing_of_work_committees(cast: Cast) -> None:
    place = tree.plant(parent=cast.county, code="G1", name="县直机关工委", kind=Kind.WORK_COMMITTEE, sector="organ")
    assert "1 个工委，1 个没有配齐" in seen(cast, "/offices/work-committees/")
    appoint(cast, approve(cast, place, "deputy", "副书记", 2))
    page = seen(cast, "/offices/work-committees/")
    assert "副书记 1" in page
    table = registers.work_committees(cast.scope("officer"), None)
    assert table.rows[0].cells == ("县直机关工委", 2, 1, 1, "副书记 1")


@pytest.mark.mechanism("M241")
@pytest.mark.mechanism("M242")
def test_dual_posts_with_numerator_and_denominator(cast: Cast) -> None:
    for place, flags in ((cast.branch, {"principal": True}), (cast.sister, {"principal": False, "head": True})):
        Organisation.objects.unscoped("t").filter(pk=place.pk).update(sector="school")
        appoint(cast, approve(cast, place), **flags)
    appoint(cast, approve(cast, cast.neighbour), principal=True)  # no school
    page = seen(cast, "/offices/dual/")
    assert "在任书记 3 名，1 名兼行政主要负责人；学校 1/2 书记、校长一肩挑（50.0%）" in page


@pytest.mark.mechanism("M248")
@pytest.mark.mechanism("M249")
def test_structure_is_numbers_not_names(cast: Cast) -> None:
    office = approve(cast, cast.branch, "committee", "委员", 3)
    for at in (0, 1):
        appoint(cast, office, member=member(cast.branch, at), full_time=bool(at))
    appoint(cast, office, "外来人")
    officer = cast.scope("officer")
    rows = {row.cells[:2]: row.cells[2] for row in cadres.structure(officer, None).rows}
    assert rows["年龄", "46 至 55 岁"] == 2  # born 1980-01-01
    assert (rows["年龄", "没有资料"], rows["专职兼职", "专职"], rows["专职兼职", "没有资料"]) == (1, 1, 1)
    assert rows["本职务任职年限", "不满 3 年"] == 3
    page = seen(cast, "/offices/structure/")
    assert "外来人" not in page
    assert "超过规定" not in page
    set_standard(by=officer, organisation=cast.county, key="age", value=Decimal(45), document="文")
    assert "2 人超过规定的提示年龄" in seen(cast, "/offices/structure/")


@pytest.mark.mechanism("M247")
def test_years_in_post_are_marked_by_the_standard_and_not_ordered_by_it(cast: Cast) -> None:
    appoint(cast, approve(cast, cast.branch), "新", on=date(2026, 1, 1))
    appoint(cast, approve(cast, cast.sister), "老", on=date(2020, 5, 1))
    officer = cast.scope("officer")
    assert [row.cells[1] for row in cadres.lasting(officer, None).rows] == ["新", "老"]
    assert "没有规定年限" in cadres.lasting(officer, None).headline
    set_standard(by=officer, organisation=cast.county, key="years", value=Decimal(5), document="文")
    set_standard(by=officer, organisation=cast.town, key="years", value=Decimal(8), document="文")
    assert "0 人" in cadres.lasting(officer, None).headline  # the nearest above holds
    set_standard(by=officer, organisation=cast.town, key="years", value=None, document="文")
    assert [row.late for row in cadres.lasting(officer, None).rows] == [False, True]


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "10000"])
def test_a_standard_is_a_number(cast: Cast, value: str) -> None:
    with pytest.raises(Unfit, match="大于 0"):
        set_standard(by=cast.scope("officer"), organisation=cast.county, key="age", value=Decimal(value), document="文")
