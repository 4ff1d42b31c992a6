"""/quizzes/ papers and their results; the bank of questions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.loads import branches_of
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.quizzes import actions, paste, queries
from zhibu.web.quizzes.forms import PaperForm, PasteForm, QuestionForm, WithdrawForm, started
from zhibu.web.quizzes.models import Paper, Question

FORM = ("GET", "HEAD", "POST")
HEADINGS = ("单位", "答卷（人）", "平均得分（%）", "及格面（%）", "学习记录（次）")


@page("quizzes.view")
def papers(request: HttpRequest) -> HttpResponse:
    """`?page=`"""
    scope = request.scope
    shown = page_of(request, queries.papers(scope))
    context = {
        "page": shown, "rows": [(one, one.is_open(scope.on)) for one in shown], "today": scope.on,
        "may_keep": scope.may("quizzes.keep"), "topics": queries.topics(scope),
    }  # fmt: skip
    return htmx.page(request, "quizzes/papers.html", context, "rows")


@page("quizzes.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope, known, below = request.scope, queries.topics(request.scope), branches_of(request.scope)
    start = {"opens_on": scope.on, "pass_percent": 60}
    form = PaperForm(request.POST or None, topics=known, initial=start, alone=not below.exists())
    weight = None
    if request.method == "POST" and form.is_valid():
        told = form.facts
        weight = weigh(form, scope, below, also=f"另外，每名党员答 {sum(told['wanted'].values())} 题")
        if weight is None and (made := tried(form, lambda: actions.set_paper(by=scope, **told))):
            messages.success(request, "已出卷，开始日期起党员在“我的”里看得到")
            return redirect("paper", made.pk)
    context = {"form": form, "topics": known, "weight": weight}
    return htmx.page(request, "quizzes/paper_form.html", context, status=422 if form.errors else 200)


@page("quizzes.view")
def paper(request: HttpRequest, number: int) -> HttpResponse:
    return _paper(request, _found(request, number))


@page("quizzes.view")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """What the page shows, and not before it does; the sum stays out where it does there."""
    one, scope = _found(request, number), request.scope
    found = queries.results(scope, one) if queries.closed(one, scope.on) else []
    lines = [*found, queries.together(found, scope, one)] if found else []
    rows: list[list[sheets.Cell]] = [
        [each.organisation.name if each.organisation else "合计", each.takers, each.mean, each.passed, each.records]
        for each in lines
    ]
    about = f"{scope.unit}；{one.closes_on} 截止，{one.pass_percent}% 及格；不足 {queries.FEWEST} 人答卷的不显示"
    sheet = sheets.Sheet("测试结果", about, HEADINGS, rows, (36, 12, 16, 14, 16))
    return sheets.download(sheets.workbook(sheet), sheets.file_name(scope.unit, "测试结果", one.title, scope.on))


@page("quizzes.keep", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    rows = Paper.objects.within(request.scope).filter(withdrawn_on=None).select_related("organisation")
    one = get_object_or_404(rows, pk=number)
    form = WithdrawForm(request.POST)
    if carried_out(form, actions.withdraw, by=request.scope, paper=one):
        messages.success(request, "已撤回")
        return redirect("paper", number)
    return _paper(request, one, form)


@page("quizzes.view")
def questions(request: HttpRequest) -> HttpResponse:
    """`?topic=&q=&page=`"""
    scope, q = request.scope, query.text(request, "q")
    known = queries.topics(scope)
    topic = query.choice(request, "topic", [one for one, _ in known])
    shown, keeps = page_of(request, queries.questions(scope, topic, q)), scope.doing("quizzes.keep")
    context = {
        "page": shown, "rows": [(one, keeps.reaches(one.organisation.path)) for one in shown], "topic": topic,
        "topics": known, "q": q, "may_keep": scope.may("quizzes.keep"),
    }  # fmt: skip
    return htmx.page(request, "quizzes/questions.html", context, "rows")


@page("quizzes.keep", methods=FORM)
def question_new(request: HttpRequest) -> HttpResponse:
    return _question(request, None)


@page("quizzes.keep", methods=FORM)
def question(request: HttpRequest, number: int) -> HttpResponse:
    return _question(request, _own_question(request, number))


@page("quizzes.keep", methods=("POST",))
def retire(request: HttpRequest, number: int) -> HttpResponse:
    one = _own_question(request, number)
    if one.retired_on:
        raise Http404
    actions.retire(by=request.scope, question=one)
    messages.success(request, "已停用，出过的卷子不变")
    return redirect("questions")


@page("quizzes.keep", methods=FORM)
def pasted(request: HttpRequest) -> HttpResponse:
    """Questions copied from Excel; bad rows stay in the box with the heading row, named."""
    form = PasteForm(request.POST or None)
    context: dict[str, object] = {"form": form, "heads": paste.HEADS}
    if request.method == "POST" and form.is_valid():
        good, bad = paste.put_in(by=request.scope, text=form.cleaned_data["rows"])
        context |= {"good": good, "bad": bad, "done": True}
        if not bad:
            messages.success(request, f"{good} 道题已进题库")
            return redirect("questions")
        return htmx.page(request, "quizzes/paste.html", context | {"form": _left(form, bad)}, status=422)
    return htmx.page(request, "quizzes/paste.html", context, status=422 if form.errors else 200)


def _left(form: PasteForm, bad: list[paste.Bad]) -> PasteForm:
    """The rows that did not go in, under their heading."""
    rows = form.cleaned_data["rows"].replace("\r\n", "\n").split("\n")
    told = {one.line for one in bad}
    kept = [row for row in rows[1:] if not told or row[:60] in told or "" in told]
    return PasteForm(initial={"rows": "\n".join([rows[0], *kept])})


def _question(request: HttpRequest, one: Question | None) -> HttpResponse:
    form = QuestionForm(request.POST or None, initial=started(one) if one else {})
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: actions.keep_question(by=request.scope, question=one, fields=form.cleaned_data)):
        messages.success(request, "已进题库")
        return redirect("questions")
    context = {"form": form, "one": one}
    return htmx.page(request, "quizzes/question.html", context, status=422 if form.errors else 200)


def _own_question(request: HttpRequest, number: int) -> Question:
    rows = Question.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def _found(request: HttpRequest, number: int) -> Paper:
    return get_object_or_404(queries.papers(request.scope), pk=number)


def _paper(request: HttpRequest, one: Paper, form: WithdrawForm | None = None) -> HttpResponse:
    scope, over = request.scope, queries.closed(one, request.scope.on)
    rows = queries.results(scope, one) if over else []
    context = {
        "one": one, "over": over, "page": page_of(request, rows), "any": bool(rows), "fewest": queries.FEWEST,
        "whole": queries.together(rows, scope, one) if rows else None, "open": one.is_open(scope.on), "form": form,
        "silent": queries.silent(scope, one, rows) if rows else 0,
        "items": queries.items(one) if scope.may_at("quizzes.keep", one.organisation.path) else [],
        "keeps": scope.may_at("quizzes.keep", one.organisation.path) and one.withdrawn_on is None,
        "withdraw_form": form or WithdrawForm(),
    }  # fmt: skip
    return htmx.page(request, "quizzes/paper.html", context, status=422 if form else 200)
