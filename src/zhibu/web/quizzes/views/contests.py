"""/quizzes/contests/ 知识竞赛: rounds, teams, the board, points entered by the host."""

from __future__ import annotations

import random

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.quizzes import actions, queries
from zhibu.web.quizzes.forms import ContestForm, ScoreForm
from zhibu.web.quizzes.models import Question, QuizContest, QuizScore

WHY = "of a contest found before"


@page("quizzes.view")
def contests(request: HttpRequest) -> HttpResponse:
    context = {"page": page_of(request, queries.contests(request.scope)), "may_keep": request.scope.may("quizzes.keep")}
    return htmx.page(request, "quizzes/contests.html", context)


@page("quizzes.keep", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    start = {"held_on": request.scope.on, "rounds": "必答题\n抢答题\n风险题"}
    form, weight = ContestForm(request.POST or None, scope=request.scope, initial=start), None
    if request.method == "POST" and form.is_valid():
        weight = weigh(form, request.scope, form.cleaned_data["teams"])
        if weight is None and (made := tried(form, lambda: actions.hold_contest(by=request.scope, **form.facts))):
            messages.success(request, "已登记，可以开始计分")
            return redirect("contest", made.pk)
    context = {"form": form, "weight": weight}
    return htmx.page(request, "quizzes/contest_form.html", context, status=422 if form.errors else 200)


@page("quizzes.view")
def contest(request: HttpRequest, number: int) -> HttpResponse:
    """`?topic=`: draw a question of that topic that was not asked here yet."""
    one = get_object_or_404(queries.contests(request.scope), pk=number)
    return _contest(request, one)


@page("quizzes.keep", methods=("POST",))
def score(request: HttpRequest, number: int) -> HttpResponse:
    one = _kept(request, number)
    form = _form(request, one, posted=True)
    if form.is_valid():
        told = dict(form.cleaned_data)
        key = told.pop("question")
        asked = queries.questions(request.scope).filter(pk=key).first() if key else None
        if tried(form, lambda: actions.score(by=request.scope, contest=one, question=asked, **told)):
            messages.success(request, f"{told['team']} {told['points']:+d} 分")
            return redirect("contest", number)
    return _contest(request, one, form)


@page("quizzes.keep", methods=("POST",))
def strike(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, actions.strike, "已划去最后一次计分")


@page("quizzes.keep", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, actions.close, "已结束，不再计分")


def _done(request: HttpRequest, number: int, act: object, said: str) -> HttpResponse:
    one, form = _kept(request, number), forms.Form({})
    if carried_out(form, act, by=request.scope, contest=one):  # type: ignore[arg-type]
        messages.success(request, said)
        return redirect("contest", number)
    return _contest(request, one, form)


def _kept(request: HttpRequest, number: int) -> QuizContest:
    rows = QuizContest.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def _form(request: HttpRequest, one: QuizContest, posted: bool = False, **start: object) -> ScoreForm:
    rounds = one.rounds.unscoped(WHY)
    teams = one.teams.unscoped(WHY).select_related("organisation")
    return ScoreForm(request.POST if posted else None, rounds=rounds, teams=teams, initial={"points": 10, **start})


def _contest(request: HttpRequest, one: QuizContest, form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope
    keeps = scope.may_at("quizzes.keep", one.organisation.path) and one.closed_on is None
    known = queries.topics(scope) if keeps else []
    topic = query.choice(request, "topic", [word for word, _ in known])
    drawn = _draw(request, one, topic) if topic else None
    rounds, rows = queries.board(one)
    scoring = form if isinstance(form, ScoreForm) else _form(request, one, question=drawn.pk if drawn else None)
    names = [each.name for each in rounds]
    context = {
        "one": one, "rounds": rounds, "keeps": keeps, "topics": known, "topic": topic, "drawn": drawn,
        "form": scoring, "wrong": form,
        "rows": [(team, list(zip(names, points, strict=True)), whole) for team, points, whole in rows],
    }  # fmt: skip
    return htmx.page(request, "quizzes/contest.html", context, status=422 if form else 200)


def _draw(request: HttpRequest, one: QuizContest, topic: str) -> Question | None:
    """One not asked in this contest yet; the same until points are entered for it."""
    asked = QuizScore.objects.unscoped(WHY).filter(round__contest=one)
    there = queries.questions(request.scope, topic).filter(retired_on=None)
    rows = list(there.exclude(pk__in=asked.exclude(question=None).values("question")).order_by("pk"))
    chance = random.Random(f"{one.pk}-{asked.count()}-{topic}")  # noqa: S311  a draw on stage, no secret
    return chance.choice(rows) if rows else None
