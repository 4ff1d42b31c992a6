"""/reports/targets/ 年度目标 of the own organisation: set, told at mid-year, set again, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.reports import queries
from zhibu.web.reports import target_actions as actions
from zhibu.web.reports.forms import AgainForm, ReasonForm, TargetForm
from zhibu.web.reports.models import YearTarget
from zhibu.web.reports.views import FORM


@page("reports.view")
def targets(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    scope = request.scope
    years = {str(year): year for year in range(scope.on.year + 1, scope.on.year - 3, -1)}
    year = years[asked.choice(request, "year", years) or str(scope.on.year)]
    context = {
        "rows": queries.targets(scope, year), "year": year, "years": years.values(),
        "may_keep": scope.may("reports.keep"),
    }  # fmt: skip
    return htmx.page(request, "reports/targets.html", context)


@page("reports.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = TargetForm(request.POST or None, initial={"year": request.scope.on.year})
    if request.method == "POST" and carried_out(form, actions.aim, by=request.scope):
        messages.success(request, "已登记")
        return redirect("report-targets")
    context = {"form": form, "title": "登记年度目标", "lead": "年中可以调整，年初的数字留着对照"}
    return htmx.page(request, "reports/target.html", context, status=422 if form.errors else 200)


@page("reports.keep", methods=FORM)
def again(request: HttpRequest, number: int) -> HttpResponse:
    one = _own(request, number)
    start = {"done": one.done, "again": one.again, "why": one.why}
    form = AgainForm(request.POST or None, initial=start)
    if request.method == "POST" and carried_out(form, actions.aim_again, by=request.scope, target=one):
        messages.success(request, "已登记")
        return redirect("report-targets")
    context = {"form": form, "title": one.name, "one": one, "lead": f"{one.year} 年，年初目标 {one.first} {one.unit}"}
    return htmx.page(request, "reports/target.html", context, status=422 if form.errors else 200)


@page("reports.keep", methods=FORM)
def drop(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _own(request, number), ReasonForm(request.POST or None)
    if request.method == "POST" and carried_out(form, actions.drop, by=request.scope, target=one):
        messages.success(request, "已撤回")
        return redirect("report-targets")
    context = {"form": form, "title": f"撤回{one.name}", "back": "report-targets",
               "lead": "撤回以后还可以查看", "word": "撤回"}  # fmt: skip
    return htmx.page(request, "reports/reason.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, number: int) -> YearTarget:
    rows = YearTarget.objects.within(request.scope).filter(organisation=request.scope.organisation_id)
    return get_object_or_404(rows, pk=number, withdrawn_on=None)
