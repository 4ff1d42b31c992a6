"""到联系点: visits by kind and month, problems found there and solved, each a concern of its own."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.audit.actions import Unfit
from zhibu.web.concerns import actions, visiting
from zhibu.web.concerns.models import Concern, PointVisit
from zhibu.web.conftest import TODAY, Cast

pytestmark = pytest.mark.django_db
TOLD = {"point_kind": "enterprise", "point": "恒通建材", "visited_on": "2026-10-08", "people": "2",
        "problems": "用工缺 20 人\n\n 围墙外积水 ", "due_on": "2026-11-30"}  # fmt: skip


@pytest.mark.mechanism("M309")
@pytest.mark.mechanism("M313")
def test_visits_found_and_solved_by_month(cast: Cast) -> None:
    client = cast.client("secretary")
    assert client.post("/concerns/visits/new/", TOLD).status_code == 302
    assert (
        client.post("/concerns/visits/new/", TOLD | {"point_kind": "rural", "problems": "", "due_on": ""}).status_code
        == 302
    )
    assert (
        client.post("/concerns/visits/new/", TOLD | {"visited_on": "2026-11-02", "problems": "断头路"}).status_code
        == 302
    )
    found = list(Concern.objects.unscoped("t").order_by("pk"))
    assert [one.what for one in found] == ["用工缺 20 人", "围墙外积水", "断头路"]
    for one in found[:2]:
        actions.handle(by=cast.scope("secretary"), concern=one, on=TODAY, outcome="solved", text="办了")
    actions.withdraw(by=cast.scope("secretary"), concern=found[2], text="不是问题")
    page = cast.client("officer").get("/concerns/visits/").content.decode()
    assert "到联系点 3 次，发现问题 2 个，已解决 2 个" in page
    october, whole = (visiting.months(cast.scope("officer").doing("concerns.view"), 2026)[at] for at in (9, -1))
    assert (october.visits, october.found, october.solved) == ([1, 1, 0], 2, 2) and whole.all == 3
    first = PointVisit.objects.unscoped("t").order_by("pk")[0]
    page = client.get(f"/concerns/visits/{first.pk}/").content.decode()
    assert "用工缺 20 人" in page and f"/concerns/{found[0].pk}/" in page
    assert client.get("/concerns/visits/export/?kind=rural").status_code == 200


def test_the_shape_of_the_speech(cast: Cast) -> None:
    """10,409 visits, 3,546 found, 3,051 solved (source 003), counted by two queries."""
    PointVisit.objects.bulk_create(
        PointVisit(organisation=cast.branch, point_kind=("rural", "enterprise", "community")[at % 3], point="某点",
                   visited_on=date(2026, 1 + at % 10, 1), recorded_on=TODAY, people=1)
        for at in range(10_409)
    )  # fmt: skip
    visit = PointVisit.objects.unscoped("t").order_by("pk")[0]
    Concern.objects.bulk_create(
        Concern(organisation=cast.branch, handler=cast.branch, source="visit", what="x", visit=visit, taken_on=TODAY,
                due_on=TODAY, state="handled" if at < 3_051 else "taken", outcome="solved" if at < 3_051 else "")
        for at in range(3_546)
    )  # fmt: skip
    page = cast.client("officer").get("/concerns/visits/").content.decode()
    assert "10,409 次，发现问题 3546 个，已解决 3051 个" in page


@pytest.mark.parametrize("told", [
    {"point_kind": "x"}, {"point": ""}, {"visited_on": "2026-11-22"}, {"people": "0"}, {"due_on": ""},
    {"due_on": "2026-01-01"}, {"problems": "问题\n" * 21}, {"problems": "长" * 201}, {"note": "找 13988880000"},
])  # fmt: skip
def test_what_cannot_be_noted(cast: Cast, told: dict[str, str]) -> None:
    assert cast.client("secretary").post("/concerns/visits/new/", TOLD | told).status_code == 422
    assert not PointVisit.objects.unscoped("t").exists() and not Concern.objects.unscoped("t").exists()


def test_a_visit_is_withdrawn_after_its_problems(cast: Cast) -> None:
    cast.client("secretary").post("/concerns/visits/new/", TOLD | {"problems": "断头路"})
    visit, one = PointVisit.objects.unscoped("t").get(), Concern.objects.unscoped("t").get()
    by = cast.scope("secretary")
    with pytest.raises(Unfit, match="1 个没有撤回"):
        visiting.withdraw(by=by, visit=visit, text="重复")
    actions.withdraw(by=by, concern=one, text="重复")
    assert cast.client("neighbour").post(f"/concerns/visits/{visit.pk}/withdraw/", {"text": "重复"}).status_code == 404
    assert cast.client("secretary").post(f"/concerns/visits/{visit.pk}/withdraw/", {"text": "重复"}).status_code == 302
    assert visiting.months(by, 2026)[-1].all == 0
