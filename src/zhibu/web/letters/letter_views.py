"""/letters/<n>/clauses/<n>/…: one clause of a letter, broken down into tasks, altered; and the signed paper's files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.files import adding
from zhibu.web.files import queries as kept
from zhibu.web.files.answer import answer
from zhibu.web.letters import altering, attaching, breaking, wording
from zhibu.web.letters import forms as asks
from zhibu.web.letters.fulfilment import fulfilment, rule_titles
from zhibu.web.letters.models import Letter
from zhibu.web.letters.people import people
from zhibu.web.letters.tree import leaves
from zhibu.web.letters.views import found, side

FORM = ("GET", "HEAD", "POST")


@page("letters.view")
def clause(request: HttpRequest, number: int, clause: int) -> HttpResponse:
    """How far it is and by what arithmetic, the tasks below it, the words it had before."""
    return _clause(request, found(request, number), clause)


def _clause(request: HttpRequest, one: Letter, pk: int, **more: Any) -> HttpResponse:
    scope = request.scope
    section, line = _line(one, pk)
    issuer, mine = (scope.organisation_id == each for each in (one.organisation_id, one.unit_id))
    who = people(scope, one)
    tree = leaves(one, pk)
    context = {
        "one": one, "part": section.block, "line": line, "how": fulfilment(scope, one, [line])[pk],
        "rules": rule_titles(line.clause.rules), "leaves": tree, "lacking": sum(bool(each.lacks) for each in tree),
        "opens_tasks": scope.may_at("tasks.view", one.unit.path),
        "opens_document": scope.may("library.view"), "who": who.words(line.clause.tier),
        "tiers": [(word, who.words(tier)) for word, tier in
                  (("第一责任人", section.block.first), ("直接责任人", section.block.direct)) if tier],
        "may_break": mine and one.signed and not line.dropped and scope.may("letters.report")
        and scope.may("tasks.issue"),
        "may_amend": issuer and one.signed and scope.may("letters.keep"), "today": scope.on,
        "undo": asks.ReasonForm(),
    } | more  # fmt: skip
    return htmx.page(request, "letters/clause.html", context, status=422 if "wrong" in more else 200)


@page("letters.report", methods=FORM)
def break_down(request: HttpRequest, number: int, clause: int) -> HttpResponse:
    one = side(request, number, "unit")
    section, line = _line(one, clause)
    first = {"title": line.text[:200], "unit": one.unit.name, "measure": line.measure, "due_on": line.due_on}
    scope = request.scope.doing("tasks.issue")
    form = asks.BreakForm(request.POST or None, scope=scope, initial=first)
    if request.method == "POST" and carried_out(form, breaking.break_down, by=request.scope, letter=one, clause=clause):
        messages.success(request, "已交办，列在承办单位的待办里")
        return redirect("letter-clause", number, clause)
    context = {"form": form, "one": one, "line": line, "part": section.block}
    return htmx.page(request, "letters/break.html", context, status=422 if form.errors else 200)


@page("letters.keep", methods=FORM)
def amend(request: HttpRequest, number: int, clause: int) -> HttpResponse:
    one = side(request, number, "organisation")
    section, line = _line(one, clause)
    first = {
        "text": line.text, "measure": line.measure, "points": line.points, "due_on": line.due_on,
        "dropped": line.dropped, "on": request.scope.on,
    }  # fmt: skip
    form = asks.AmendForm(request.POST or None, initial=first)
    if request.method == "POST" and carried_out(form, altering.amend, by=request.scope, letter=one, clause=clause):
        messages.success(request, "已修改，原来的文字留着")
        return redirect("letter-clause", number, clause)
    context = {"form": form, "one": one, "line": line, "part": section.block}
    return htmx.page(request, "letters/amend.html", context, status=422 if form.errors else 200)


@page("letters.keep", methods=("POST",))
def amend_undo(request: HttpRequest, number: int, amendment: int) -> HttpResponse:
    one, form = side(request, number, "organisation"), asks.ReasonForm(request.POST)
    made = get_object_or_404(one.amendments.within(request.scope), pk=amendment)
    if carried_out(form, altering.take_back, by=request.scope, letter=one, amendment=made):
        messages.success(request, "已撤销这次修改")
        return redirect("letter-clause", number, made.clause_id)
    return _clause(request, one, made.clause_id, wrong=form, undo=form)


@page("letters.sign", methods=FORM, uploads="attachments")
def files(request: HttpRequest, number: int) -> HttpResponse:
    one = side(request, number, "organisation")
    if request.method != "POST":
        return _files(request, one)
    refused = adding.taken(request, lambda file: attaching.attach(by=request.scope, letter=one, upload=file))
    return _files(request, one, refused) if refused else redirect("letter", number)


@page("letters.view")
def file(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    return answer(adding.found(found(request, number), key))


@page("letters.sign", methods=("POST",))
def remove(request: HttpRequest, number: int, key: str) -> HttpResponse:
    one = side(request, number, "organisation")
    there, form = adding.found(one, key), asks.NoForm(request.POST)
    tried(form, lambda: attaching.detach(by=request.scope, letter=one, attachment=there))
    for words in form.non_field_errors():
        messages.error(request, words)
    return redirect("letter-files", number)


def _files(request: HttpRequest, one: Letter, refused: list[str] | None = None) -> HttpResponse:
    context = {"form": adding.FilesForm(refused or ()), "one": one, "files": kept.attachments(one)}
    return htmx.page(request, "letters/files.html", context, status=422 if refused else 200)


def _line(one: Letter, pk: int) -> tuple[wording.Section, wording.Line]:
    if (told := wording.line_of(one, pk)) is None:
        raise Http404
    return told
