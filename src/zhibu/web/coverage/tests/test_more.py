"""缓办, reviews in words, goals and what served them, three where-there-is, a park's weight and duties."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY
from zhibu.web.core import clock
from zhibu.web.coverage import actions, due, gaps, goals, park, reviews, sending, three, waiving
from zhibu.web.coverage.models import Goal, GoalActivity, ParkDuty, Review, Unit, UnitVerdict, UnitWaiver
from zhibu.web.coverage.tests.conftest import SINCE, Lands
from zhibu.web.duties.models import Verdict
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db
RULE = "county-coverage/enterprise-organisation"
LATER = date(2027, 3, 31)


def _status(unit: Unit) -> str:
    rows = UnitVerdict.objects.unscoped("t").filter(unit=unit, rule="enterprise-organisation", year=2026)
    return rows.get().status


def book(response: object) -> set[str]:
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return {str(cell.value) for row in sheet.iter_rows() for cell in row}


@pytest.mark.mechanism("M233")
def test_a_unit_is_put_off_with_a_reason_until_a_day(lands: Lands) -> None:
    unit = lands.unit("云岭水泥有限公司", lands.cast.town, party_members=4)
    client = lands.cast.client("committee_officer")
    address = f"/coverage/{unit.pk}/"
    assert "缓办" in client.get(address).text and _status(unit) == "missed"
    wrong = client.post(f"{address}waive/", {"rule": RULE, "ends_on": "2027-03-31", "reason": ""})
    assert wrong.status_code == 422 and "写明为什么缓办" in wrong.text
    told = {"rule": RULE, "ends_on": "2027-03-31", "reason": "三名党员组织关系还没有转来"}
    assert client.post(f"{address}waive/", told).status_code == 302
    assert _status(unit) == "exempt"
    assert unit.pk not in {one.unit_id for one in due.waiting(lands.cast.scope("officer"), RULE)}
    assert "三名党员组织关系还没有转来" in client.get("/coverage/due/").text
    refresh()  # a full run says the same
    assert _status(unit) == "exempt"
    waiver = UnitWaiver.objects.unscoped("t").get()
    assert Line.objects.unscoped("t").filter(action="waivers.grant").get().happened_on == TODAY
    assert client.post(f"{address}unwaive/{waiver.pk}/").status_code == 302
    assert _status(unit) == "missed"


def test_after_its_last_day_the_rule_binds_again(lands: Lands, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = lands.unit("某厂", lands.cast.town, party_members=4)
    officer = lands.cast.scope("committee_officer")
    waiving.grant(by=officer, unit=unit, rule=RULE, ends_on=date(2026, 11, 30), reason="等批复")
    monkeypatch.setenv("ZHIBU_TODAY", "2026-12-01")
    refresh()
    assert _status(unit) == "missed"


@pytest.mark.parametrize(
    ("rule", "ends_on", "said"),
    [
        (RULE, TODAY, "今天"), ("x/y", LATER, "没有要求"),
        ("county-coverage/above-scale-organisation", LATER, "没有要求"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_off(lands: Lands, rule: str, ends_on: date, said: str) -> None:
    unit = lands.unit("某厂", lands.cast.town, party_members=4)
    with pytest.raises(Unfit, match=said):
        waiving.grant(by=lands.cast.scope("officer"), unit=unit, rule=rule, ends_on=ends_on, reason="等")


def test_a_neighbour_and_a_secretary_put_nothing_off(lands: Lands) -> None:
    unit = lands.unit("园区的厂", lands.committee, party_members=4)
    told = {"rule": RULE, "ends_on": "2027-03-31", "reason": "等"}
    assert lands.cast.client("committee_officer").post(f"/coverage/{unit.pk}/waive/", told).status_code == 404
    assert lands.cast.client("secretary").post(f"/coverage/{unit.pk}/waive/", told).status_code == 403
    with pytest.raises(NotAllowed):
        scope = lands.cast.scope("committee_officer")
        waiving.grant(by=scope, unit=unit, rule=RULE, ends_on=LATER, reason="等")


@pytest.mark.mechanism("M231")
def test_a_year_is_reviewed_in_words(lands: Lands) -> None:
    unit = lands.unit("某厂", lands.cast.town)
    sent = sending.send(by=system_scope(), unit=unit, kind="instructor", name="某指导员", starts_on=SINCE)
    client = lands.cast.client("committee_officer")
    assert "本年还没有评议的" in client.get("/coverage/visits/").text
    told = {"assignment": sent.pk, "year": "2026", "on": "2026-11-20", "body": "镇党委会", "result": "帮着建了两项制度"}
    assert client.post(f"/coverage/{unit.pk}/review/", told).status_code == 302
    assert "帮着建了两项制度" in client.get(f"/coverage/{unit.pk}/").text
    assert not reviews.unreviewed(lands.cast.scope("officer"), 2026)
    assert client.post(f"/coverage/{unit.pk}/review/", told | {"result": "改过的意见"}).status_code == 302
    assert Review.objects.unscoped("t").get().result == "改过的意见"
    early = client.post(f"/coverage/{unit.pk}/review/", told | {"year": "2025"})
    assert early.status_code == 422 and "没有指派" in early.text


def activity(lands: Lands, held_on: date, topic: str, number: str = "2026-000901") -> Record:
    return Record.objects.create(
        organisation=lands.cast.branch, number=number, types=["theme_day"], topic=topic, held_on=held_on,
        recorded_at=clock.now(), recorded_on=TODAY, submitted_key=number,
    )  # fmt: skip


@pytest.mark.mechanism("M238")
def test_an_activity_serves_a_production_goal(lands: Lands) -> None:
    unit = lands.unit("槐树食品厂", lands.cast.town)
    actions.cover(by=system_scope(), unit=unit, party=lands.cast.branch, mode="own", on=SINCE, document="批复")
    client = lands.cast.client("secretary")
    assert "槐树食品厂" in client.get("/coverage/goals/new/").text
    told = {"title": "三季度投产二号线", "measure": "日产 5 吨", "unit": unit.pk, "starts_on": "2026-07-01"}
    assert client.post("/coverage/goals/new/", told).status_code == 302
    goal = Goal.objects.unscoped("t").get()
    record = activity(lands, date(2026, 8, 6), "党员突击队装机")
    assert "党员突击队装机" in client.get(f"/coverage/goals/{goal.pk}/").text
    served = {"record": record.pk, "effect": "提前十天装好"}
    assert client.post(f"/coverage/goals/{goal.pk}/serve/", served).status_code == 302
    again = client.post(f"/coverage/goals/{goal.pk}/serve/", served)
    assert again.status_code == 422
    result = {"on": "2026-11-20", "result": "9 月 20 日投产，日产 5.2 吨"}
    assert client.post(f"/coverage/goals/{goal.pk}/close/", result).status_code == 302
    page = client.get(f"/coverage/goals/{goal.pk}/").text
    assert "提前十天装好" in page and "日产 5.2 吨" in page and "选一次活动" not in page
    words = book(lands.cast.client("officer").get("/coverage/goals/export/"))
    assert {"三季度投产二号线", "提前十天装好", "槐树食品厂"} <= words
    assert lands.cast.client("member").get("/coverage/goals/").status_code == 403


def test_what_no_goal_takes(lands: Lands) -> None:
    by = lands.cast.scope("secretary")
    with pytest.raises(Unfit, match="没有覆盖企业"):
        goals.set_(by=by, organisation=lands.cast.branch, title="某目标", starts_on=SINCE)
    unit = lands.unit("某厂", lands.cast.town)
    other = lands.unit("别家的厂", lands.committee)
    actions.cover(by=system_scope(), unit=unit, party=lands.cast.branch, mode="own", on=SINCE, document="批复")
    with pytest.raises(Unfit, match="没有覆盖这个单位"):
        goals.set_(by=by, organisation=lands.cast.branch, title="某目标", starts_on=SINCE, unit=other)
    goal = goals.set_(by=by, organisation=lands.cast.branch, title="某目标", starts_on=SINCE)
    old = activity(lands, date(2026, 1, 5), "太早的")
    with pytest.raises(Unfit, match="目标期间"):
        goals.serve(by=by, goal=goal, record=old)
    new = activity(lands, date(2026, 3, 5), "正好", "2026-000902")
    row = goals.serve(by=by, goal=goal, record=new)
    assert lands.cast.client("secretary").post(f"/coverage/goals/{goal.pk}/drop/{row.pk}/").status_code == 302
    assert not GoalActivity.objects.unscoped("t").exists()
    with pytest.raises(NotAllowed):
        goals.close(by=lands.cast.scope("neighbour"), goal=goal, on=TODAY, result="x")


def verdict(lands: Lands, status: str, strength: str = "hard") -> None:
    Verdict.objects.create(
        organisation=lands.cast.branch, year=2026, rulebook="x", rule=f"{status}-{strength}", strength=strength,
        period="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 10, 31), deadline=date(2026, 10, 31),
        status=status, max_points=1,
    )  # fmt: skip


@pytest.mark.mechanism("M227")
def test_three_where_there_is(lands: Lands) -> None:
    town = lands.cast.town
    Verdict.objects.unscoped("t").filter(organisation=lands.cast.branch).delete()
    good = lands.unit("有组织的", town, party_members=3, place=lands.town)
    actions.cover(by=system_scope(), unit=good, party=lands.cast.branch, mode="own", on=SINCE, document="批复")
    (row,) = three.rows(lands.cast.scope("officer"))
    assert (row.units, row.lacks, row.unjudged) == (1, [], 1)
    verdict(lands, "met")
    verdict(lands, "missed", "soft")
    (row,) = three.rows(lands.cast.scope("officer"))
    assert (row.lacks, row.unjudged) == ([], 0)
    verdict(lands, "missed")
    lands.unit("两样都没有的", town, party_members=2, place=lands.town)
    lands.unit("不知道的", town, place=lands.town, closed_on=None)
    (row,) = three.rows(lands.cast.scope("officer"))
    assert row.lacks == ["work", "organisation", "function"] and row.unknown == 1
    assert [one.name for one in row.bare] == ["两样都没有的"] and row.weak == [(lands.cast.branch.name, 1)]
    client = lands.cast.client("officer")
    page = client.get("/coverage/three/").text
    assert "1 项没有做到" in page.replace("\n", "") and "有党员没有组织" in page
    assert not three.rows(lands.cast.scope("officer"), "work")[1:]
    assert "两样都没有的" in str(book(client.get("/coverage/three/export/?lacks=work")))


@pytest.mark.mechanism("M072")
def test_a_parks_weight_and_the_duties_of_its_staff(lands: Lands) -> None:
    lands.unit("园区的厂", lands.committee, party_members=4, place=lands.park)
    client = lands.cast.client("officer")
    address = f"/coverage/parks/{lands.park.pk}/"
    assert "系统不预置" in client.get(address).text
    told = {"year": "2026", "percent": "30", "document": "县委〔2026〕8 号"}
    assert client.post(f"{address}weight/", told).status_code == 302
    duty = {"name": "某干部", "post": "招商科长", "duty": "联系新落户企业的党建", "on": "2026-11-01"}
    assert client.post(f"{address}duties/", duty).status_code == 302
    page = client.get(address).text
    assert "占 30%" in page and "联系新落户企业的党建" in page and "0 个做到，1 个还没有" in page
    row = ParkDuty.objects.unscoped("t").get()
    assert client.post(f"{address}duties/{row.pk}/end/", {"on": "2026-11-21"}).status_code == 302
    assert client.post(f"{address}duties/{row.pk}/end/", {"on": "2026-11-21"}).status_code == 422
    with pytest.raises(Unfit, match="不是园区"):
        park.weigh(by=system_scope(), place=lands.town, year=2026, percent=Decimal(30), document="文")
    assert client.get(f"/coverage/parks/{lands.town.pk}/").status_code == 404


@pytest.mark.mechanism("M230")
def test_a_mismatch_leads_to_the_move(lands: Lands) -> None:
    unit = lands.unit("园区的厂", lands.committee, place=lands.park)
    actions.cover(by=system_scope(), unit=unit, party=lands.cast.branch, mode="own", on=SINCE, document="批复")
    page = lands.cast.client("officer").get("/coverage/gaps/").text
    assert f"/organisations/{lands.cast.branch.code}/move/" in page and lands.committee.code in page
    told = {"to": lands.committee.code, "on": "2026-11-20", "document": "批复 9 号"}
    answer = lands.cast.client("officer").post(f"/organisations/{lands.cast.branch.code}/move/", told)
    assert answer.status_code == 302
    assert not gaps.mismatches(lands.cast.scope("officer").doing("coverage.view"))
