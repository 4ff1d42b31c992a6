"""/parties/ 齐抓共管: what falls to the own body, the table of all rules, one rule's four parties."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation
from zhibu.web.parties import actions, queries
from zhibu.web.parties.forms import DivisionForm
from zhibu.web.parties.models import Part
from zhibu.web.regulations.queries import rules_by_name


@page("parties.view")
def parties(request: HttpRequest) -> HttpResponse:
    here = _own(request)
    lists = queries.worklist(request.scope, here)
    context = {"here": here, "lists": lists, "year": request.scope.on.year, "may_keep": _keeps(request)}
    return htmx.page(request, "parties/parties.html", context)


@page("parties.view")
def table(request: HttpRequest) -> HttpResponse:
    rows = list(queries.divisions(_own(request)).values())
    context = {
        "rows": rows,
        "open": sum(not row.parts for row in rows),
        "parts": [part.label for part in Part],
        "may_keep": _keeps(request),
    }
    return htmx.page(request, "parties/table.html", context)


@page("parties.view")
def export(request: HttpRequest) -> HttpResponse:
    here = _own(request)
    rows: list[list[sheets.Cell]] = [
        [one.rule.title, one.rule.source, *(words for _, words in one.told), one.by, one.document]
        for one in queries.divisions(here).values()
    ]
    headings = ["事项", "依据", *(part.label for part in Part), "由谁规定", "依据文件"]
    sheet = sheets.Sheet("齐抓共管分工表", "全部事项", headings, rows, [28, 32, 20, 24, 20, 30, 24, 30])
    name = sheets.file_name(here.name, "齐抓共管分工表", "", request.scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("parties.keep", methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, rulebook: str, rule: str) -> HttpResponse:
    here = _own(request)
    one = queries.division(here, rules_by_name().get((rulebook, rule)))
    if one is None:
        raise Http404
    form = DivisionForm(request.POST or None, initial={**one.parts, "document": one.document})
    if request.method == "POST" and form.is_valid():
        told = {"rulebook": rulebook, "rule": rule, "document": form.cleaned_data["document"]}
        if tried(form, lambda: actions.divide(by=request.scope, parts=form.parts, **told)):
            messages.success(request, f"已规定分工：{one.rule.title}")
            return redirect("parties-table")
    return htmx.page(request, "parties/edit.html", {"one": one, "form": form}, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> Organisation:
    if (here := finding.own(request.scope)) is None:
        raise Http404
    return here


def _keeps(request: HttpRequest) -> bool:
    return request.scope.may("parties.keep")
