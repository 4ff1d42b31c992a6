"""Kinds, the contact of a concern, and visits to points."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.concerns import exports, kinds, queries, visiting
from zhibu.web.concerns.forms import KindForm, ReasonForm, VisitForm, WithdrawForm
from zhibu.web.concerns.models import Concern, ConcernKind, PointKind, PointVisit
from zhibu.web.concerns.views import FORM
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.members import masks
from zhibu.web.organisations import finding


@page("concerns.kinds", methods=FORM)
def all_kinds(request: HttpRequest) -> HttpResponse:
    scope, here = request.scope, finding.own(request.scope)
    if here is None:
        raise Http404
    form = KindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, kinds.set_, by=scope):
        messages.success(request, "已登记，受理时可以选")
        return redirect("concern-kinds")
    context = {"form": form, "here": here, "kinds": queries.kinds(here).select_related("organisation")}
    return htmx.page(request, "concerns/kinds.html", context, status=422 if form.errors else 200)


@page("concerns.kinds", methods=("POST",))
def end_kind(request: HttpRequest, number: int) -> HttpResponse:
    rows = ConcernKind.objects.within(request.scope).filter(ended_on=None, organisation=request.scope.organisation_id)
    kind = get_object_or_404(rows, pk=number)
    kinds.end(by=request.scope, kind=kind)
    messages.success(request, f"已停用 {kind.name}")
    return redirect("concern-kinds")


@page("concerns.unmask", methods=FORM)
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """GET asks why; POST shows the contact in its answer, once."""
    one = queries.mine(request.scope).filter(pk=number).first()
    if one is None or not one.contact_sealed:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "one": one, "contact": masks.shown(one, "contact", masks.phone)}
    if request.method != "POST" or not form.is_valid():
        return htmx.page(request, "concerns/contact.html", context, status=422 if form.errors else 200)
    try:
        opened, refused = kinds.unmask(by=request.scope, concern=one, reason=form.cleaned_data["reason"])
    except CryptoError as error:
        return htmx.page(request, "concerns/contact.html", context | {"trouble": str(error)}, status=409)
    context |= {"opened": opened, "refused": refused}
    return htmx.page(request, "concerns/contact.html", context, status=429 if refused else 200)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    good = asked.isascii() and asked.isdecimal() and len(asked) == 4 and asked >= "2000"
    return int(asked) if good else request.scope.on.year


@page("concerns.view")
def visits(request: HttpRequest) -> HttpResponse:
    """`?year=&kind=&page=` 到联系点."""
    scope, year, kind = request.scope, _year(request), query.choice(request, "kind", PointKind.values)
    months = visiting.months(scope, year)
    context = {
        "year": year, "before": year - 1, "kind": kind, "kinds": PointKind.choices, "months": months[:-1],
        "whole": months[-1], "page": page_of(request, visiting.visits(scope, year, kind)), "unit": request.scope.unit,
        "may_visit": scope.may("concerns.visit"), "may_export": scope.may("concerns.export"),
    }  # fmt: skip
    return htmx.page(request, "concerns/visits.html", context, "rows")


@page("concerns.export")
def visits_export(request: HttpRequest) -> HttpResponse:
    year, kind = _year(request), query.choice(request, "kind", PointKind.values)
    content = exports.visits(by=request.scope, year=year, kind=kind, unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "到联系点", str(year), request.scope.on))


@page("concerns.visit", methods=FORM)
def visit_new(request: HttpRequest) -> HttpResponse:
    form = VisitForm(request.POST or None, initial={"visited_on": request.scope.on})
    if request.method == "POST" and carried_out(form, visiting.note, by=request.scope):
        many = len(form.cleaned_data["problems"])
        messages.success(request, f"已登记，{many} 个问题列在反映事项里，接着办理或交办" if many else "已登记")
        return redirect("visits")
    return htmx.page(request, "concerns/visit_new.html", {"form": form}, status=422 if form.errors else 200)


@page("concerns.view")
def visit(request: HttpRequest, number: int) -> HttpResponse:
    return _visit(request, number)


@page("concerns.visit", methods=("POST",))
def visit_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    form = WithdrawForm(request.POST)
    rows = PointVisit.objects.within(request.scope).filter(organisation=request.scope.organisation_id)
    one = get_object_or_404(rows, pk=number)
    if carried_out(form, visiting.withdraw, by=request.scope, visit=one):
        messages.success(request, "已撤回")
        return redirect("visits")
    return _visit(request, number, form)


def _visit(request: HttpRequest, number: int, form: WithdrawForm | None = None) -> HttpResponse:
    scope = request.scope
    rows = PointVisit.objects.within(scope.doing("concerns.view")).select_related("organisation")
    one = get_object_or_404(rows, pk=number)
    found = Concern.objects.within(scope.doing("concerns.view")).filter(visit=one).order_by("pk")
    own = one.organisation_id == scope.organisation_id and scope.may("concerns.visit") and not one.withdrawn_on
    context = {
        "one": one, "found": [(each, each.status(scope.on)) for each in found],
        "form": form or (WithdrawForm() if own else None), "wrong": form is not None,
    }  # fmt: skip
    return htmx.page(request, "concerns/visit.html", context, status=422 if form else 200)
