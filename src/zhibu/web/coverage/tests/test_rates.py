"""Rates, gaps, visits and stations against what was entered by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import TODAY
from zhibu.web.coverage import actions, gaps, grounds, queries, rates, sending, visiting
from zhibu.web.coverage.queries import Asked
from zhibu.web.coverage.tests.conftest import SINCE, Lands

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


def cover(lands: Lands, unit: object, mode: str, on: date = APRIL) -> None:
    actions.cover(by=system_scope(), unit=unit, party=lands.firm, mode=mode, on=on, document="批复")


@pytest.mark.mechanism("M226", "M235")
def test_rates_count_as_the_formula_does(lands: Lands) -> None:
    scope = lands.cast.scope("officer")
    for number, mode in enumerate(("own", "joint", "attached", "sent", "", "")):
        unit = lands.unit(f"厂{number}", lands.committee)
        if mode:
            cover(lands, unit, mode)
    sending.send(by=system_scope(), unit=unit, kind="liaison", name="某人", starts_on=APRIL)
    lands.unit("停业的厂", lands.committee, operating=False)
    lands.unit("注销的厂", lands.committee, closed_on=date(2026, 5, 1))
    firms, societies = rates.rates(scope)
    assert (firms.organisation.part, firms.organisation.whole, firms.organisation.value) == (2, 6, Decimal("33.33"))
    assert (firms.own.part, firms.own.value) == (1, Decimal("16.67"))
    assert (firms.work.part, firms.work.value, firms.beside) == (5, Decimal("83.33"), 2)
    assert societies.organisation.value is None and societies.work.value is None  # no unit, no rate
    named = [one.name for one in queries.listed(scope, Asked(kind="npe", covered="nothing"))]
    assert len(named) == firms.work.whole - firms.work.part
    assert queries.listed(scope, Asked(kind="npe", covered="no")).count() == 2


def test_percentages_are_decimal_and_half_up() -> None:
    assert rates.percent(1, 8) == Decimal("12.50") and rates.percent(0, 0) is None
    assert rates.percent(1, 3) + rates.percent(2, 3) == 100
    dice = random.Random(7)
    for _ in range(300):
        whole = dice.randrange(1, 5000)
        part = dice.randrange(whole + 1)
        assert abs(rates.percent(part, whole) * whole - 100 * part) <= Decimal("0.005") * whole


@pytest.mark.mechanism("M234")
def test_the_gap_to_the_citys_average(lands: Lands) -> None:
    officer, by = lands.cast.scope("officer"), {"kind": "npe", "measure": "organisation", "source": "通报"}
    cover(lands, lands.unit("甲厂", lands.committee), "own")
    lands.unit("乙厂", lands.cast.town)
    for day, value in ((date(2026, 6, 30), "40"), (date(2026, 9, 30), "62.5"), (date(2027, 1, 1), "99")):
        grounds.benchmark(by=officer, committee=lands.cast.county, as_of=day, percent=Decimal(value), **by)
    firms = rates.rates(officer)[0]
    assert firms.organisation.gap == Decimal("-12.50") and firms.work.gap is None
    town = rates.rates(lands.cast.scope("committee_officer"))[0]  # the county's figure holds for its towns
    assert town.organisation.gap == Decimal("-62.50")
    with pytest.raises(Unfit, match="0 到 100"):
        grounds.benchmark(by=officer, committee=lands.cast.county, as_of=TODAY, percent=Decimal("120"), **by)


@pytest.mark.mechanism("M070")
def test_rates_by_territory_and_by_authority_of_the_trade(lands: Lands) -> None:
    scope = lands.cast.scope("officer")
    cover(lands, lands.unit("甲厂", lands.committee, authority=lands.cast.other_town), "own")
    lands.unit("乙厂", lands.cast.town, authority=lands.cast.other_town)
    found = [
        (one.title[-6:], one.organisation.part, one.organisation.whole) for one in rates.by_committee(scope, "npe")
    ]
    assert found == [("大营镇委员会", 0, 1), ("区工作委员会", 1, 1)]
    assert [(one.organisation.part, one.organisation.whole) for one in rates.by_authority(scope, "npe")] == [(1, 2)]


@pytest.mark.mechanism("M228", "M272", "M273")
def test_premises_schools_and_companions(lands: Lands) -> None:
    one = lands.unit("甲厂", lands.committee, above_scale=True, school=True, premises="一号楼", union=True, youth=False)
    two = lands.unit("乙厂", lands.committee, above_scale=True)
    for unit in (one, two):
        cover(lands, unit, "own")
    lands.unit("没有组织的厂", lands.committee, union=True, school=True)
    found = rates.means(lands.cast.scope("officer"))
    assert (found.premises.part, found.premises.whole) == (1, 2) and found.schools.value == Decimal("50.00")
    assert [(one.yes, one.no, one.unknown) for one in found.companions] == [(1, 0, 1), (0, 1, 1), (0, 0, 2)]


@pytest.mark.mechanism("M230")
def test_a_unit_in_a_park_whose_organisation_is_elsewhere(lands: Lands) -> None:
    scope = lands.cast.scope("officer")
    inside, outside = (lands.unit(name, lands.committee, place=lands.park) for name in ("归园区", "不归园区"))
    cover(lands, inside, "own")
    actions.cover(by=system_scope(), unit=outside, party=lands.cast.branch, mode="attached", on=APRIL, document="批复")
    lands.unit("没有组织", lands.committee, place=lands.park)
    assert [one.name for one in gaps.mismatches(scope)] == ["不归园区"]
    cover(lands, outside, "joint", TODAY)
    assert gaps.mismatches(scope) == []


@pytest.mark.mechanism("M233")
def test_units_of_one_trade_and_near_each_other_are_proposed_together(lands: Lands) -> None:
    scope = lands.cast.scope("officer")
    lands.unit("镇上建材", lands.cast.town, trade="建材", place=lands.town, party_members=2)
    lands.unit("园区建材", lands.committee, trade="建材", place=lands.park, party_members=1)
    lands.unit("远处建材", lands.cast.other_town, trade="建材", place=lands.other_town, party_members=2)
    lands.unit("镇上餐饮", lands.cast.town, trade="餐饮", place=lands.town)
    lands.unit("不知在哪", lands.cast.town, trade="建材")
    cover(lands, lands.unit("已有组织", lands.committee, trade="建材", place=lands.park), "own")
    (group,) = gaps.suggestions(scope)
    assert {one.name for one in group.units} == {"镇上建材", "园区建材"} and group.members == 3 and not group.many
    assert group.reason.startswith("同为建材，片区相邻：")
    town = lands.cast.scope("committee_officer")  # sees its own part only
    assert gaps.suggestions(town) == []


def test_places_fall_into_parts_each_around_a_middle() -> None:
    dice = random.Random(3)
    for _ in range(300):
        size = dice.randrange(1, 9)
        near: dict[int, set[int]] = {pk: set() for pk in range(size)}
        for _ in range(dice.randrange(size + 1)):
            first, second = dice.randrange(size), dice.randrange(size)
            near[first].add(second)
            near[second].add(first)
        counts = {pk: dice.randrange(1, 4) for pk in range(size) if dice.random() < 0.8}
        parts = gaps._around(counts, near)
        assert sorted(pk for part in parts for pk in part) == sorted(counts)
        for part in parts:
            assert any(part <= {middle} | near[middle] for middle in part), (near, part)


def test_more_than_five_units_of_a_joint_organisation_is_a_hint(lands: Lands) -> None:
    for number in range(6):
        assert not gaps.crowded(lands.cast.scope("officer"))
        cover(lands, lands.unit(f"厂{number}", lands.committee), "joint")
    assert [one["units"] for one in gaps.crowded(lands.cast.scope("officer"))] == [6]


@pytest.mark.mechanism("M232")
def test_units_that_are_not_ripe_need_somebody_sent(lands: Lands) -> None:
    scope, by = lands.cast.scope("officer"), system_scope()
    unit = lands.unit("小店", lands.cast.town, not_ripe="只有 1 名党员")
    assert [one.sent for one in visiting.not_ripe(scope)] == [False] and [one.pk for one in visiting.alone(scope)] == [
        unit.pk
    ]
    sending.send(by=by, unit=unit, kind="instructor", name="赵某", starts_on=APRIL)
    assert [one.sent for one in visiting.not_ripe(scope)] == [True] and not visiting.alone(scope)
    assert rates.rates(scope)[0].work.value == 100  # work coverage counts it


def test_who_has_not_been_there_for_long(lands: Lands) -> None:
    scope, by = lands.cast.scope("officer"), system_scope()
    unit = lands.unit("某厂", lands.committee)
    sent = sending.send(by=by, unit=unit, kind="instructor", name="赵某", starts_on=SINCE)
    assert [one.since for one in visiting.overdue(scope, None)] == [(TODAY - SINCE).days]
    sending.visit(by=by, assignment=sent, on=TODAY - timedelta(days=30), building="建章立制")
    assert visiting.overdue(scope, 30) == [] and [one.since for one in visiting.overdue(scope, 29)] == [30]
    assert visiting.usual_days() is None  # no text gives a number


@pytest.mark.mechanism("M229")
def test_places_with_units_and_without_a_station(lands: Lands) -> None:
    scope, by = lands.cast.scope("officer"), system_scope()
    lands.unit("某厂", lands.committee, place=lands.park)
    assert [one.name for one in gaps.unserved(scope)] == ["工业园区"]
    station = grounds.open_station(by=by, committee=lands.committee, name="园区工作站", on=APRIL)
    grounds.place(by=by, committee=lands.committee, name="工业园区", park=True, station=station, old=lands.park)
    assert not gaps.unserved(scope)
    grounds.close_station(by=by, station=station, on=TODAY)
    assert [one.name for one in gaps.unserved(scope)] == ["工业园区"]
    with pytest.raises(Unfit, match="撤销"):
        grounds.close_station(by=by, station=station, on=TODAY)


def test_no_rate_of_nothing() -> None:
    nobody = SimpleNamespace(kind="npe", mode=None, sent=False)
    assert rates.of("social_org", [nobody]).organisation.value is None
