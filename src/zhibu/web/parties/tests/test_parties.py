"""齐抓共管: four parties of each rule, decided by committees; each body's list with what verdicts say."""

from __future__ import annotations

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.parties import actions, queries
from zhibu.web.parties.models import Party

RULE = {"rulebook": "branch-life", "rule": "theme-day"}
PARTS = {"leads": ["committee"], "owns": ["work_committee"], "supports": ["party_group"], "implements": ["branch"]}


def divide(cast: Cast, who: str = "officer", **parts: list[str]) -> None:
    actions.divide(by=cast.scope(who), parts=parts or PARTS, document="示字6号", **RULE)


@pytest.mark.mechanism("M006")
def test_four_parties_stand_on_the_duty_and_on_each_bodys_list(year: Cast, db: None) -> None:
    page = year.client("officer")
    told = {**PARTS, "document": "示字6号"}
    assert page.post("/parties/branch-life/theme-day/", told).headers["Location"] == "/parties/all/"
    table = page.get("/parties/all/").content.decode()
    assert "党组" in table and "示字6号" in table
    mine = year.client("secretary").get("/parties/").content.decode()
    assert "实施" in mine and "主抓：党工委" in mine
    period = Verdict.objects.unscoped("t").filter(organisation=year.branch, **RULE).first().period
    why = year.client("secretary").get(f"/o/{year.branch.code}/why/branch-life/theme-day/{period}/").content.decode()
    assert "谁来抓" in why and "支持：党组" in why
    assert page.get("/parties/export/").status_code == 200


def test_the_state_is_what_the_verdicts_in_reach_say(year: Cast, db: None) -> None:
    divide(year)
    scope = year.scope("secretary")
    ((word, (item,)),) = queries.worklist(scope.doing("parties.view"), year.branch)
    assert word == "实施" and item.result
    rows = Verdict.objects.unscoped("t").filter(organisation=year.branch, year=2026, **RULE)
    assert item.result.missed == rows.filter(status="missed").count()
    assert item.result.done == rows.filter(status__in=("met", "late")).count()
    ((above, (led,)),) = queries.worklist(year.scope("officer").doing("parties.view"), year.county)
    every = Verdict.objects.unscoped("t").filter(year=2026, **RULE)
    assert above == "领导" and led.result and led.result.missed == every.filter(status="missed").count()


def test_the_nearest_decision_counts_and_taking_it_back_restores_the_superiors(year: Cast, db: None) -> None:
    divide(year)
    divide(year, "committee_officer", implements=["general_branch"])
    at = ("branch-life", "theme-day")
    assert queries.divisions(year.branch)[at].parts == {"implements": ["general_branch"]}
    assert queries.divisions(year.neighbour)[at].parts == PARTS
    divide(year, "committee_officer", implements=[])
    assert queries.divisions(year.branch)[at].parts == PARTS
    assert Party.objects.unscoped("t").count() == 4


def test_what_is_refused(year: Cast, db: None) -> None:
    with pytest.raises(Unfit, match="只有一种分工：党支部"):
        divide(year, owns=["branch"], implements=["branch"])
    with pytest.raises(Unfit, match="没有这个事项"):
        actions.divide(by=year.scope("officer"), rulebook="x", rule="y", parts=PARTS, document="文")
    with pytest.raises(NotAllowed):
        divide(year, "secretary")
    page = year.client("officer")
    assert page.get("/parties/branch-life/none/").status_code == 404
    answer = page.post("/parties/branch-life/theme-day/", {"owns": ["nonsense"], "document": ""})
    assert answer.status_code == 422 and "写明文件名称和文号" in answer.content.decode()
    for who, status in (("secretary", 200), ("neighbour", 200), ("leader", 403), ("member", 403), ("auditor", 403)):
        assert year.client(who).get("/parties/").status_code == status
