"""/letters/<n>/checks/<term>/…: the unit's report, the superior's judgement, the unit's answer, the result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.letters import checking, queries, wording
from zhibu.web.letters.check_forms import AnswerForm, JudgeForm, ReportForm
from zhibu.web.letters.forms import NoForm, ReasonForm
from zhibu.web.letters.fulfilment import fulfilment
from zhibu.web.letters.models import Letter, LetterCheck
from zhibu.web.letters.people import people
from zhibu.web.letters.scores import ROUNDING, marks, score
from zhibu.web.letters.views import found, side

FORM = ("GET", "HEAD", "POST")
ANSWER = timedelta(days=7)  # offered in the form; who judges writes another day
State, Term = LetterCheck.State, LetterCheck.Term
TURNS = {State.OPEN: "report", State.REPORTED: "judge", State.ANSWERED: "judge", State.JUDGED: "answer"}


@page("letters.view")
def check(request: HttpRequest, number: int, term: str) -> HttpResponse:
    return _check(request, found(request, number), term)


@page("letters.report", methods=FORM)
def report(request: HttpRequest, number: int, term: str) -> HttpResponse:
    """With `do=send` it goes to the superior, else it is kept."""
    one = side(request, number, "unit")
    there, lines = _of(one, term), wording.lines(wording.sections(one))
    if there is not None and there.state != State.OPEN:
        return redirect("letter-check", number, term)
    form = ReportForm(request.POST or None, lines=lines, marks=marks(there))
    if request.method == "POST" and form.is_valid():
        send = request.POST.get("do") == "send"
        act = {"by": request.scope, "letter": one, "term": term, "told": form.told(), "send": send}
        if tried(form, lambda: checking.tell(**act)):
            messages.success(request, "已报送，等上级评" if send else "已存下，还没有报送")
            return redirect("letter-check" if send else "letter-report", number, term)
    how = fulfilment(request.scope, one, lines)
    context = {
        "form": form, "one": one, "term": term, "word": LetterCheck.REPORTS[term], "by": one.days[term],
        "rows": [(row, how[row.line.clause.pk]) for row in form.rows()],
    }  # fmt: skip
    return htmx.page(request, "letters/report.html", context, status=422 if form.errors else 200)


@page("letters.report", methods=("POST",))
def unreport(request: HttpRequest, number: int, term: str) -> HttpResponse:
    one, form = side(request, number, "unit"), NoForm(request.POST)
    if tried(form, lambda: checking.untell(by=request.scope, letter=one, term=term)):
        messages.success(request, "已撤回自查，改好再报")
        return redirect("letter-report", number, term)
    return _check(request, one, term, wrong=form)


@page("letters.judge", methods=FORM)
def judge(request: HttpRequest, number: int, term: str) -> HttpResponse:
    one = side(request, number, "organisation")
    there, lines = _of(one, term), wording.lines(wording.sections(one))
    if there is None or there.state not in (State.REPORTED, State.ANSWERED):
        return redirect("letter-check", number, term)
    told, answered = marks(there), there.state == State.ANSWERED
    form = JudgeForm(
        request.POST or None, lines=lines, marks=told, scored=term == Term.YEAR, answered=answered,
        initial={"answer_by": request.scope.on + ANSWER},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and tried(form, lambda: _judged(request, one, term, form)):
        messages.success(request, "已答复并定下" if answered else "已告知单位，等它看结果")
        return redirect("letter-check", number, term)
    how = fulfilment(request.scope, one, lines)
    context = {
        "form": form, "one": one, "term": term, "word": Term(term).label, "check": there, "rounding": ROUNDING,
        "rows": [(row, told.get(row.line.clause.pk), how[row.line.clause.pk]) for row in form.rows()],
    }  # fmt: skip
    return htmx.page(request, "letters/judge.html", context, status=422 if form.errors else 200)


def _judged(request: HttpRequest, one: Letter, term: str, form: JudgeForm) -> LetterCheck:
    got, scope = form.cleaned_data, request.scope
    return checking.judge(
        by=scope, letter=one, term=term, judged=form.judged(), answer_by=got.get("answer_by") or scope.on,
        reply=got.get("reply", ""),
    )  # fmt: skip


@page("letters.report", methods=("POST",))
def answer(request: HttpRequest, number: int, term: str) -> HttpResponse:
    """`do=agree`: no opinion, and it is final; else the opinion goes to the superior."""
    one = side(request, number, "unit")
    if request.POST.get("do") == "agree":
        form: forms.Form = NoForm(request.POST)
        done = bool(tried(form, lambda: checking.answer(by=request.scope, letter=one, term=term)))
    else:
        form = AnswerForm(request.POST)
        done = carried_out(form, checking.answer, by=request.scope, letter=one, term=term)
    if done:
        messages.success(request, "已答复")
        return redirect("letter-check", number, term)
    return _check(request, one, term, wrong=form, answer=form if "text" in form.fields else AnswerForm())


@page("letters.judge", methods=("POST",))
def settle(request: HttpRequest, number: int, term: str) -> HttpResponse:
    one, form = side(request, number, "organisation"), NoForm(request.POST)
    if tried(form, lambda: checking.settle(by=request.scope, letter=one, term=term)):
        messages.success(request, "已定下")
        return redirect("letter-check", number, term)
    return _check(request, one, term, wrong=form)


@page("letters.judge", methods=("POST",))
def reopen(request: HttpRequest, number: int, term: str) -> HttpResponse:
    one, form = side(request, number, "organisation"), ReasonForm(request.POST)
    if carried_out(form, checking.reopen, by=request.scope, letter=one, term=term):
        messages.success(request, "已重新打开，评好再告知单位")
        return redirect("letter-check", number, term)
    return _check(request, one, term, wrong=form, reopen=form)


def _of(one: Letter, term: str) -> LetterCheck | None:
    """The check, or None before its first word. Raises Http404: the letter has no such check."""
    if term not in one.days or one.state == Letter.State.ISSUED:
        raise Http404
    return queries.checks(one).get(term)


def _check(request: HttpRequest, one: Letter, term: str, **more: Any) -> HttpResponse:
    scope, there = request.scope, _of(one, term)
    state = State(there.state) if there else State.OPEN
    seen = _seen(scope, one, there)
    result = score(wording.sections(one), seen)
    issuer, mine = (scope.organisation_id == each for each in (one.organisation_id, one.unit_id))
    turn = TURNS.get(state, "") if one.signed else ""
    context = {
        "one": one, "term": term, "word": Term(term).label, "check": there, "state": state.label, "by": one.days[term],
        "status": there.status if there else "todo", "result": result, "rounding": ROUNDING,
        "people": people(scope, one), "scored": term == Term.YEAR, "turn": turn,
        "may_report": mine and turn == "report" and scope.may("letters.report"),
        "may_unreport": mine and state == State.REPORTED and scope.may("letters.report"),
        "may_judge": issuer and turn == "judge" and scope.may("letters.judge"),
        "may_answer": mine and turn == "answer" and scope.may("letters.report"),
        "may_settle": issuer and turn == "answer" and _over(there, scope) and scope.may("letters.judge"),
        "may_reopen": issuer and state in (State.JUDGED, State.FINAL) and scope.may("letters.judge"),
        "answer": AnswerForm(), "reopen": ReasonForm(auto_id="id_reopen_%s"),
    } | more  # fmt: skip
    return htmx.page(request, "letters/check.html", context, status=422 if "wrong" in more else 200)


def _over(there: LetterCheck | None, scope: Any) -> bool:
    """The day for an answer has gone by."""
    return there is not None and there.answer_by is not None and there.answer_by < scope.on


def _seen(scope: Any, one: Letter, there: LetterCheck | None) -> dict:
    """What was said. A draft of the unit's is the unit's; points are shown once they were told."""
    told = marks(there)
    if there is None or (there.state == State.OPEN and scope.organisation_id != one.unit_id):
        return {}
    if there.state in (State.OPEN, State.REPORTED):
        for mark in told.values():
            mark.points, mark.reason = None, ""
    return told
