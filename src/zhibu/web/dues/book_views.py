"""The year's ledger, its workbook, receipts, and the account to the members."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.dues import book, places, queries
from zhibu.web.dues.account import account as account_of


@page("dues.members")
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """`?year=`"""
    here, year = places.place(request, code), places.year(request, request.scope.on)
    context = {"here": here, "year": year, "before": year - 1, "rows": book.rows(request.scope, here, year)}
    context["numbers"] = range(1, 13)
    context["may_export"] = request.scope.may_at("dues.export", here.path)
    return htmx.page(request, "dues/ledger.html", context)


@page("dues.export")
def export(request: HttpRequest, code: str) -> HttpResponse:
    here, year = places.place(request, code), places.year(request, request.scope.on)
    content = book.export(by=request.scope, branch=here, year=year)
    return sheets.download(content, sheets.file_name(here.name, "党费台账", str(year), request.scope.on))


@page("dues.members")
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    rows = queries.payments(request.scope).filter(receipt=number[:40]).order_by("month", "pk")
    found = list(rows.select_related("member", "organisation", "collected_by"))
    if not found:
        raise Http404
    valid = [one for one in found if one.voided_on is None]
    context = {"number": found[0].receipt, "rows": found, "first": found[0], "total": sum(one.amount for one in valid)}
    return htmx.page(request, "dues/receipt.html", context)


@page("dues.account")
def account(request: HttpRequest, code: str) -> HttpResponse:
    """`?year=`"""
    here, year = places.place(request, code), places.year(request, request.scope.on)
    context = {"here": here, "told": account_of(request.scope, here, year), "before": year - 1}
    return htmx.page(request, "dues/account.html", context)
