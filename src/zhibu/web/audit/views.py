"""/audit/ 审计: what was done, by whom, as which post. For the auditor only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from zhibu.web.audit import explain, exports, queries, sealed
from zhibu.web.audit.models import Outcome
from zhibu.web.audit.queries import Asked
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of


@page("audit.view")
def audit(request: HttpRequest) -> HttpResponse:
    """`?since=&until=&person=&action=&named=&organisation=&text=&outcome=&post=&address=&thing=&page=`"""
    asked = _asked(request)
    context = {
        "asked": asked,
        "page": page_of(request, queries.search(request.scope, asked)),
        "actions": queries.known_actions(request.scope),
        "things": queries.known_things(request.scope),
        "outcomes": Outcome.choices,
        "whole": queries.of_everything(request.scope),
    }
    return htmx.page(request, "audit/audit.html", context)


@page("audit.view")
def line(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(queries.lines(request.scope).select_related("user"), pk=number)
    context = {
        "line": found,
        "changes": explain.changes(found),
        "sealed": sealed.sealed(found),
        "word": queries.word_of(found.thing),
        "whole": queries.of_everything(request.scope),
    }
    return htmx.page(request, "audit/line.html", context)


@page("audit.export")
def download(request: HttpRequest) -> HttpResponse:
    kind = query.choice(request, "kind", ("xlsx", "csv")) or "xlsx"
    content = exports.export(by=request.scope, asked=_asked(request), kind=kind)
    name = sheets.file_name(request.scope.unit, "审计记录", "", request.scope.on, kind)
    return sheets.download(content, name, "text/csv; charset=utf-8" if kind == "csv" else sheets.XLSX)


def _asked(request: HttpRequest) -> Asked:
    return Asked(
        since=query.day(request, "since"),
        until=query.day(request, "until"),
        person=query.text(request, "person", 40),
        action=query.text(request, "action", 60),
        named=query.text(request, "named", 60),
        organisation=query.text(request, "organisation"),
        text=query.text(request, "text"),
        outcome=query.choice(request, "outcome", Outcome.values),
        post=_number(query.text(request, "post", 18)),
        address=query.text(request, "address", 45),
        thing=query.text(request, "thing", 40),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
