"""The bank, papers drawn at random, a member's one sitting, results of organisations alone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import Cast
from zhibu.web.learning.tests.test_classes import attended, member, text
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.quizzes import actions, marking, queries
from zhibu.web.quizzes.models import Paper, Question, Sitting

pytestmark = pytest.mark.django_db
HEAD = "专题\t题型\t题干\tA\tB\tC\t答案\t解析\t条款\n"


def bank(cast: Cast, number: int = 6) -> None:
    for at in range(number):
        fields = {"topic": "党章", "text": f"第 {at} 题", "explanation": "见原文", "source": f"党章第{at}条"}
        kind = ("single", "multiple", "judgement")[at % 3]
        told = {"kind": kind, "options": ["甲", "乙", "丙"], "answer": [0, 2] if kind == "multiple" else [0]}
        actions.keep_question(by=cast.scope("officer"), question=None, fields=fields | told)


def paper(cast: Cast, **other: Any) -> Paper:
    told: dict[str, Any] = {
        "title": "党章测试", "document": "", "opens_on": date(2026, 11, 1), "closes_on": date(2026, 11, 30),
        "pass_percent": 60, "topics": ["党章"], "wanted": {"single": 2, "multiple": 1, "judgement": 1},
    }  # fmt: skip
    return actions.set_paper(by=cast.scope("officer"), **told | other)


def sat(one: Member, paper: Paper, right: int) -> None:
    Sitting.objects.create(
        paper=paper, member=one, right=right, total=4, passed=right >= 3, handed_in_on=date(2026, 11, 5)
    )


def everybody(place: Organisation) -> list[Member]:
    return list(Member.objects.unscoped("t").filter(organisation=place).order_by("pk"))


def test_questions_come_from_a_spreadsheet_and_bad_rows_back(cast: Cast) -> None:
    officer = cast.client("officer")
    rows = HEAD + "党章\t单选\t最高理想\t甲\t乙\t\tB\t\t总纲\n党章\t多选题\t宗旨\t甲\t乙\t丙\tA、C\t说明\t总纲\n"
    rows += "党章\t判断\t党员要交党费\t\t\t\t对\t\t第三条\n"
    rows += "党章\t问答\tx\t\t\t\t\t\t第一条\n党章\t单选\ty\t甲\t乙\t\tAB\t\t第一条\n"
    answer = officer.post("/quizzes/questions/paste/", {"rows": rows})
    page = answer.content.decode()
    assert answer.status_code == 422 and "3 道题已进题库" in page and "第 5 行" in page and "第 6 行" in page
    assert Question.objects.unscoped("t").get(kind="multiple").answer == [0, 2]
    assert officer.post("/quizzes/questions/paste/", {"rows": "题干\n"}).status_code == 422
    assert (
        officer.post("/quizzes/questions/paste/", {"rows": HEAD + "党章\t判断\t新题\t\t\t\t错\t\t第三条"}).status_code
        == 302
    )
    one = Question.objects.unscoped("t").get(kind="single")
    form = {"topic": "党章", "kind": "single", "text": "改过的", "options": "甲\n乙", "answer": "A", "source": "总纲"}
    assert officer.post(f"/quizzes/questions/{one.pk}/", form | {"answer": "Z"}).status_code == 422
    assert officer.post(f"/quizzes/questions/{one.pk}/", form).status_code == 302
    assert "改过的" in text(cast.client("secretary"), "/quizzes/questions/")
    assert cast.client("secretary").get(f"/quizzes/questions/{one.pk}/").status_code == 404
    officer.post(f"/quizzes/questions/{one.pk}/retire/")
    assert dict(queries.topics(cast.scope("officer"))) == {"党章": 3}


def test_a_paper_is_drawn_the_same_again_and_ordered_by_person(cast: Cast) -> None:
    bank(cast, 12)
    rows = list(Question.objects.unscoped("t"))
    wanted = {"single": 2, "multiple": 1, "judgement": 1}
    assert marking.draw(rows, wanted, 7) == marking.draw(rows[::-1], wanted, 7)
    assert any(marking.draw(rows, wanted, 7) != marking.draw(rows, wanted, seed) for seed in range(8, 20))
    asked = queries.items(paper(cast))
    orders = {tuple(one.item.pk for one in marking.in_order(asked, 7, number)) for number in range(30)}
    assert len(orders) > 5
    with pytest.raises(Unfit):
        paper(cast, wanted={"single": 99, "multiple": 0, "judgement": 0})
    with pytest.raises(Unfit):
        paper(cast, closes_on=date(2026, 11, 2))
    used = asked[0].question
    with pytest.raises(Unfit):
        actions.keep_question(by=cast.scope("officer"), question=used, fields={})


@pytest.mark.mechanism("M291")
def test_one_sitting_seen_by_oneself_and_a_result_of_the_organisation(cast: Cast, monkeypatch: Any) -> None:
    bank(cast)
    officer = cast.client("officer")
    form = {"title": "党章测试", "opens_on": "2026-11-21", "closes_on": "2026-11-22", "pass_percent": "60"}
    form |= {"topics": "党章", "single": "1", "judgement": "1"}
    assert send(officer, "/quizzes/new/", form).status_code == 302
    given = Paper.objects.unscoped("t").get()
    one = member(cast, user=cast.posts["member"].user)
    reader, url = cast.client("member"), f"/quizzes/me/{given.pk}/"
    assert "党章测试" in text(reader, "/me/")
    assert "答对" not in text(reader, url)
    items = queries.items(given)
    half = reader.post(url, {f"q{items[0].pk}": "0"})
    assert half.status_code == 422 and "题没有答" in half.content.decode() and 'href="#q' in half.content.decode()
    reader.post(url, {f"q{items[0].pk}": "0", f"q{items[1].pk}": "1"})
    result = text(reader, url)
    assert "答对 1/2" in result and "党章第" in result and "见原文" in result
    assert reader.post(url, {f"q{items[0].pk}": "0"}).status_code == 200  # once: the result is shown again
    assert Sitting.objects.unscoped("t").count() == 1
    assert "党章测试" not in text(reader, "/me/")
    told = Line.objects.unscoped("t").get(action="quizzes.take")
    assert one.name not in told.sentence and not told.new

    for each in everybody(cast.branch)[1:6]:
        sat(each, given, 2)
    sat(member(cast, "sister"), given, 2)
    attended(cast, one)
    address = f"/quizzes/{given.pk}/"
    assert "截止，第二天起看得到" in text(officer, address)
    assert book_of(officer, f"{address}export/") == []
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-23")
    shown = text(officer, address)
    assert "6 人" in shown and "1 次" in shown and one.name not in shown
    rows = {row.organisation: row for row in queries.results(later(cast, "officer"), given) if row.organisation}
    assert rows[cast.branch].mean is not None and rows[cast.sister].mean is None  # one taker: not shown
    assert queries.together(list(rows.values()), later(cast, "officer"), given).mean is None  # nor by the difference
    assert "柳树村" not in text(cast.client("secretary"), address)
    told = {row[0]: row[1:] for row in book_of(officer, f"{address}export/")}
    assert told[cast.branch.name][0] == 6 and told[cast.branch.name][1] is not None
    assert told[cast.sister.name][:3] == (1, None, None) and told["合计"][1] is None
    assert cast.client("neighbour").get(address).status_code == 200  # a superior's paper
    assert reader.get(address).status_code == 403
    officer.post(f"{address}withdraw/", {"why": "题有误"})
    assert "答对 1/2" in text(reader, url)


def book_of(client: Any, address: str) -> list[tuple[Any, ...]]:
    """Rows below the headings."""
    rows = list(openpyxl.load_workbook(io.BytesIO(client.get(address).content)).active.values)
    return rows[[row[0] for row in rows].index("单位") + 1 :]


def later(cast: Cast, who: str) -> Any:
    from dataclasses import replace

    return replace(cast.scope(who), on=date(2026, 11, 23))


def test_nobody_answers_for_another_or_out_of_time(cast: Cast, monkeypatch: Any) -> None:
    bank(cast)
    given = paper(cast)
    assert cast.client("auditor").get(f"/quizzes/me/{given.pk}/").status_code == 404  # on no roster
    member(cast, user=cast.posts["member"].user)
    monkeypatch.setenv("ZHIBU_TODAY", "2026-12-01")
    assert cast.client("member").get(f"/quizzes/me/{given.pk}/").status_code == 404
    assert cast.client("neighbour").post(f"/quizzes/{given.pk}/withdraw/", {"why": "x"}).status_code == 404


@pytest.mark.mechanism("M292")
def test_a_contest_is_scored_on_stage(cast: Cast) -> None:
    bank(cast)
    officer = cast.client("officer")
    form = {"title": "党内法规知识竞赛", "held_on": "2026-11-21", "rounds": "必答题\n抢答题"}
    assert send(officer, "/quizzes/contests/new/", form | {"teams": cast.town.code}).status_code == 422
    teams = f"{cast.town.code}\n{cast.other_town.code}"
    url = send(officer, "/quizzes/contests/new/", form | {"teams": teams}).headers["Location"]
    contest = queries.contests(cast.scope("officer")).get()
    first, second = contest.teams.unscoped("t").order_by("pk")
    one, two = contest.rounds.unscoped("t")
    drawn = text(officer, f"{url}?topic=党章")
    assert "第 " in drawn
    question = Question.objects.unscoped("t").first()
    officer.post(f"{url}score/", {"round": one.pk, "team": first.pk, "points": "10", "question": question.pk})
    officer.post(f"{url}score/", {"round": two.pk, "team": second.pk, "points": "20"})
    officer.post(f"{url}score/", {"round": two.pk, "team": first.pk, "points": "-5"})
    _, rows = queries.board(contest)
    assert [(team, points, total) for team, points, total in rows] == [(second, [0, 20], 20), (first, [10, -5], 5)]
    officer.post(f"{url}strike/")
    assert queries.board(contest)[1][1][2] == 10
    assert officer.post(f"{url}score/", {"round": one.pk, "team": 0, "points": "x"}).status_code == 422
    assert "必答题" in text(cast.client("committee_officer"), url)  # a team of the town is in it
    assert cast.client("committee_officer").post(f"{url}score/", {}).status_code == 404
    assert cast.client("neighbour").get(url).status_code == 404
    officer.post(f"{url}close/")
    assert officer.post(f"{url}score/", {"round": one.pk, "team": first.pk, "points": "10"}).status_code == 422
