"""The package of a life meeting: opinions without names, problems that become tasks, what is missing."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.agendas import life
from zhibu.web.agendas.models import LifeOpinion, LifeProblem
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import Cast
from zhibu.web.review.actions import filing as filings
from zhibu.web.review.models import Filing
from zhibu.web.tasks.models import Task

WHY = "test"
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast: Cast) -> Filing:
    return filings.plan(
        by=cast.scope("committee_officer"), kind="leaders_life_meeting", year=2026, planned_on=date(2026, 12, 10),
        plan="主题：对照检查",
    )  # fmt: skip


@pytest.mark.mechanism("M032")
def test_a_package_says_what_is_missing_and_problems_become_tasks(cast: Cast, meeting: Filing) -> None:
    unit, address = cast.client("committee_officer"), f"/agendas/life/{meeting.pk}/"
    assert f'href="{address}"' in unit.get(f"/filings/{meeting.pk}/").content.decode()
    assert "还缺 9 项" in unit.get(address).content.decode()
    heard = {"way": "forum", "collected_on": "2026-11-18", "asked": "23", "received": "2", "text": "会多\n下村少"}
    assert unit.post(f"{address}opinions/new/", heard).status_code == 302
    told = {"found_on": "2026-11-20", "lines": "会议多，落实少\n下村少\n会议多，落实少"}
    assert unit.post(f"{address}problems/", told).status_code == 302
    body = unit.get(address).content.decode()
    assert "征求 23 人，收到 2 条" in body and "会多<br>下村少" in body and "2 条问题，已交办 0 条" in body
    first = LifeProblem.objects.unscoped(WHY).order_by("pk")[0].problem
    assert f"?problems={first.pk}" in body
    order = {
        "title": "减少会议", "kind": "requirement", "whom": "own", "decided_on": "2026-11-20", "due_on": "2026-12-31",
        "problems": str(first.pk), "person": "王某", "weight": "plain", "do": "issue",
    }  # fmt: skip
    answer = unit.post("/tasks/new/", order)
    assert answer.status_code == 302, answer.content.decode()
    task = Task.objects.unscoped(WHY).get()
    body = unit.get(address).content.decode()
    assert f"/tasks/{task.pk}/" in body and "2026-12-31" in body and "已交办 1 条" in body
    above = cast.client("officer").get(address)
    assert above.status_code == 200 and "登记听取的意见" not in above.content.decode()


def test_an_opinion_is_taken_back_with_a_reason(cast: Cast, meeting: Filing) -> None:
    by = cast.scope("committee_officer")
    with pytest.raises(Unfit, match="写下是什么意见"):
        life.hear(by=by, filing=meeting, way="box", collected_on=date(2026, 11, 18), asked=3, received=1)
    with pytest.raises(Unfit, match="还没有到"):
        life.hear(by=by, filing=meeting, way="box", collected_on=date(2026, 12, 18), asked=3, received=0)
    one = life.hear(by=by, filing=meeting, way="box", collected_on=date(2026, 11, 18), asked=3, received=0)
    unit, address = cast.client("committee_officer"), f"/agendas/life/{meeting.pk}/opinions/{one.pk}/back/"
    assert unit.post(address, {"reason": ""}).status_code == 422
    assert unit.post(address, {"reason": "重复登记"}).status_code == 302
    assert unit.post(address, {"reason": "重复登记"}).status_code == 404
    assert LifeOpinion.objects.unscoped(WHY).get().withdrawn_why == "重复登记"
    assert not next(one for one in life.pieces(by, meeting) if one.word == "听取意见").there


def test_only_the_body_itself_writes(cast: Cast, meeting: Filing) -> None:
    for who in ("officer", "secretary", "neighbour"):
        assert cast.client(who).post(f"/agendas/life/{meeting.pk}/problems/", {}).status_code == 404
    assert cast.client("neighbour").get(f"/agendas/life/{meeting.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        life.list_problems(by=cast.scope("officer"), filing=meeting, found_on=date(2026, 11, 1), lines=["x"])
    by = cast.scope("committee_officer")
    life.list_problems(by=by, filing=meeting, found_on=date(2026, 11, 1), lines=["会多"])
    with pytest.raises(Unfit, match="已经在清单里"):
        life.list_problems(by=by, filing=meeting, found_on=date(2026, 11, 1), lines=["会多"])


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd()", "长" * 301, "\n".join(map(str, range(60)))])
def test_hostile_texts(cast: Cast, meeting: Filing, text: str) -> None:
    unit, address = cast.client("committee_officer"), f"/agendas/life/{meeting.pk}/"
    unit.post(f"{address}problems/", {"found_on": "2026-11-20", "lines": text})
    assert "<script>alert" not in unit.get(address).content.decode()
    assert LifeProblem.objects.unscoped(WHY).count() <= 1
