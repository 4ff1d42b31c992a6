"""The shelf is made from the data; an office issues its own, walks it first, and withdraws it."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from zhibu.engine.errors import EngineError
from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.procedures import actions, library, publishing
from zhibu.web.procedures.models import Case, Issued
from zhibu.web.procedures.tests.small import SMALL, begun, entry, written

pytestmark = pytest.mark.django_db

MORE = """
supplement: small
version: 镇-1
title: 小程序的镇里规定
level: county
effective: {from: 2026-01-01}
sources: {Z: {title: 《镇里规定》, issuer: 大营镇党委, issued: 2026-01-01}}
papers: {sheet: 镇里的审核表}
steps:
  - id: show
    title: 镇里公示
    source: {ref: Z, clause: 第一条}
    strength: hard
    evidence: text
    by: own
    after: [meet]
    before: [approve]
    makes: [sheet]
"""
OWN = MORE.replace("supplement: small", "procedure: own").replace("    after: [meet]\n    before: [approve]\n", "")
OWN = OWN.replace("effective:", "subject: organisation\neffective:").replace("小程序的镇里规定", "镇里自己的程序")
CASES = """
- case: 走通
  opened: 2026-03-01
  records: [{step: show, done: 2026-03-05}]
  standing: [{on: 2026-03-06, ended: 办结}]
"""


@pytest.fixture
def county(cast: Cast, tmp_path) -> Cast:
    written(SMALL, tmp_path)
    return cast


def test_publishing_twice_changes_nothing_and_a_new_text_replaces(county: Cast, tmp_path) -> None:
    assert written(SMALL, tmp_path) == []
    assert (
        len(
            written(
                SMALL.replace("开会表决", "开会投票"),
                tmp_path / "new" if (tmp_path / "new").mkdir() is None else tmp_path,
            )
        )
        == 1
    )
    assert [row.withdrawn_at is None for row in Issued.objects.order_by("pk")] == [False, True]
    with pytest.raises(EngineError):
        written(SMALL.replace('"1"', '"2"'), tmp_path / "new")  # both in force on the same days
    assert Issued.objects.count() == 2


def test_the_shipped_packs_read_together_and_every_page_opens(cast: Cast) -> None:
    rows = publishing.publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    assert len(rows) > 10
    client = cast.client("committee_officer")
    assert "发展党员" in client.get("/procedures/shelf/").content.decode()
    for key, versions in library.shelf().at(cast.branch.path).items():
        for book in versions:
            answer = client.get(f"/procedures/shelf/{key}/", {"version": book.version})
            assert answer.status_code == 200
            page = answer.content.decode()
            assert all(step.title in page for step in book.steps), book.version


def test_the_shelf_says_clause_grade_and_limit(county: Cast) -> None:
    page = county.client("secretary").get("/procedures/shelf/small/").content.decode()
    for said in (
        "《小条例》第二条",
        "最晚：“提出申请”之后 2 个月以内",
        "超过应到会有表决权人数的 1/2",
        "年满十八岁",
        "会议记录",
        "没有通过，回到“提出申请”",
        "不批准，没有批准",
    ):
        assert said in page, said
    assert county.client("secretary").get("/procedures/shelf/nothing/").status_code == 404
    assert county.client("member").get("/procedures/shelf/").status_code == 403


def issue(cast: Cast, text: str, who: str = "committee_officer", **told: str) -> Issued:
    here = cast.county if who == "officer" else cast.town
    return publishing.issue(by=cast.scope(who), organisation=here, text=text, **{"proof": "只加一步", **told})


def test_a_supplement_binds_the_owner_and_below_at_once(county: Cast) -> None:
    case = begun(county)
    actions.record_step(by=county.scope("secretary"), case=case, step="ask", entry=entry(case.opened))
    row = issue(county, MORE)
    assert (row.owner, row.key, row.supplement, row.proof) == (county.town, "small", True, "只加一步")
    ours, theirs = (library.shelf().at(one.path)["small"] for one in (county.branch, county.neighbour))
    assert "show" in {step.id for step in ours[-1].steps}
    assert "show" not in {step.id for step in theirs[-1].steps}
    assert Line.objects.unscoped("t").get(action="procedures.issue").happened_on == date(2026, 1, 1)
    with pytest.raises(Unfit, match="发布过"):
        issue(county, MORE)
    publishing.withdraw(by=county.scope("committee_officer"), issued=row, reason="并入上级规定")
    assert "show" not in {step.id for step in library.shelf().at(county.branch.path)["small"][-1].steps}


def test_it_takes_a_worked_case_or_a_reason(county: Cast) -> None:
    with pytest.raises(Unfit, match="实例"):
        issue(county, OWN, proof="")
    with pytest.raises(EngineError) as wrong:
        issue(county, OWN, cases=CASES.replace("办结", "别的"))
    assert wrong.value.faults[0].place.file == "实例"
    assert issue(county, OWN, cases=CASES, proof="").proof == "实例走通"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("a: [", ""),
        ("- 1", ""),
        (MORE.replace("small", "smal"), "small"),
        (MORE.replace("by: own", "by: me"), ""),
        (MORE.replace("after: [meet]", "after: [meeting]"), "meet"),
        (MORE.replace("level: county", "level: central"), "level"),
        (SMALL.replace("level: central", "level: county").replace('"1"', '"2"'), "重叠"),
        ("x" * 100_000, ""),
        ("\x00", ""),
        (OWN.replace("makes: [sheet]", "makes: [sheet]\n    effect: os.system"), "os.system"),
    ],
)
def test_every_mistake_has_its_line(county: Cast, text: str, said: str) -> None:
    with pytest.raises(EngineError, match=said or "原文"):
        issue(county, text)
    answer = county.client("committee_officer").post(
        "/procedures/shelf/issue/", {"text": text, "proof": "试", "issue": "1"}
    )
    assert answer.status_code == 422
    if text.strip("\x00"):
        assert "第 " in answer.content.decode()
    assert Issued.objects.count() == 1


def test_issuing_by_the_page(county: Cast) -> None:
    client, address = county.client("committee_officer"), "/procedures/shelf/issue/"
    looked = client.post(address, {"text": MORE, "look": "1"})
    assert "镇里公示" in looked.content.decode()
    assert Issued.objects.count() == 1
    walked = client.post(address, {"text": OWN, "cases": CASES, "look": "1"})
    assert "走通，记了 1 步" in walked.content.decode()
    assert client.post(address, {"text": OWN, "cases": CASES, "issue": "1"})["Location"] == "/procedures/shelf/own/"
    row = Issued.objects.get(key="own")
    assert "停用" in client.get("/procedures/shelf/own/").content.decode()
    assert (
        county.client("officer").post(f"/procedures/shelf/{row.pk}/withdraw/", {"reason": "不用了"}).status_code == 404
    )
    assert client.post(f"/procedures/shelf/{row.pk}/withdraw/", {"reason": "不用了"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_reason == "不用了"
    assert county.client("secretary").get(address).status_code == 403


def test_who_may_issue(county: Cast) -> None:
    for who in ("secretary", "leader", "auditor", "member"):
        with pytest.raises(NotAllowed):
            publishing.issue(by=county.scope(who), organisation=county.branch, text=OWN, proof="试")
    with pytest.raises(NotAllowed):
        publishing.issue(by=county.scope("officer"), organisation=county.town, text=OWN, proof="替镇里发布")


def test_withdrawing_leaves_no_case_without_a_version(county: Cast) -> None:
    row = issue(county, OWN)
    case = actions.open_case(by=county.scope("secretary"), organisation=county.branch, procedure="own", opened=TODAY)
    with pytest.raises(Unfit, match="1 件"):
        publishing.withdraw(by=county.scope("committee_officer"), issued=row, reason="不用了")
    row.refresh_from_db()
    assert row.withdrawn_at is None
    actions.withdraw_case(by=county.scope("secretary"), case=case, reason="不办了")
    publishing.withdraw(by=county.scope("committee_officer"), issued=row, reason="不用了")


def test_what_an_office_below_issued_is_looked_at_too(county: Cast) -> None:
    issue(county, OWN)
    with pytest.raises(EngineError, match="own"):
        issue(county, OWN, who="officer")
    assert publishing.issue(
        by=system_scope(),
        organisation=county.county,
        text=OWN.replace("procedure: own", "procedure: other"),
        proof="试",
    )


def test_the_sandbox_stores_nothing(county: Cast) -> None:
    client, address = county.client("secretary"), "/procedures/shelf/try/"
    assert "小程序" in client.get(address).content.decode()
    assert client.get(address + "?procedure=small").status_code == 200
    assert client.get(address + "?procedure=nothing").status_code == 404
    told = {
        "procedure": "small",
        "opened": "2026-01-01",
        "on": "2026-01-20",
        "v_born_on": "1990-01-01",
        "ask-done": "2026-01-05",
        "meet-done": "2026-01-10",
        "meet-v_kind": "a",
    }
    page = client.post(address, told).content.decode()
    assert "开会表决：记不下" in page
    assert "最早 2026-02-05" in page
    assert not Case.objects.unscoped("t").exists()
    own = client.post(address, {**told, "text": OWN, "show-done": "2026-01-10"}).content.decode()
    assert "镇里公示" in own
    assert "办结" in own
    assert client.post(address, {**told, "text": "a: ["}).status_code == 422
    assert client.post(address, {**told, "opened": "昨天", "on": ""}).status_code == 422
    assert client.post(address, {**told, "opened": "2019-01-01", "on": "2019-01-01"}).status_code == 200
