"""An enterprise's activity: its effect, its goal, and who has had none for long (M037)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.coverage import goals, quiet
from zhibu.web.coverage.models import Goal, GoalActivity
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given

WHY = "the test looks at everything"
ENTERPRISE = {"types": ["enterprise_activity"], "ask_effect_effect": "恢复供货", "ask_effect_carrier": "党员先锋岗"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """The cast's branch is an enterprise's."""
    Organisation.objects.unscoped(WHY).filter(pk=cast.branch.pk).update(sector=Sector.NPE)
    cast.branch.sector = Sector.NPE
    return cast


def goal(cast: Cast, title: str = "三季度产能提一成") -> Goal:
    return goals.set_(by=cast.scope("secretary"), organisation=cast.branch, title=title, starts_on=date(2026, 9, 1))


def served() -> list[tuple[str, str]]:
    rows = GoalActivity.objects.unscoped(WHY).select_related("goal").order_by("pk")
    return [(one.goal.title, one.effect) for one in rows]


@pytest.mark.mechanism("M037")
def test_activity_effect_goal_and_silence(firm: Cast) -> None:
    """The form asks effect and goal; the superior is told of an organisation without an activity for N days."""
    client, officer = firm.client("secretary"), firm.client("officer")
    target = goal(firm)
    assert "三季度产能提一成" in client.get("/records/new/").content.decode()
    answer = client.post("/records/new/", given.typed(types=["enterprise_activity"]))
    assert given.errors(answer.content.decode()) == ["填写效果", "选一项：围绕哪个生产经营目标"]
    record = given.sent(client, **ENTERPRISE, tie_goals=[str(target.pk)])
    assert served() == [("三季度产能提一成", "恢复供货")]
    page = client.get(f"/records/{record.number}/").content.decode()
    assert "用什么载体：党员先锋岗；效果：恢复供货" in page and "三季度产能提一成" in page
    assert "恢复供货" in client.get(f"/coverage/goals/{target.pk}/").content.decode()

    assert "还没有定天数" in officer.get("/coverage/quiet/").content.decode()
    officer.post("/coverage/quiet/days/", {"days": "60", "document": "示字3号"})
    assert "没有超过天数的" in officer.get("/coverage/quiet/").content.decode()
    Record.objects.unscoped(WHY).filter(pk=record.pk).update(held_on=TODAY - timedelta(days=61))
    told = officer.get("/coverage/quiet/").content.decode()
    assert "很久没有活动记录的企业党组织 1 个" in told and "60 天（中共云岭县委员会）" in told
    assert "现在有要办的" in officer.get("/ledgers/").content.decode()


def test_without_a_goal_the_form_says_so_and_asks_none(firm: Cast) -> None:
    assert "还没有登记生产经营目标" in firm.client("secretary").get("/records/new/").content.decode()
    given.sent(firm.client("secretary"), **ENTERPRISE)
    assert served() == []


def test_a_village_is_asked_no_goal(cast: Cast) -> None:
    page = cast.client("secretary").get("/records/new/").content.decode()
    assert "生产经营目标" not in page


def test_an_edit_moves_goal_and_effect(firm: Cast) -> None:
    first, second = goal(firm), goal(firm, "安全生产一百天")
    client = firm.client("secretary")
    record = given.sent(client, **ENTERPRISE, tie_goals=[str(first.pk)])
    changed = ENTERPRISE | {"ask_effect_effect": "没有事故"}
    client.post(f"/records/{record.number}/edit/", given.typed(version="1", **changed, tie_goals=[str(second.pk)]))
    assert served() == [("安全生产一百天", "没有事故")]


def test_a_goal_of_another_is_refused(firm: Cast) -> None:
    theirs = Goal.objects.create(organisation=firm.neighbour, title="别家的", starts_on=date(2026, 9, 1))
    answer = firm.client("secretary").post("/records/new/", given.typed(**ENTERPRISE, tie_goals=[str(theirs.pk)]))
    assert answer.status_code == 422 and served() == []


def test_the_nearest_number_holds_and_none_tells_nothing(firm: Cast) -> None:
    county, town = firm.scope("officer").doing("coverage.keep"), firm.scope("committee_officer").doing("coverage.keep")
    assert quiet.quiet(firm.scope("officer").doing("coverage.view")) == []
    quiet.set_days(by=county, organisation=firm.county, days=30)
    quiet.set_days(by=town, organisation=firm.town, days=90)
    [row] = quiet.quiet(firm.scope("officer").doing("coverage.view"))
    assert (row.place.pk, row.last, row.allowed) == (firm.branch.pk, None, 90)
    quiet.set_days(by=town, organisation=firm.town, days=None)
    assert [one.allowed for one in quiet.quiet(firm.scope("officer").doing("coverage.view"))] == [30]
    with pytest.raises(Unfit):
        quiet.set_days(by=county, organisation=firm.county, days=0)


def test_who_sees_it_and_in_how_many_queries(firm: Cast) -> None:
    quiet.set_days(by=firm.scope("officer").doing("coverage.keep"), organisation=firm.county, days=30)
    assert firm.client("member").get("/coverage/quiet/").status_code == 403
    assert "槐树村" not in firm.client("neighbour").get("/coverage/quiet/").content.decode()
    assert firm.client("secretary").post("/coverage/quiet/days/", {"days": "9"}).status_code == 403
    assert firm.client("officer").post("/coverage/quiet/days/", {"days": "0"}).status_code == 422
    officer = firm.client("officer")
    officer.get("/coverage/quiet/")
    with CaptureQueriesContext(connection) as few:
        officer.get("/coverage/quiet/")
    Organisation.objects.unscoped(WHY).filter(pk=firm.neighbour.pk).update(sector=Sector.NPE)
    with CaptureQueriesContext(connection) as many:
        officer.get("/coverage/quiet/")
    assert len(many) == len(few)
