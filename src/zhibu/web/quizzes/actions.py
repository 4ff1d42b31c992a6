"""Questions are kept, papers drawn, a member hands in, a contest is held and scored."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.actions import charge, lift
from zhibu.web.burden.loads import branches
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.quizzes import marking, queries
from zhibu.web.quizzes.models import (
    Paper,
    PaperItem,
    Question,
    QuizContest,
    QuizRound,
    QuizScore,
    QuizTeam,
    Sitting,
)  # fmt: skip

KINDS = Question.Kind
TRUE, FALSE = "对", "错"


@action("quizzes.keep")
def keep_question(*, by: Scope, question: Question | None, fields: Mapping[str, Any]) -> Question:
    """Write one for the own organisation's bank, or mend one no paper has asked yet. Raises Unfit."""
    if question is None:
        kept = Question(organisation=reached(Organisation.objects.within(by), by.organisation_id))
    else:
        kept = reached(Question.objects.within(by).select_related("organisation"), question.pk)
        if kept.retired_on or PaperItem.objects.unscoped("whether it was asked").filter(question=kept).exists():
            raise Unfit("text", "已用在试卷里或已停用的题目不再改，停用后另写一道")
    told = fit(fields)
    same = Question.objects.within(by).filter(organisation=kept.organisation, text=told["text"], retired_on=None)
    if same.exclude(pk=kept.pk).exists():
        raise Unfit("text", "题库里已有这道题")
    for name, value in told.items():
        setattr(kept, name, value)
    kept.save()
    _write(by, f"题库：{kept.topic} {kept.get_kind_display()}", kept)
    return kept


def fit(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Options and answer that go together. Raises Unfit."""
    told = dict(fields)
    if told["kind"] == KINDS.JUDGEMENT:
        told["options"] = [TRUE, FALSE]
    options, answer = list(dict.fromkeys(told["options"])), sorted(set(told["answer"]))
    if len(options) < 2 or len(options) != len(told["options"]):
        raise Unfit("options", "选项至少两个，各不相同，一行一个")
    if not answer or answer[-1] >= len(options):
        raise Unfit("answer", f"答案写字母，A 到 {chr(64 + len(options))}，多选题写在一起，如 AC；判断题写“对”或“错”")
    if told["kind"] != KINDS.MULTIPLE and len(answer) != 1:
        raise Unfit("answer", "单选题和判断题只有一个答案；有几个的，题型选多选")
    if told["kind"] == KINDS.MULTIPLE and len(answer) < 2:
        raise Unfit("answer", "多选题至少有两个答案，如 AC")
    return told | {"options": options, "answer": answer}


@action("quizzes.keep")
def retire(*, by: Scope, question: Question) -> None:
    """No new paper asks it; those that do, keep it."""
    rows = Question.objects.within(by).filter(retired_on=None).select_related("organisation")
    kept = reached(rows, question.pk)
    kept.retired_on = by.on
    kept.save(update_fields=["retired_on"])
    _write(by, f"停用题目：{kept.topic}", kept)


@action("quizzes.keep")
def set_paper(
    *, by: Scope, title: str, document: str, opens_on: date, closes_on: date, pass_percent: int,
    topics: Collection[str], wanted: Mapping[str, int], minutes: int | None = None,
) -> Paper:  # fmt: skip
    """Draw a paper from the bank for the own organisation and all below. `minutes`: what it costs a branch below, as
    its sender has weighed it. Raises Unfit: days, or too few questions."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if closes_on < max(opens_on, by.on):
        raise Unfit("closes_on", "截止日期不能早于开始日期和今天")
    if not 1 <= sum(wanted.values()) <= 200:
        raise Unfit("single", "一张卷子 1 到 200 道题，写明每种题型几道")
    rows = list(queries.questions(by).filter(retired_on=None, topic__in=topics))
    seed = secrets.randbits(40)
    try:
        drawn = marking.draw(rows, wanted, seed)
    except ValueError as few:
        kind = str(few)
        there = sum(one.kind == kind for one in rows)
        raise Unfit(kind, f"选中的专题里{KINDS(kind).label}题只有 {there} 道，少写几道或多选专题") from few
    paper = Paper.objects.create(
        organisation=own, title=title, document=document, opens_on=opens_on, closes_on=closes_on,
        pass_percent=pass_percent, seed=seed,
    )  # fmt: skip
    for position, one in enumerate(drawn, 1):
        PaperItem.objects.create(paper=paper, question=one, position=position)
    if minutes:
        charge(
            by=by, thing=paper, kind="测试", title=title, units=branches(by, own.path).count(), minutes=minutes,
            starts_on=opens_on, ends_on=closes_on, to={"kinds": list(BRANCH_KINDS)},
        )  # fmt: skip
    new = {"opens_on": opens_on, "closes_on": closes_on, "pass_percent": pass_percent, "minutes": minutes}
    _write(by, f"出卷：{title}，{len(drawn)} 题", paper, new)
    return paper


@action("quizzes.keep")
def withdraw(*, by: Scope, paper: Paper, why: str) -> None:
    """Nobody sits it any more; who has, still reads his own."""
    kept = reached(Paper.objects.within(by).filter(withdrawn_on=None).select_related("organisation"), paper.pk)
    kept.withdrawn_on, kept.withdrawn_why = by.on, why
    kept.save(update_fields=["withdrawn_on", "withdrawn_why"])
    lift(by=by, thing=kept)
    _write(by, f"撤回试卷：{kept.title}", kept, {"withdrawn_why": why})


@action("quizzes.take")
def hand_in(*, by: Scope, paper: Paper, answers: Mapping[str, Sequence[int]]) -> Sitting:
    """One's own answers, once. Raises NotAllowed: not for the reader; Unfit: closed, or handed in before."""
    member = own_row(by.user_id)
    kept = queries.binding(member).filter(pk=paper.pk).first() if member else None
    if member is None or kept is None:
        raise NotAllowed("这张卷子不是给所在支部的")
    if not kept.is_open(by.on):
        raise Unfit("answers", f"答卷时间是 {kept.opens_on} 至 {kept.closes_on}")
    asked = queries.items(kept)
    right, passed = marking.marked(asked, answers, kept.pass_percent)
    if queries.sittings(member).filter(paper=kept).exists():
        raise Unfit("answers", "已经交过卷，一张卷子只答一次")
    try:
        sitting = Sitting.objects.create(
            paper=kept, member=member, answers={key: list(value) for key, value in answers.items()}, right=right,
            total=len(asked), passed=passed, handed_in_on=by.on,
        )  # fmt: skip
    except IntegrityError as twice:
        raise Unfit("answers", "已经交过卷，一张卷子只答一次") from twice
    # That a paper was handed in, not with what result: that is the member's own.
    write(
        by=by, action="quizzes.take", sentence="交卷", thing=kept, organisation=member.organisation, happened_on=by.on
    )
    return sitting


@action("quizzes.keep")
def hold_contest(
    *, by: Scope, title: str, document: str, held_on: date, rounds: Sequence[str], teams: Sequence[Organisation],
    minutes: int | None = None,
) -> QuizContest:  # fmt: skip
    """Rounds by name, teams of organisations within reach. `minutes`: what making up a team costs one of them, as its
    sender has weighed it. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if len(teams) < 2:
        raise Unfit("teams", "至少两支代表队，一行写一个单位")
    contest = QuizContest.objects.create(organisation=own, title=title, document=document, held_on=held_on)
    for position, name in enumerate(rounds, 1):
        QuizRound.objects.create(contest=contest, position=position, name=name)
    for one in teams:
        QuizTeam.objects.create(contest=contest, organisation=reached(Organisation.objects.within(by), one.pk))
    if minutes:
        charge(
            by=by, thing=contest, kind="知识竞赛", title=title, units=len(teams), minutes=minutes,
            starts_on=min(by.on, held_on), ends_on=held_on, to={"units": [one.pk for one in teams]},
        )  # fmt: skip
    _write(by, f"知识竞赛：{title}，{len(teams)} 支代表队", contest, {"held_on": held_on, "minutes": minutes})
    return contest


@action("quizzes.keep")
def score(
    *, by: Scope, contest: QuizContest, round: QuizRound, team: QuizTeam, points: int, question: Question | None
) -> QuizScore:
    kept = _open(by, contest)
    if round.contest_id != kept.pk or team.contest_id != kept.pk:
        raise NotAllowed("不是这场竞赛的轮次或代表队")
    made = QuizScore.objects.create(round=round, team=team, points=points, question=question)
    _write(by, f"{kept.title}：{team} {round} {points:+d} 分", kept)
    return made


@action("quizzes.keep")
def strike(*, by: Scope, contest: QuizContest) -> QuizScore:
    """The last points that still count were entered by mistake. Raises Unfit when there are none."""
    kept = _open(by, contest)
    last = QuizScore.objects.within(by).filter(round__contest=kept, struck=False).order_by("-pk").first()
    if last is None:
        raise Unfit("points", "还没有计过分")
    last.struck = True
    last.save(update_fields=["struck"])
    _write(by, f"{kept.title}：划去最后一次计分 {last.points:+d}", kept)
    return last


@action("quizzes.keep")
def close(*, by: Scope, contest: QuizContest) -> None:
    """No more points. What counts is what stands on the board."""
    kept = _open(by, contest)
    kept.closed_on = by.on
    kept.save(update_fields=["closed_on"])
    _write(by, f"知识竞赛结束：{kept.title}", kept)


def _open(by: Scope, contest: QuizContest) -> QuizContest:
    rows = QuizContest.objects.within(by).select_for_update(of=("self",)).select_related("organisation")
    kept = reached(rows, contest.pk)
    if kept.closed_on:
        raise Unfit("points", f"{kept.closed_on} 已结束，不再计分")
    return kept


def _write(by: Scope, sentence: str, thing: Any, new: dict[str, Any] | None = None) -> None:
    write(
        by=by,
        action="quizzes.keep",
        sentence=sentence,
        thing=thing,
        organisation=thing.organisation,
        new=new,
        happened_on=by.on,
    )
