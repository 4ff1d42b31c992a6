"""P08 党员名册 and its workbook."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.members import numbers, queries
from zhibu.web.members.actions import export
from zhibu.web.members.queries import KINDS, Asked
from zhibu.web.organisations.models import Organisation


@page("members.view")
def roster(request: HttpRequest) -> HttpResponse:
    """`?org=&q=&kind=full|probationary|floating&page=`"""
    scope, asked = request.scope, asked_of(request)
    rows = page_of(request, queries.roster(scope, asked))
    opens = scope.doing("members.unmask")
    members = [(member.pk, queries.shown(scope, member), opens.reaches(member.organisation.path)) for member in rows]
    context = {
        "asked": asked,
        "unit": unit_of(request, asked),
        "page": rows,
        "members": members,
        "trouble": next((one.trouble for _, one, _ in members if one.trouble), ""),
        "typed_number": numbers.is_number(asked.q),
        "counts": queries.counts(scope, asked.area),
        "kinds": KINDS,
        "may_export": scope.may("members.export"),
        "may_ask": scope.may("approvals.view"),
        "may_find": scope.may("members.find"),
        "may_answer": scope.may("requests.view"),
        "may_export_numbers": scope.may("members.export_numbers"),
        "may_admit": scope.may("members.admit"),
        "may_import": scope.may("imports.registers"),
        "one_branch": scope.role == "secretary",
    }
    return htmx.page(request, "members/roster.html", context)


@page("members.export")
def download(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    unit = unit_of(request, asked)
    content = export(by=request.scope, asked=asked, unit=unit)
    return sheets.download(content, sheets.file_name(unit, "党员名册", "", request.scope.on))


def asked_of(request: HttpRequest) -> Asked:
    code, area = request.GET.get("org", ""), None
    if code:
        area = None if len(code) > 20 or "\x00" in code else _found(request, code)
        if area is None:
            raise Http404
    return Asked(area=area, q=query.text(request, "q", 30), kind=query.choice(request, "kind", KINDS))


def _found(request: HttpRequest, code: str) -> Organisation | None:
    return Organisation.objects.within(request.scope).filter(code=code).first()


def unit_of(request: HttpRequest, asked: Asked) -> str:
    if asked.area:
        return asked.area.short_name or asked.area.name
    return request.scope.unit
