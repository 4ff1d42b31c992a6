"""对照检查: clauses asked of units; what a rule tells is not asked; the table of fulfilment."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import Cast
from zhibu.web.library import actions, queries
from zhibu.web.library.models import Answer, Checklist, Document
from zhibu.web.library.splitting import pieces

DUE = date(2026, 12, 10)
FACTS = {"title": "某县机关党建意见", "issuer": "某县委", "issued_on": date(2026, 4, 1)}


def kept(cast: Cast, text: str = "第一条 配齐书记。\n第二条 保障经费。", **facts: object) -> Document:
    found = actions.keep(by=cast.scope("officer"), document=None, facts=FACTS | facts)
    actions.put_clauses(by=cast.scope("officer"), document=found, pieces=pieces(text))
    return found


def sent(cast: Cast, document: Document | None = None, who: str = "officer", units: tuple[str, ...] = ()) -> Checklist:
    found = document or kept(cast)
    clauses = [one.pk for one in found.clauses.all()]
    codes = units or (cast.branch.code, cast.neighbour.code)
    return actions.ask(by=cast.scope(who), document=found, clauses=clauses, units=codes, due_on=DUE)


def answers(cast: Cast, who: str = "secretary") -> list[Answer]:
    return list(queries.to_answer(cast.scope(who)))


@pytest.mark.django_db
@pytest.mark.mechanism("M372")
def test_a_committee_asks_and_each_unit_answers_for_itself(cast: Cast) -> None:
    document = kept(cast)
    page = cast.client("officer")
    told = {
        "clauses": [one.pk for one in document.clauses.all()],
        "units": f"{cast.branch.code}，{cast.neighbour.code}",
        "due_on": DUE.isoformat(),
    }
    answer = send(page, f"/library/{document.pk}/ask/", told)
    table = answer.headers["Location"]
    assert "未答复" in page.get(table).content.decode()
    first, second = answers(cast)
    unit = cast.client("secretary")
    assert "第一条" in unit.get("/library/asked/").content.decode()
    assert unit.get("/duties/month/").content.decode().count("对照检查：") == 1
    unit.post(f"/library/asked/{first.pk}/", {"state": "done", "sentence": "书记已配齐"})
    unit.post(f"/library/asked/{second.pk}/", {"state": "not_yet", "sentence": "等镇里拨付"})
    shown = page.get(table).content.decode()
    assert "已落实 1 / 4 条" in shown and "书记已配齐" in shown and "等镇里拨付" in shown


@pytest.mark.django_db
def test_a_unit_sees_and_answers_nothing_of_another(cast: Cast) -> None:
    sent(cast)
    theirs = answers(cast, "neighbour")[0]
    unit = cast.client("secretary")
    assert unit.get(f"/library/asked/{theirs.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.answer(by=cast.scope("secretary"), answer=theirs, state="done", sentence="", record="")


@pytest.mark.django_db
def test_a_committee_does_not_answer_for_its_branches(cast: Cast) -> None:
    sent(cast)
    ours = answers(cast)[0]
    with pytest.raises(NotAllowed, match="不是本单位"):
        actions.answer(by=cast.scope("committee_officer"), answer=ours, state="done", sentence="", record="")


@pytest.mark.django_db
def test_a_committee_asks_only_below_itself(cast: Cast) -> None:
    with pytest.raises(Unfit, match=cast.neighbour.code):
        sent(cast, who="committee_officer")
    assert sent(cast, who="committee_officer", units=(cast.branch.code,)).organisation_id == cast.town.pk


@pytest.mark.django_db
def test_the_table_of_a_committee_above_shows_all_that_of_another_none(cast: Cast) -> None:
    one = sent(cast)
    assert cast.client("officer").get(f"/library/checklists/{one.pk}/").status_code == 200
    assert cast.client("committee_officer").get(f"/library/checklists/{one.pk}/").status_code == 404
    assert cast.client("secretary").get(f"/library/checklists/{one.pk}/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "sentence", "record", "said"),
    [("not_yet", " ", "", "写一句为什么"), ("done", "", "2026-999999", "没有这个编号"), ("not_ours", "", "", "为什么")],
)
def test_an_answer_says_what_is_missing(cast: Cast, state: str, sentence: str, record: str, said: str) -> None:
    sent(cast)
    with pytest.raises(Unfit, match=said):
        actions.answer(
            by=cast.scope("secretary"), answer=answers(cast)[0], state=state, sentence=sentence, record=record
        )


@pytest.mark.django_db
def test_what_is_ended_takes_no_answer(cast: Cast) -> None:
    one, ours = sent(cast), answers(cast)[0]
    actions.close(by=cast.scope("officer"), checklist=one)
    with pytest.raises(Unfit, match="已经结束"):
        actions.answer(by=cast.scope("secretary"), answer=ours, state="done", sentence="", record="")
    with pytest.raises(Unfit, match="已经结束"):
        actions.close(by=cast.scope("officer"), checklist=one)
    assert answers(cast) == []


@pytest.mark.django_db
def test_clauses_that_were_asked_about_stay(cast: Cast) -> None:
    document = kept(cast)
    sent(cast, document)
    with pytest.raises(Unfit, match="已经按这些条款"):
        actions.put_clauses(by=cast.scope("officer"), document=document, pieces=pieces("第一条 别的"))


@pytest.mark.django_db
@pytest.mark.parametrize(("due", "said"), [(date(2026, 11, 21), "今天以后"), (date(2026, 1, 1), "今天以后")])
def test_a_deadline_lies_ahead(cast: Cast, due: date, said: str) -> None:
    document = kept(cast)
    with pytest.raises(Unfit, match=said):
        actions.ask(
            by=cast.scope("officer"), document=document, clauses=[document.clauses.first().pk],
            units=[cast.branch.code], due_on=due,
        )  # fmt: skip


def test_a_clause_a_rule_tells_of_is_not_asked(year: Cast) -> None:
    """Only where that rule has a verdict: of the county committee it has none, so the committee is asked."""
    document = kept(year, "第十六条 主题党日每月一次。\n第九十九条 其他。", title="中国共产党支部工作条例（试行）")
    one = sent(year, document, units=(year.branch.code, year.county.code))
    rows = Answer.objects.within(year.scope("officer")).filter(checklist=one)
    asked = {(row.organisation_id, row.clause.number) for row in rows}
    assert asked == {
        (year.branch.pk, "第九十九条"), (year.county.pk, "第十六条"), (year.county.pk, "第九十九条"),
    }  # fmt: skip
    assert "规则结论" in year.client("officer").get(f"/library/checklists/{one.pk}/").content.decode()


@pytest.mark.django_db
def test_the_workbook_says_what_the_page_says(cast: Cast) -> None:
    one = sent(cast)
    actions.answer(by=cast.scope("secretary"), answer=answers(cast)[0], state="done", sentence="=1+1", record="")
    content = cast.client("officer").get(f"/library/checklists/{one.pk}/export/").content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    assert "已落实：=1+1" in text and "<f>" not in text


@pytest.mark.django_db
def test_the_table_takes_the_same_queries_for_many_units(cast: Cast, django_assert_max_num_queries: object) -> None:
    one = sent(cast, units=(cast.branch.code, cast.sister.code, cast.neighbour.code, cast.town.code))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        queries.table(cast.scope("officer").doing("library.ask"), one, date(2026, 11, 21))
