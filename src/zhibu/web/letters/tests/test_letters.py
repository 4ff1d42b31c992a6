"""责任书: template, issuing, signing, altering, breaking down, checks, the right of reply, score; who may do which."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.models import SentDown
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.core.waiting import waiting
from zhibu.web.duties.models import Tally
from zhibu.web.letters import altering, breaking, checking, clausing, drafting, issuing, merging, scores, wording
from zhibu.web.letters.fulfilment import fulfilment
from zhibu.web.letters.models import Letter, LetterAmendment, LetterBlock, LetterCheck, LetterTask, LetterTemplate
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.tests.test_files import photo
from zhibu.web.tasks import steps
from zhibu.web.tasks.actions import issue as issue_task
from zhibu.web.tasks.models import Task

pytestmark = pytest.mark.django_db
END = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def _files_here(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def drafted(cast: Cast, who: str = "committee_officer") -> LetterTemplate:
    """Two blocks, the second of clean conduct; 5 + 2.5 + 2.5 points."""
    by = cast.scope(who)
    made = drafting.make(
        by=by, year=2026, title="机关党建目标责任书", year_by=END, half_by=date(2026, 11, 30), opening="为了落实责任。",
        closing="一式两份。",
    )  # fmt: skip
    party = clausing.add_block(by=by, template=made, kind="party", title="机关党建", first="above_secretary",
                               direct="unit_secretary")  # fmt: skip
    clean = clausing.add_block(by=by, template=made, kind="clean", title="党风廉政", first="unit_secretary", direct="")
    for block, told, points in (
        (party, "组织生活按时开展", "5"), (party, "走访困难党员", "2.5"), (clean, "每季度一次廉政教育", "2.5"),
    ):  # fmt: skip
        clausing.add_clause(
            by=by, block=block, text=told, measure="全年四次", points=Decimal(points), due_on=date(2026, 12, 15)
        )
    return made


def clauses(template: LetterTemplate) -> list[int]:
    from zhibu.web.letters.queries import blocks

    return [one.pk for block in blocks(template) for one in block.clauses.all()]


def issued(cast: Cast, *units: Organisation, template: LetterTemplate | None = None) -> Letter:
    made = issuing.issue(
        by=cast.scope("committee_officer"), template=template or drafted(cast), units=units or [cast.branch],
        sign_by=TODAY + timedelta(days=5), minutes=30,
    )  # fmt: skip
    return now(made[0])


def signed(cast: Cast, **more: Any) -> Letter:
    one = issued(cast, **more)
    issuing.sign(by=cast.scope("committee_officer"), letter=one, side="above", signer="张某", on=TODAY)
    issuing.sign(by=cast.scope("secretary"), letter=one, side="unit", signer="李某", on=TODAY)
    return now(one)


def now(one: Letter) -> Letter:
    return Letter.objects.unscoped("t").select_related("organisation", "unit", "template").get(pk=one.pk)


def check_of(one: Letter, term: str = "year") -> LetterCheck:
    return LetterCheck.objects.unscoped("t").get(letter=one, term=term)


def reported(cast: Cast, one: Letter, term: str = "year") -> None:
    told = {pk: checking.Told("按计划办了") for pk in clauses(one.template)}
    checking.tell(by=cast.scope("secretary"), letter=one, term=term, told=told, send=True)


def judged(cast: Cast, one: Letter, *points: str, **more: Any) -> None:
    told = {
        pk: checking.Judged(Decimal(got), "看了记录")
        for pk, got in zip(clauses(one.template), points, strict=True)
    }  # fmt: skip
    checking.judge(
        by=cast.scope("committee_officer"), letter=one, term="year", judged=told,
        answer_by=TODAY + timedelta(days=7), **more,
    )  # fmt: skip


@pytest.mark.mechanism("M056")
def test_a_letter_from_a_template_is_signed_broken_down_and_fulfilled(cast: Cast) -> None:
    town, branch = cast.client("committee_officer"), cast.client("secretary")
    made = town.post("/letters/templates/new/", {"year": 2026, "title": "党建工作责任书", "year_by": END.isoformat()})
    template = LetterTemplate.objects.unscoped("t").get()
    assert made.headers["Location"] == f"/letters/templates/{template.pk}/"
    town.post(
        f"/letters/templates/{template.pk}/block/", {"kind": "party", "title": "组织建设", "first": "unit_secretary"}
    )
    block = LetterBlock.objects.unscoped("t").get()
    clause = {"text": "走访困难党员", "measure": "12 户都走访到", "points": "5", "due_on": "2026-12-15"}
    assert town.post(f"/letters/templates/blocks/{block.pk}/clause/", clause).status_code == 302
    page = text(town, f"/letters/templates/{template.pk}/")
    assert "走访困难党员" in page and "共 5 分" in page
    told = {"whom": "listed", "units": f"{cast.branch.code}\n{cast.sister.code}", "sign_by": "2026-11-30"}
    assert send(town, f"/letters/templates/{template.pk}/issue/", told, 40).status_code == 302
    assert (SentDown.objects.unscoped("t").get().units, SentDown.objects.unscoped("t").get().minutes) == (2, 40)
    one = Letter.objects.unscoped("t").get(unit=cast.branch)
    assert "签订责任书：党建工作责任书" in text(branch, "/duties/month/")
    assert "＿＿" in text(branch, f"/letters/{one.pk}/paper/")
    for client, side, signer in ((branch, "unit", "李某"), (town, "above", "张某")):
        told = {"side": side, "signer": signer, "on": TODAY.isoformat()}
        assert client.post(f"/letters/{one.pk}/sign/", told).status_code == 302
    page = text(branch, f"/letters/{one.pk}/")
    assert "已签订" in page and "李某" in page and "张某" in page and "1 条，完成 0 条" in page
    (pk,) = clauses(template)
    leaf = {"title": "走访一组", "unit": cast.branch.code, "person": "王某", "measure": "6 户", "due_on": "2026-12-01"}
    assert branch.post(f"/letters/{one.pk}/clauses/{pk}/task/", leaf).status_code == 302
    assert branch.post(f"/letters/{one.pk}/clauses/{pk}/task/", leaf | {"title": "走访二组"}).status_code == 302
    first = Task.objects.unscoped("t").order_by("pk").first()
    assert first is not None
    steps.report(by=cast.scope("secretary"), task=first, text="都去了", on=TODAY)
    steps.accept(by=cast.scope("secretary"), task=first)
    page = text(town, f"/letters/{one.pk}/clauses/{pk}/")
    assert "验收通过 1 ÷ 全部 2 = 50%" in page and "王某" in page and "每一项都有人、有标准、有期限" in page


@pytest.mark.mechanism("M057")
def test_a_target_document_of_each_organ_is_scored_at_the_years_end(cast: Cast) -> None:
    one = signed(cast)
    reported(cast, one)
    judged(cast, one, "5", "2", "2.5")
    branch = cast.client("secretary")
    assert "看年终考核结果" in text(branch, "/duties/month/")
    assert branch.post(f"/letters/{one.pk}/checks/year/answer/", {"do": "agree"}).status_code == 302
    page = text(branch, f"/letters/{one.pk}/checks/year/")
    assert "5 + 2 = 7" in page and "9.5 ÷ 10 × 100 = 95.00%" in page and "不四舍五入" in page
    town = cast.client("committee_officer")
    page = text(town, f"/letters/templates/{one.template_id}/board/")
    assert "95.00%" in page and "7 / 7.5" in page and "不排名" in page
    book = openpyxl.load_workbook(io.BytesIO(town.get(f"/letters/templates/{one.template_id}/board/export/").content))
    rows = list(book.active.values)  # type: ignore[union-attr]
    assert rows[2][5:7] == ("机关党建（得分）", "党风廉政（得分）")
    assert rows[3][0] == cast.branch.name and rows[3][5:] == (7, 2.5, 9.5, 10, 95)


@pytest.mark.mechanism("M326")
def test_clean_conduct_is_a_block_deployed_checked_and_scored_with_the_others(cast: Cast) -> None:
    template, town = drafted(cast), cast.scope("committee_officer")
    with pytest.raises(Unfit, match="主要负责人"):
        clausing.add_block(by=town, template=template, kind="clean", title="党风廉政建设", first="unit_deputy")
    cast.branch.secretary_name = "赵某"
    cast.branch.save(update_fields=["secretary_name"])
    one = signed(cast, template=template)
    page = text(cast.client("secretary"), f"/letters/{one.pk}/")
    assert (
        "党风廉政：主要负责人负总责" in page and "主要责任人：赵某" in page and "赵某" in page.split("党风廉政", 1)[1]
    )
    reported(cast, one, "half")
    reported(cast, one)
    assert "每季度一次廉政教育" in text(cast.client("committee_officer"), f"/letters/{one.pk}/checks/half/judge/")
    judged(cast, one, "5", "2.5", "1.25")
    checking.answer(by=cast.scope("secretary"), letter=one, term="year")
    told = scores.score(wording.sections(one), scores.marks(check_of(one)))
    assert [(part.section.block.kind, part.got, part.full) for part in told.parts] == [
        ("party", Decimal("7.5"), Decimal("7.5")), ("clean", Decimal("1.25"), Decimal("2.5")),
    ]  # fmt: skip
    assert (told.got, told.rate) == (Decimal("8.75"), Decimal("87.50"))


@pytest.mark.mechanism("M058")
def test_no_leaf_without_a_person_a_measure_and_a_day(cast: Cast) -> None:
    """Down the whole tree: a part is refused without its measure, and not done without its person."""
    template = drafted(cast, "officer")
    (one,) = issuing.issue(
        by=cast.scope("officer"), template=template, units=[cast.town], sign_by=TODAY, minutes=10
    )  # fmt: skip
    for side in ("above", "unit"):
        issuing.sign(by=cast.scope("officer"), letter=one, side=side, signer="某", on=TODAY)
    pk, town = clauses(template)[0], cast.client("committee_officer")
    page = town.post(f"/letters/{one.pk}/clauses/{pk}/task/", {"title": "走访", "unit": cast.town.code})
    words = page.content.decode()
    assert page.status_code == 422 and all(word in words for word in ("没有落实到人", "没有标准", "没有期限"))
    told = {"title": "走访", "unit": cast.town, "person": "王某", "measure": "都走访到", "due_on": date(2026, 12, 1)}
    breaking.break_down(by=cast.scope("committee_officer"), letter=now(one), clause=pk, **told)
    whole = Task.objects.unscoped("t").get()
    split = {"by": cast.scope("committee_officer"), "title": "走访本村", "units": [cast.branch, cast.sister],
             "decided_on": TODAY, "due_on": date(2026, 11, 30), "part_of": whole}  # fmt: skip
    with pytest.raises(Unfit, match="看什么算办成"):
        issue_task(**split)
    with pytest.raises(Unfit, match="谁承办"):
        issue_task(**split | {"units": [cast.branch], "measure": "6 户"})
    issue_task(**split, measure="6 户")
    assert "2 项还没有落实到人或没有标准" in text(town, f"/letters/{one.pk}/clauses/{pk}/")
    leaf, by = Task.objects.unscoped("t").get(owner=cast.branch), cast.scope("secretary")
    with pytest.raises(Unfit, match="先写承办人"):
        steps.report(by=by, task=leaf, text="去了", on=TODAY)
    steps.name_person(by=by, task=leaf, person="刘某")
    steps.report(by=by, task=leaf, text="去了", on=TODAY)
    assert "1 项还没有落实到人或没有标准" in text(town, f"/letters/{one.pk}/clauses/{pk}/")
    steps.report(by=cast.scope("committee_officer"), task=whole, text="两个村都走访了", on=TODAY)  # its parts have them


@pytest.mark.mechanism("M062")
def test_who_is_first_and_who_is_direct_is_set_for_each_block(cast: Cast) -> None:
    """The committee's secretary is first, the branch's direct; in the other block the branch's is first."""
    cast.branch.secretary_name = "赵某"
    cast.branch.save(update_fields=["secretary_name"])
    office = Office.objects.create(
        organisation=cast.town, kind="secretary", title="书记", document="某文件", starts_on=date(2020, 1, 1)
    )  # fmt: skip
    tenure = Tenure.objects.create(
        office=office, name="钱某", starts_on=date(2020, 1, 1), how="elected", document="某文件"
    )
    one = signed(cast)
    page = text(cast.client("secretary"), f"/letters/{one.pk}/")
    rows = re.findall(r"(第一责任人|直接责任人)</dt>\s*<dd[^>]*>([^<]*)", page)
    told = [(word, said.strip()) for word, said in rows]
    assert told == [
        ("第一责任人", "上级书记　钱某"), ("直接责任人", "本单位书记（主要负责人）　赵某"),
        ("第一责任人", "本单位书记（主要负责人）　赵某"),
    ]  # fmt: skip
    tenure.ends_on = TODAY - timedelta(days=1)
    tenure.save()
    assert "没有登记任职" in text(cast.client("secretary"), f"/letters/{one.pk}/")


def test_the_unit_answers_before_a_result_is_final(cast: Cast) -> None:
    one, town, branch = signed(cast), cast.client("committee_officer"), cast.client("secretary")
    pks = clauses(one.template)
    told = {f"did_{pk}": "办了" for pk in pks} | {f"percent_{pks[0]}": "80"}
    assert branch.post(f"/letters/{one.pk}/checks/year/report/", told | {"do": "keep"}).status_code == 302
    assert "办了" not in text(town, f"/letters/{one.pk}/checks/year/")  # a draft is the unit's
    assert "80%" in text(branch, f"/letters/{one.pk}/checks/year/")
    assert branch.post(f"/letters/{one.pk}/checks/year/report/", told | {"do": "send"}).status_code == 302
    assert [item.why for item in waiting(cast.scope("committee_officer"))] == ["报了自查，等评"]
    assert branch.post(f"/letters/{one.pk}/checks/year/unreport/").status_code == 302
    assert branch.post(f"/letters/{one.pk}/checks/year/report/", told | {"do": "send"}).status_code == 302
    marks = {f"points_{pk}": value for pk, value in zip(pks, ("4", "2.5", "2.5"), strict=True)}
    refused = town.post(f"/letters/{one.pk}/checks/year/judge/", marks | {"answer_by": "2026-11-30"})
    assert refused.status_code == 422 and "没有给满分" in refused.content.decode()
    marks |= {f"reason_{pks[0]}": "三季度没有开", "answer_by": "2026-11-30"}
    assert town.post(f"/letters/{one.pk}/checks/year/judge/", marks).status_code == 302
    assert "三季度没有开" in text(branch, f"/letters/{one.pk}/checks/year/")
    assert branch.post(f"/letters/{one.pk}/checks/year/answer/", {"text": "九月补开了"}).status_code == 302
    assert [item.why for item in waiting(cast.scope("committee_officer"))] == ["单位有意见，等答复"]
    assert "九月补开了" in text(town, f"/letters/{one.pk}/checks/year/judge/")
    assert town.post(f"/letters/{one.pk}/checks/year/judge/", marks).status_code == 422  # a reply is owed
    final = marks | {f"points_{pks[0]}": "5", "reply": "采纳，补开的算"}
    assert town.post(f"/letters/{one.pk}/checks/year/judge/", final).status_code == 302
    page = text(branch, f"/letters/{one.pk}/checks/year/")
    assert "采纳，补开的算" in page and "10 分，共 10 分" in page and check_of(one).state == "final"
    assert town.post(f"/letters/{one.pk}/checks/year/reopen/", {"text": "加错了"}).status_code == 302
    page = text(branch, f"/letters/{one.pk}/checks/year/")
    assert "加错了" in page and "10 分，共 10 分" not in page
    assert Line.objects.unscoped("t").filter(action="letters.judge", sentence__contains="重新打开").exists()


def test_half_year_has_no_points_and_silence_is_settled_after_the_day(cast: Cast) -> None:
    one, town = signed(cast), cast.scope("committee_officer")
    reported(cast, one, "half")
    checking.judge(by=town, letter=one, term="half", judged={}, answer_by=TODAY + timedelta(days=1))
    with pytest.raises(Unfit, match="答复期限"):
        checking.settle(by=town, letter=one, term="half")
    LetterCheck.objects.unscoped("t").update(answer_by=TODAY - timedelta(days=1))
    checking.settle(by=town, letter=one, term="half")
    assert check_of(one, "half").state == "final"
    assert not [mark for mark in scores.marks(check_of(one, "half")).values() if mark.points is not None]


def test_a_letter_signed_after_the_half_year_has_only_the_years_check(cast: Cast) -> None:
    one = signed(cast)
    LetterTemplate.objects.unscoped("t").update(half_by=TODAY - timedelta(days=1))
    with pytest.raises(Unfit, match="没有这次检查"):
        reported(cast, now(one), "half")
    branch = cast.client("secretary")
    assert branch.get(f"/letters/{one.pk}/checks/half/").status_code == 404
    month = text(branch, "/duties/month/")
    assert "报年终自查" in month and "报半年自查" not in month


def test_a_clause_with_rules_is_read_from_the_verdicts(cast: Cast) -> None:
    one = signed(cast)
    line = wording.sections(one)[0].lines[0]
    line.clause.rules = ["book/rule"]
    for ends, met, missed in ((date(2026, 9, 30), 1, 0), (date(2026, 10, 31), 0, 1), (date(2026, 12, 31), 1, 0)):
        Tally.objects.create(
            organisation=cast.branch, year=2026, rulebook="book", rule="rule", period=str(ends), ends_on=ends, met=met,
            missed=missed,
        )  # fmt: skip
    for who in ("secretary", "committee_officer"):
        told = fulfilment(cast.scope(who), one, [line])[line.clause.pk]
        assert told.words == "看规则的结论：按时或迟完成 1 ÷ 已到期 2 = 50%"


def test_once_signed_words_are_frozen_and_an_amendment_keeps_the_older(cast: Cast) -> None:
    one, town = signed(cast), cast.client("committee_officer")
    pk = clauses(one.template)[0]
    frozen = town.post(f"/letters/templates/clauses/{pk}/", {"text": "别的", "measure": "x", "points": "1",
                                                            "due_on": "2026-12-01"})  # fmt: skip
    assert frozen.status_code == 422 and "已经下发" in frozen.content.decode()
    told = {"text": "组织生活按时开展、有记录", "measure": "全年四次", "points": "4", "due_on": "2026-12-15",
            "reason": "镇党委会议定的", "on": TODAY.isoformat()}  # fmt: skip
    assert town.post(f"/letters/{one.pk}/clauses/{pk}/amend/", told).status_code == 302
    page = text(cast.client("secretary"), f"/letters/{one.pk}/clauses/{pk}/")
    assert "责任书有修改" in text(cast.client("secretary"), "/duties/month/")
    assert "签订时：组织生活按时开展（" in page and "镇党委会议定的" in page
    assert wording.full(wording.sections(now(one))) == 9
    made = LetterAmendment.objects.unscoped("t").get()
    undo = f"/letters/{one.pk}/amendments/{made.pk}/undo/"
    assert town.post(undo, {}).status_code == 422
    assert town.post(undo, {"text": "改错了"}).status_code == 302
    assert wording.full(wording.sections(now(one))) == 10
    reported(cast, one)
    with pytest.raises(Unfit, match="已报年终自查"):
        altering.take_back(by=cast.scope("committee_officer"), letter=one, amendment=made, text="x")


def test_a_clause_no_longer_asked_counts_nowhere(cast: Cast) -> None:
    one = signed(cast)
    pk = clauses(one.template)[2]
    altering.amend(
        by=cast.scope("committee_officer"), letter=one, clause=pk, text="x", measure="x", points=Decimal(1),
        due_on=END, reason="另有文件", on=TODAY, dropped=True,
    )  # fmt: skip
    told = wording.sections(one)
    assert wording.full(told) == Decimal("7.5") and len(wording.lines(told)) == 2
    (row,) = scores.board(one.template, [part.block for part in told], [one])
    assert row.full == Decimal("7.5")


def test_signing_is_noted_by_its_side_and_taken_back_with_a_reason(cast: Cast) -> None:
    one, town, branch = issued(cast), cast.scope("committee_officer"), cast.scope("secretary")
    with pytest.raises(NotAllowed):
        issuing.sign(by=branch, letter=one, side="above", signer="李某", on=TODAY)
    with pytest.raises(Unfit, match="之间"):
        issuing.sign(by=town, letter=one, side="above", signer="张某", on=TODAY + timedelta(days=1))
    for side in ("above", "unit"):  # from the paper that came back
        issuing.sign(by=town, letter=one, side=side, signer="某人", on=TODAY)
    assert now(one).signed
    with pytest.raises(NotAllowed):
        issuing.unsign(by=branch, letter=one, text="错了")
    issuing.unsign(by=town, letter=one, text="写错了人")
    assert now(one).state == "issued" and now(one).unit_signer == ""
    client = cast.client("committee_officer")
    assert client.post(f"/letters/{one.pk}/files/", {"files": photo("签字页.jpg")}).status_code == 302
    key = re.search(rf"/letters/{one.pk}/files/([^/]+)/", text(client, f"/letters/{one.pk}/"))
    response = cast.client("secretary").get(f"/letters/{one.pk}/files/{key[1]}/" if key else "/")
    assert key and response.status_code == 200 and b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert cast.client("neighbour").get(f"/letters/{one.pk}/files/{key[1]}/").status_code == 404
    assert client.post(f"/letters/{one.pk}/files/{key[1]}/remove/").status_code == 302


def test_letters_are_taken_back_one_or_all(cast: Cast) -> None:
    template, town = drafted(cast), cast.scope("committee_officer")
    one = issued(cast, cast.branch, cast.sister, template=template)
    with pytest.raises(Unfit, match="都已经有"):
        issuing.issue(by=town, template=template, units=[cast.branch], sign_by=TODAY, minutes=1)
    issuing.withdraw(by=town, letter=one, text="机构改革")
    assert SentDown.objects.unscoped("t").get().units == 1
    page = text(cast.client("secretary"), f"/letters/{one.pk}/")
    assert "机构改革" in page
    assert issuing.recall(by=town, template=template, text="重写") == 1
    assert SentDown.objects.unscoped("t").get().withdrawn_on == TODAY
    drafting.alter(by=town, template=template, year=2026, title="别的", year_by=END)
    made = drafting.copy(by=town, template=template)
    assert (made.year, made.year_by) == (2027, END.replace(year=2027)) and len(clauses(made)) == 3
    drafting.drop(by=town, template=template)
    signed(cast, template=made)
    with pytest.raises(Unfit, match="已有单位签订"):
        issuing.recall(by=town, template=made, text="x")


def test_the_word_file_is_the_letter(cast: Cast) -> None:
    one = signed(cast)
    response = cast.client("secretary").get(f"/letters/{one.pk}/word/")
    paper = Document(io.BytesIO(response.content))
    said = "\n".join([part.text for part in paper.paragraphs] + [
        cell.text for table in paper.tables for row in table.rows for cell in row.cells])  # fmt: skip
    told = ("2026 年机关党建目标责任书", "党风廉政（2.5 分）", "签字：李某", "每季度一次廉政教育")
    assert all(word in said for word in told)
    assert Line.objects.unscoped("t").filter(action="letters.export", thing="letters.letter").count() == 1


ADDRESSES = ("", "{one}/", "{one}/paper/", "{one}/clauses/{clause}/", "{one}/checks/year/", "templates/{template}/",
             "templates/{template}/board/", "templates/{template}/issue/", "{one}/checks/year/report/")  # fmt: skip
READ = {"officer": (200,) * 7 + (404, 404), "committee_officer": (200,) * 8 + (404,),
        "secretary": (200,) * 5 + (404, 404, 404, 200), "leader": (403,) * 9, "member": (403,) * 9,
        "auditor": (403,) * 9, "neighbour": (200,) + (404,) * 8}  # fmt: skip


@pytest.mark.parametrize("who", [*ROLES, "neighbour"])
def test_each_role(cast: Cast, who: str) -> None:
    one = signed(cast)
    told = {"one": one.pk, "template": one.template_id, "clause": clauses(one.template)[0]}
    client = cast.client(who)
    assert tuple(client.get(f"/letters/{part.format(**told)}").status_code for part in ADDRESSES) == READ[who]


def test_the_other_side_may_not_write(cast: Cast) -> None:
    one, pk = signed(cast), 0
    pk = clauses(one.template)[0]
    town, branch, county = (cast.scope(who) for who in ("committee_officer", "secretary", "officer"))
    acts: list[Callable[[], Any]] = [
        lambda: checking.tell(by=town, letter=one, term="year", told={}, send=False),
        lambda: checking.judge(by=branch, letter=one, term="year", judged={}, answer_by=END),
        lambda: checking.judge(by=county, letter=one, term="year", judged={}, answer_by=END),
        lambda: issuing.withdraw(by=branch, letter=one, text="x"),
        lambda: drafting.drop(by=county, template=one.template),
        lambda: breaking.break_down(by=town, letter=one, clause=pk, title="x", unit=cast.branch, person="x",
                                    measure="x", due_on=END),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert not LetterTask.objects.unscoped("t").exists()


def test_hostile_words_stay_words(cast: Cast) -> None:
    client, evil = cast.client("committee_officer"), "<script>alert(1)</script>{{ 7|add:7 }}=cmd()"
    client.post("/letters/templates/new/", {"year": 2026, "title": evil, "year_by": END.isoformat(), "opening": evil})
    page = text(client, f"/letters/templates/{LetterTemplate.objects.unscoped('t').get().pk}/")
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    for query in ("?year=99999", "?year=x&state=;drop", "?q=" + "x" * 500, "?page=-1", "?year=²025"):
        assert client.get(f"/letters/{query}").status_code == 200
    one = signed(cast)
    for term in ("never", "half%00", "YEAR"):
        assert client.get(f"/letters/{one.pk}/checks/{term}/").status_code == 404
    assert client.get(f"/letters/{one.pk}/clauses/999999/").status_code == 404


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_number_of_queries_does_not_grow_with_units(cast: Cast) -> None:
    template, client = drafted(cast), cast.client("officer")
    one = issued(cast, template=template)
    board = f"/letters/templates/{template.pk}/board/"
    client.get("/letters/")
    few = [queries(client, url) for url in ("/letters/", board, f"/letters/{one.pk}/")]
    issued(cast, cast.sister, template=template)
    assert [queries(client, url) for url in ("/letters/", board, f"/letters/{one.pk}/")] == few


def test_what_an_abolished_organisation_had_goes_to_its_heir(cast: Cast) -> None:
    one = signed(cast)
    assert merging.remains(cast.branch.pk, TODAY) == ["本年的责任书 1 份"]
    assert merging.take(cast.branch.pk, cast.sister.pk, TODAY) == {"letters": 1}
    assert now(one).unit == cast.sister
