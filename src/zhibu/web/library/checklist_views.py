"""对照检查: a committee asks units about clauses; each answers its own; a table shows where they stand."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import tried
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.library import actions, queries
from zhibu.web.library.forms import AnswerForm, AskForm
from zhibu.web.library.models import Checklist


@page("library.ask")
def checklists(request: HttpRequest) -> HttpResponse:
    context = {"page": page_of(request, queries.checklists(request.scope)), "today": request.scope.on}
    return htmx.page(request, "library/checklists.html", context)


@page("library.ask", methods=("GET", "HEAD", "POST"))
def ask(request: HttpRequest, number: int) -> HttpResponse:
    if (found := queries.document(request.scope, number)) is None:
        raise Http404
    form, weight = AskForm(request.POST or None, scope=request.scope, document=found), None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = [one.pk for one in told["clauses"]]
        units = [one.code for one in told["units"]]
        weight = weigh(form, request.scope, told["units"], ends_on=told["due_on"])
        given = {"clauses": chosen, "units": units, "due_on": told["due_on"], "minutes": told["minutes"]}
        asking = partial(actions.ask, by=request.scope, document=found, **given)
        if weight is None and (sent := tried(form, asking)):
            messages.success(request, "已发出")
            return redirect("checklist", sent.pk)
    context = {"one": found, "form": form, "weight": weight}
    return htmx.page(request, "library/ask.html", context, status=422 if form.errors else 200)


@page("library.ask")
def checklist(request: HttpRequest, number: int) -> HttpResponse:
    sent = _sent(request, number)
    table = queries.table(request.scope, sent, request.scope.on)
    return htmx.page(request, "library/checklist.html", {"one": sent, "table": table, "today": request.scope.on})


@page("library.ask")
def export(request: HttpRequest, number: int) -> HttpResponse:
    sent = _sent(request, number)
    table = queries.table(request.scope, sent, request.scope.on)
    title = f"对照检查：{sent.document.title}"
    filters = f"{sent.asked_on} 发出，{sent.due_on} 前答复；已落实 {table.done} / {table.total}"
    rows = [[line.unit.name, *(cell.words for cell in line.cells)] for line in table.lines]
    headings = ["单位", *(one.number for one in table.clauses)]
    sheet = sheets.Sheet(title, filters, headings, rows, [30, *(24 for _ in table.clauses)])
    name = sheets.file_name(sent.organisation.name, "对照检查", sent.document.title[:30], request.scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("library.ask", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    sent = _sent(request, number)
    try:
        actions.close(by=request.scope, checklist=sent)
    except Unfit as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "已结束，不再收答复")
    return redirect("checklist", sent.pk)


@page("library.answer")
def asked(request: HttpRequest) -> HttpResponse:
    rows = list(queries.to_answer(request.scope)[:300])
    return htmx.page(request, "library/asked.html", {"rows": rows, "today": request.scope.on})


@page("library.answer", methods=("GET", "HEAD", "POST"))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(queries.to_answer(request.scope), pk=number)
    initial = {"sentence": one.sentence, "record": one.record.number if one.record else "", "state": one.state}
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(by=request.scope, answer=one, **form.cleaned_data)
        except Unfit as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, f"已答复{one.clause.number}")
            return redirect("library-asked")
    context = {"one": one, "form": form}
    return htmx.page(request, "library/answer.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, number: int) -> Checklist:
    return get_object_or_404(queries.checklists(request.scope), pk=number)
