"""/procedures/: the cases, grouped by who must act next; its workbook; beginning a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.engine.procedures.model import Procedure
from zhibu.web.audit.forms import tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import actions, exporting, queries
from zhibu.web.procedures.forms import OpenForm
from zhibu.web.procedures.library import binding
from zhibu.web.procedures.queries import GROUPS, Asked
from zhibu.web.procedures.track import newest


@page("procedures.view")
def show(request: HttpRequest) -> HttpResponse:
    """`?group=now|others|later|ended&procedure=&q=&page=`; without a group: what the own organisation must do."""
    scope, asked = request.scope, asked_of(request)
    counts = queries.counts(scope, asked)
    if "group" not in request.GET:
        asked = Asked(asked.procedure, next((one for one in GROUPS if counts[one]), "now"), asked.q)
    rows = page_of(request, queries.cases(scope, asked))
    context = {
        "asked": asked,
        "page": rows,
        "lines": queries.lines(scope, rows),
        "groups": [(word, title, counts[word]) for word, title in GROUPS.items()],
        "group": GROUPS[asked.group] if asked.group else "全部",
        "counts": counts,
        "any": any(counts.values()),
        "procedures": queries.procedures_of(scope),
        "unit": scope.unit,
        "own": scope.organisation_id,
        "may_open": scope.may("procedures.open"),
        "may_export": scope.may("procedures.export"),
    }
    return htmx.page(request, "procedures/cases.html", context)


@page("procedures.export")
def download(request: HttpRequest) -> HttpResponse:
    unit = request.scope.unit
    content = exporting.export(by=request.scope, asked=asked_of(request), unit=unit)
    return sheets.download(content, sheets.file_name(unit, "办理台账", "", request.scope.on))


@page("procedures.open", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Choose a procedure (`?procedure=`), then the form it asks for."""
    scope = request.scope
    here = get_object_or_404(Organisation.objects.within(scope), pk=scope.organisation_id)
    books, trouble = openable(here, request)
    book = books.get(request.GET.get("procedure", ""))
    context: dict[str, Any] = {
        "here": here,
        "books": sorted(books.values(), key=lambda one: one.title),
        "book": book,
        "trouble": trouble,
    }
    if book is None:
        return htmx.page(request, "procedures/new.html", context)
    form = OpenForm(request.POST or None, scope=scope, here=here, book=book, initial={"opened": scope.on})
    if request.method == "POST" and form.is_valid():
        case = tried(form, lambda: actions.open_case(by=scope, organisation=here, procedure=book.id, **form.told()))
        if case:
            messages.success(request, f"已开始办理，编号 {case.number}")
            return redirect("case", case.pk)
    return htmx.page(request, "procedures/new.html", context | {"form": form}, status=422 if form.errors else 200)


def openable(here: Organisation, request: HttpRequest) -> tuple[dict[str, Procedure], str]:
    """The version of each procedure in force today; older ones can still open a case written down later."""
    books, trouble = binding(here.path)
    return {key: newest(versions, request.scope.on) for key, versions in books.items()}, trouble


def asked_of(request: HttpRequest) -> Asked:
    return Asked(
        procedure=query.text(request, "procedure", 60),
        group=query.choice(request, "group", GROUPS),
        q=query.text(request, "q", 30),
    )
