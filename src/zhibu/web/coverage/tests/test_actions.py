"""Who answers, who covers, who is sent: one at a time, dated, and the rules follow at once."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY
from zhibu.web.coverage import actions, due, gaps, queries, sending
from zhibu.web.coverage.models import Responsibility, Unit, UnitVerdict
from zhibu.web.coverage.tests.conftest import SINCE, Lands
from zhibu.web.pipeline.evaluate import refresh

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


def _status(unit: Unit, rule: str) -> dict[int, str]:
    rows = UnitVerdict.objects.unscoped("test").filter(unit=unit, rule=rule)
    return dict(rows.values_list("year", "status"))


def test_a_verdict_follows_every_change_at_once_and_last_year_keeps_its_own(lands: Lands) -> None:
    unit = lands.unit("云岭水泥有限公司", lands.committee, party_members=4)
    rule = "enterprise-organisation"
    assert _status(unit, rule) == {2025: "missed", 2026: "missed"}
    covering = actions.cover(by=system_scope(), unit=unit, party=lands.firm, mode="own", on=APRIL, document="批复")
    assert _status(unit, rule) == {2025: "missed", 2026: "met"}  # built this year: last year stays as it was
    actions.uncover(by=system_scope(), covering=covering, on=date(2026, 6, 30), document="批复")
    assert _status(unit, rule)[2026] == "missed"
    actions.change(by=system_scope(), unit=unit, fields={"party_members": 2})
    assert _status(unit, rule) == {}  # two members: nobody asks for an organisation


def test_at_once_equals_a_full_run(lands: Lands) -> None:
    by = system_scope()
    one = lands.unit("甲厂", lands.committee, party_members=4, above_scale=True)
    two = lands.unit("乙会", lands.cast.town, kind="social_org", party_members=5, full_members=3)
    lands.unit("丙店", lands.cast.town, operating=False, party_members=9)
    actions.cover(by=by, unit=one, party=lands.firm, mode="joint", on=APRIL, document="批复")
    sent = sending.send(by=by, unit=two, kind="liaison", name="某人", starts_on=APRIL)
    sending.visit(by=by, assignment=sent, on=APRIL, building="建章立制")
    names = ("unit", "year", "rulebook", "rule", "period", "status", "strength", "ends_on", "deadline", "reason")
    rows = UnitVerdict.objects.unscoped("test").order_by("unit", "year", "rulebook", "rule", "period")
    before = list(rows.values_list(*names))
    assert len(before) >= 8
    refresh()
    assert list(rows.values_list(*names)) == before


@pytest.mark.mechanism("M236")
def test_exactly_one_committee_answers_and_an_orphan_waits_above(lands: Lands) -> None:
    cast, unit = lands.cast, lands.unit("某厂", lands.committee)
    officer = cast.scope("officer")
    actions.give(by=officer, unit=unit, committee=cast.town, on=APRIL, document="文")
    rows = Responsibility.objects.unscoped("test").filter(unit=unit).order_by("starts_on")
    assert [(one.committee_id, one.ends_on) for one in rows] == [
        (lands.committee.pk, date(2026, 3, 31)), (cast.town.pk, None)
    ]  # fmt: skip
    town = cast.scope("committee_officer")
    assert unit in queries.units(town) and not gaps.orphans(officer)
    with pytest.raises(NotAllowed, match="上级党委"):
        actions.let_go(by=town, unit=unit, on=TODAY, document="文")
    actions.let_go(by=officer, unit=unit, on=date(2026, 11, 20), document="文")
    assert [one.pk for one in gaps.orphans(officer)] == [unit.pk] and unit not in queries.units(town)
    unit.refresh_from_db()
    assert unit.organisation_id == cast.county.pk


def test_a_unit_entered_without_a_committee_is_an_orphan_of_the_office(lands: Lands) -> None:
    officer = lands.cast.scope("officer")
    fields = {"name": "没人管的厂", "kind": "npe", "operating": True}
    unit = actions.enter(by=officer, fields=fields, committee=None, starts_on=TODAY)
    assert [one.pk for one in gaps.orphans(officer)] == [unit.pk]


def test_a_branch_answers_for_no_unit_and_dates_follow(lands: Lands) -> None:
    unit, by = lands.unit("某厂", lands.committee), system_scope()
    with pytest.raises(Unfit, match="是支部"):
        actions.give(by=by, unit=unit, committee=lands.firm, on=APRIL, document="文")
    with pytest.raises(Unfit, match="已有一条登记"):
        actions.give(by=by, unit=unit, committee=lands.cast.town, on=SINCE, document="文")
    actions.cover(by=by, unit=unit, party=lands.firm, mode="own", on=APRIL, document="批复")
    with pytest.raises(Unfit, match="已有一条登记"):
        actions.cover(by=by, unit=unit, party=lands.firm, mode="joint", on=date(2026, 2, 1), document="批复")


def test_names_codes_and_numbers_are_checked(lands: Lands) -> None:
    by, code = system_scope(), "91350100M000100Y43"
    lands.unit("某厂", lands.committee, credit_code=code)
    other = lands.unit("别的厂", lands.cast.town)
    with pytest.raises(Unfit, match="已登记在另一个单位"):
        actions.change(by=by, unit=other, fields={"credit_code": code})
    with pytest.raises(Unfit, match="已经登记过"):
        lands.unit("某厂", lands.committee)
    with pytest.raises(Unfit, match="不会多于党员人数"):
        actions.change(by=by, unit=other, fields={"party_members": 2, "full_members": 3})
    with pytest.raises(Unfit, match="早于成立日期"):
        actions.change(by=by, unit=other, fields={"founded_on": APRIL, "closed_on": SINCE})
    with pytest.raises(KeyError):
        actions.change(by=by, unit=other, fields={"organisation": lands.committee})


def test_out_of_reach_is_refused(lands: Lands) -> None:
    """The town's office neither touches the park's units nor gives its own to the park."""
    town = lands.cast.scope("committee_officer")
    theirs, own = lands.unit("园区的厂", lands.committee), lands.unit("镇上的厂", lands.cast.town)
    with pytest.raises(NotAllowed):
        actions.change(by=town, unit=theirs, fields={"trade": "建材"})
    with pytest.raises(NotAllowed):
        actions.give(by=town, unit=own, committee=lands.committee, on=APRIL, document="文")
    with pytest.raises(NotAllowed):
        actions.cover(by=town, unit=own, party=lands.firm, mode="own", on=APRIL, document="文")
    with pytest.raises(NotAllowed):
        actions.change(by=lands.cast.scope("secretary"), unit=own, fields={"trade": "建材"})


@pytest.mark.mechanism("M231")
def test_visits_say_what_was_done_for_which_duty(lands: Lands) -> None:
    by, unit = system_scope(), lands.unit("某厂", lands.committee)
    sent = sending.send(by=by, unit=unit, kind="instructor", name="赵某", starts_on=SINCE)
    with pytest.raises(Unfit, match="已经指派"):
        sending.send(by=by, unit=unit, kind="instructor", name="赵某", starts_on=APRIL)
    with pytest.raises(Unfit, match="至少写一项"):
        sending.visit(by=by, assignment=sent, on=APRIL)
    with pytest.raises(Unfit, match="还没有到"):
        sending.visit(by=by, assignment=sent, on=date(2030, 1, 1), building="建章立制")
    with pytest.raises(Unfit, match="没有指派"):
        sending.visit(by=by, assignment=sent, on=date(2026, 2, 1), building="建章立制")
    sending.visit(by=by, assignment=sent, on=APRIL, government="协调用地", building="建章立制")
    line = Line.objects.unscoped("test").latest("pk")
    assert (line.action, line.happened_on) == ("coverage.visit", APRIL)
    sending.call_back(by=by, assignment=sent, on=APRIL, document="文")
    with pytest.raises(Unfit, match="没有指派"):
        sending.visit(by=by, assignment=sent, on=date(2026, 5, 1), building="建章立制")


@pytest.mark.mechanism("M225")
def test_the_list_is_what_the_rules_say(lands: Lands) -> None:
    scope = lands.cast.scope("officer")
    lands.unit("三名党员", lands.committee, party_members=3, place=lands.park)
    lands.unit("两名党员", lands.committee, party_members=2, place=lands.park)
    lands.unit("规模以上", lands.cast.town, above_scale=True, party_members=0, place=lands.town)
    key = "county-coverage/enterprise-organisation"
    assert [one.unit.name for one in due.waiting(scope, key)] == ["三名党员"]
    large = due.waiting(scope, "county-coverage/above-scale-organisation")
    assert [(one.unit.name, one.title) for one in large] == [("规模以上", "规模以上企业组建党组织")]
    assert {one.unit.name for one in due.waiting(scope, "", lands.park.pk)} == {"三名党员", "两名党员"}
    found = {one.key: (one.done, one.waiting) for one in due.judged(scope)}
    assert found[key] == (0, 1) and found["county-coverage/instructor-sent"] == (0, 3)
    assert due.judged(lands.cast.scope("neighbour")) == []


def test_a_closed_unit_is_on_no_list(lands: Lands) -> None:
    unit = lands.unit("某厂", lands.committee, party_members=3)
    actions.change(by=system_scope(), unit=unit, fields={"closed_on": date(2026, 5, 1)})
    assert due.waiting(lands.cast.scope("officer"), "") == []
