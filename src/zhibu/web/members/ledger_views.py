"""The registers of `ledgers.py`, each at an address of its own with its workbook: `?org=&on=&state=&page=`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import View, page, refuse
from zhibu.web.core.paging import page_of
from zhibu.web.members import ledgers
from zhibu.web.members.ledgers import REGISTERS, Asked, Table
from zhibu.web.members.models import MemberRole, Transfer
from zhibu.web.members.views import asked_of, unit_of
from zhibu.web.organisations.models import Organisation

STATES = (*Transfer.State.values, *MemberRole.Kind.values)


def ledger(which: str, needs: str = "members.view") -> View:
    @page(needs)
    def view(request: HttpRequest) -> HttpResponse:
        asked, table, unit = _table(request, which)
        rows = page_of(request, list(zip(table.rows, table.links, strict=True)))
        context = {
            "table": table,
            "page": rows,
            "rows": [(link, list(zip(table.headings, row, strict=True))) for row, link in rows],
            "asked": asked,
            "day": asked.on or request.scope.on,
            "unit": unit,
            "export": reverse(f"{which}-export") if request.scope.may("members.export") else "",
        }
        return htmx.page(request, "members/ledger.html", context)

    return view


def download(which: str, needs: str = "members.view") -> View:
    @page("members.export")
    def view(request: HttpRequest) -> HttpResponse:
        scope = request.scope
        if not scope.may(needs):
            return refuse(request, needs)
        asked, table, unit = _table(request, which)
        place = asked.area or Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
        content = ledgers.export(by=scope, table=table, unit=unit, place=place)
        return sheets.download(content, sheets.file_name(unit, table.title, "", scope.on))

    return view


def _table(request: HttpRequest, which: str) -> tuple[Asked, Table, str]:
    chosen = asked_of(request)
    asked = Asked(chosen.area, query.day(request, "on"), query.choice(request, "state", STATES))
    return asked, REGISTERS[which](request.scope, asked), unit_of(request, chosen)
