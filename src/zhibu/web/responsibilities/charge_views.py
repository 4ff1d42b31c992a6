"""本单位的职责, and one charge: its progress, telling more, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.responsibilities import actions, queries, reporting
from zhibu.web.responsibilities.forms import ReportForm, WithdrawForm
from zhibu.web.responsibilities.models import Charge, Progress
from zhibu.web.responsibilities.status import standing

FORM = ("GET", "HEAD", "POST")
MOST = 300


@page("responsibilities.report")
def own(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """`number`: of one charter alone, whose progress was asked for."""
    scope, mine = request.scope, queries.own(request.scope)
    if number is not None and not (mine := mine.filter(item__charter__pk=number)).exists():
        raise Http404
    rows = queries.rows(scope, mine[:MOST], scope.on)
    still = [row for row in rows if row.charge.done_on is None]
    context = {
        "open": still, "done": [row for row in rows if row.charge.done_on], "silent": sum(row.silent for row in still),
        "late": sum(row.standing.status == "late" for row in still),
    }  # fmt: skip
    return htmx.page(request, "responsibilities/own.html", context)


@page("responsibilities.report", methods=FORM)
def charge(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, _charge(request, number)
    form = ReportForm(request.POST or None, initial={"happened_on": scope.on})
    if request.method == "POST" and carried_out(form, reporting.report, by=scope, charge=one):
        messages.success(request, "已报")
        return redirect("charge", number)
    return _shown(request, one, form, WithdrawForm())


def _shown(request: HttpRequest, one: Charge, form: ReportForm, withdraw: WithdrawForm) -> HttpResponse:
    scope, charter = request.scope.doing("responsibilities.report"), one.item.charter
    told = Progress.objects.within(scope).filter(charge=one).select_related("record", "paper")
    keeps = scope.may_at("responsibilities.keep", charter.organisation.path)
    views = scope.may_at("responsibilities.view", one.holder.organisation.path)
    context = {
        "one": one, "charter": charter, "standing": standing(one, charter, scope.on), "form": form,
        "withdraw": withdraw, "told": told, "keeps": keeps, "views": views,
        "open": one.withdrawn_on is None and not (charter.ends_on and charter.ends_on < scope.on),
    }  # fmt: skip
    faulty = form.errors or withdraw.errors
    return htmx.page(request, "responsibilities/charge.html", context, status=422 if faulty else 200)


@page("responsibilities.keep", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _charge(request, number), WithdrawForm(request.POST)
    if carried_out(form, actions.withdraw, by=request.scope, charge=one):
        messages.success(request, "已收回，报过的进展保留")
        return redirect("charge", number)
    return _shown(request, one, ReportForm(initial={"happened_on": request.scope.on}), form)


def _charge(request: HttpRequest, number: int) -> Charge:
    return get_object_or_404(queries.charges(request.scope), pk=number)
