"""/funds/ the year's table, and the card of one organisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.funds import actions, queries
from zhibu.web.funds.forms import FORMS, RateForm, RemoveForm
from zhibu.web.funds.models import FundKind, Rate
from zhibu.web.organisations.models import Organisation

BOTH = ("GET", "HEAD", "POST")


def _place(request: HttpRequest, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), code=code)


def _asked(request: HttpRequest) -> tuple[int, str]:
    asked, today = request.GET.get("year", ""), request.scope.on
    plain = asked.isascii() and asked.isdigit() and len(asked) == 4 and 2000 <= int(asked) <= today.year + 1
    return int(asked) if plain else today.year, query.choice(request, "want", queries.WANTS)


@page("funds.view")
def funds(request: HttpRequest) -> HttpResponse:
    """`?year=&want=short|late|unbudgeted|placeless`"""
    scope, (year, want) = request.scope, _asked(request)
    rows = queries.table(scope, year)
    counts = [(key, word, sum(key in row.wants for row in rows)) for key, word in queries.WANTS.items()]
    context = {
        "year": year, "before": year - 1, "want": want, "word": queries.WANTS.get(want, ""), "counts": counts,
        "rows": [row for row in rows if not want or want in row.wants], "all": len(rows),
        "unit": scope.unit,
        "home": Organisation.objects.within(scope).filter(pk=scope.organisation_id).first(),
        "may_rate": scope.may("funds.rate"), "may_export": scope.may("funds.export"),
    }  # fmt: skip
    return htmx.page(request, "funds/funds.html", context)


@page("funds.export")
def export(request: HttpRequest) -> HttpResponse:
    year, want = _asked(request)
    unit = request.scope.unit
    content = actions.export(by=request.scope, year=year, want=want, unit=unit)
    return sheets.download(content, sheets.file_name(unit, "经费和阵地", str(year), request.scope.on))


@page("funds.view")
def card(request: HttpRequest, code: str) -> HttpResponse:
    here, scope = _place(request, code), request.scope
    context = {
        "here": here, **queries.card(scope, here), "may_keep": scope.may_at("funds.keep", here.path),
        "books": [(book, word) for book, (word, _) in FORMS.items()],
    }  # fmt: skip
    return htmx.page(request, "funds/card.html", context)


@page("funds.keep", methods=BOTH)
def add(request: HttpRequest, code: str, book: str) -> HttpResponse:
    here = _place(request, code)
    if book not in FORMS:
        raise Http404
    word, kind = FORMS[book]
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, actions.add, by=request.scope, organisation=here, book=book):
        messages.success(request, f"已登记{word}")
        return redirect("funds-card", here.code)
    context = {"here": here, "form": form, "word": word}
    return htmx.page(request, "funds/add.html", context, status=422 if form.errors else 200)


@page("funds.keep", methods=("POST",))
def remove(request: HttpRequest, code: str, book: str, number: int) -> HttpResponse:
    here, form = _place(request, code), RemoveForm(request.POST)
    if book not in FORMS:
        raise Http404
    rows: Any = actions.BOOKS[book]._default_manager
    if not rows.within(request.scope).filter(pk=number, organisation=here).exists():
        raise Http404
    if carried_out(form, actions.remove, by=request.scope, book=book, number=number):
        messages.success(request, "已删去")
    else:
        messages.error(request, "写明为什么删去")
    return redirect("funds-card", here.code)


@page("funds.rate", methods=BOTH)
def rate(request: HttpRequest, code: str) -> HttpResponse:
    here, scope = _place(request, code), request.scope
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, actions.set_rate, by=scope, organisation=here):
        messages.success(request, "已登记比例")
        return redirect("funds-rate", here.code)
    now = [(word, queries.rate(here.path, kind, scope.on.year)) for kind, word in FundKind.choices]
    rows = Rate.objects.within(scope).filter(organisation=here).order_by("kind", "-year")
    context = {"here": here, "form": form, "now": now, "rows": rows}
    return htmx.page(request, "funds/rate.html", context, status=422 if form.errors else 200)
