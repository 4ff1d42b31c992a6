"""A small bank, a paper that is open and one that is closed with results, a contest of three towns."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.quizzes import actions, queries
from zhibu.web.quizzes.models import Paper, Sitting

# Of texts that `docs/` and the packs cite; each with its clause.
QUESTIONS = (
    ("single", "党的最高理想和最终目标是什么？", ["实现共产主义", "实现现代化", "实现共同富裕"], [0], "党章总纲"),
    ("single", "有正式党员多少人以上的，都应当成立党的基层组织？", ["三人", "五人", "七人"], [0], "党章第三十条"),
    ("multiple", "党的基层委员会怎样产生？", ["党员大会选举", "代表大会选举", "上级指定"], [0, 1], "党章第三十一条"),
    ("judgement", "预备党员有表决权。", [], [1], "党章第七条"),
    ("judgement", "预备党员的预备期为一年。", [], [0], "党章第七条"),
)


def fill(*, officer: Scope, branch: Scope, today: date) -> None:
    for kind, text, options, answer, source in QUESTIONS:
        fields = {"topic": "党章", "kind": kind, "text": text, "options": options, "answer": answer, "source": source}
        actions.keep_question(by=officer, question=None, fields=fields | {"explanation": ""})
    wanted = {"single": 2, "multiple": 1, "judgement": 2}
    for title, opens in (("党章知识测试（示例）", today - timedelta(days=5)), ("上半年测试（示例）", today)):
        paper = actions.set_paper(
            by=officer, title=title, document="", opens_on=opens, closes_on=today + timedelta(days=10),
            pass_percent=60, topics=["党章"], wanted=wanted, minutes=10,
        )  # fmt: skip
    _over(paper, branch, today)
    towns = list(Organisation.objects.within(officer).filter(depth=2, kind=Kind.COMMITTEE).order_by("path")[:3])
    title, stages = "党内法规知识竞赛（示例）", ["必答题", "抢答题"]
    contest = actions.hold_contest(
        by=officer, title=title, document="", held_on=today, rounds=stages, teams=towns, minutes=60
    )
    rounds, rows = queries.board(contest)
    for at, (team, _, _) in enumerate(rows):
        actions.score(by=officer, contest=contest, round=rounds[0], team=team, points=10 * (at + 1), question=None)


def _over(paper: Paper, branch: Scope, today: date) -> None:
    """Made to have been closed last week, with what the branch's members answered."""
    paper.opens_on, paper.closes_on = today - timedelta(days=30), today - timedelta(days=7)
    paper.save(update_fields=["opens_on", "closes_on"])
    members = Member.objects.within(branch).filter(organisation=branch.organisation_id, user=None).order_by("pk")[:9]
    total = len(queries.items(paper))
    for at, one in enumerate(members):
        right = (3, 4, 5, 2)[at % 4]
        Sitting.objects.create(
            paper=paper, member=one, right=right, total=total, passed=right >= 3, handed_in_on=paper.closes_on
        )
