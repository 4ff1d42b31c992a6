"""/quizzes/me/ a member's own papers: to sit, and what came of it. For nobody else."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.members.about_me import own_row
from zhibu.web.quizzes import actions, marking, queries


@page("quizzes.take")
def mine(request: HttpRequest) -> HttpResponse:
    one, on = own_row(request.scope.user_id), request.scope.on
    context: dict[str, object] = {"one": one}
    if one:
        done = {row.paper_id: row for row in queries.sittings(one)}
        open_ = queries.binding(one).filter(opens_on__lte=on, closes_on__gte=on)
        context |= {"open": [each for each in open_ if each.pk not in done], "done": list(done.values())}
    return htmx.page(request, "quizzes/mine.html", context)


@page("quizzes.take", methods=("GET", "HEAD", "POST"))
def sit(request: HttpRequest, number: int) -> HttpResponse:
    """The paper in the reader's own order; after it was handed in, the answers with explanation and source."""
    member, form = own_row(request.scope.user_id), forms.Form(request.POST or None)
    if member is None:
        raise Http404
    if found := queries.sittings(member).filter(paper__pk=number).first():
        rows = marking.own(found, queries.items(found.paper))
        return htmx.page(request, "quizzes/result.html", {"sitting": found, "rows": rows})
    paper = queries.binding(member).filter(pk=number).first()
    if paper is None or not paper.is_open(request.scope.on):
        raise Http404
    asked = queries.items(paper)
    answers = _answers(request, asked) if request.method == "POST" else None
    rows = marking.in_order(asked, paper.seed, member.pk, answers)
    if answers is not None:
        empty = sum(not one.taken for one in rows)
        if empty and "as_is" not in request.POST:
            form.add_error(None, f"还有 {empty} 题没有答。不答的算错；就这样交，勾最后的“没有答的不答了”")
        if form.is_valid() and tried(form, lambda: actions.hand_in(by=request.scope, paper=paper, answers=answers)):
            messages.success(request, "已交卷")
            return redirect("paper-sit", number)
    context = {"paper": paper, "rows": rows, "form": form, "open": [one for one in rows if not one.taken]}
    return htmx.page(request, "quizzes/sit.html", context, status=422 if form.errors else 200)


def _answers(request: HttpRequest, asked: list[marking.PaperItem]) -> dict[str, list[int]]:
    """Of each question the places ticked that it has; of a single one the first."""
    found = {}
    for item in asked:
        told = {int(one) for one in request.POST.getlist(f"q{item.pk}") if one in "0123456789" and len(one) == 1}
        taken = sorted(one for one in told if one < len(item.question.options))
        found[str(item.pk)] = taken if item.question.kind == "multiple" else taken[:1]
    return found
