"""/reports/<n>/units/: asking subordinates for their half-year reports, and how far they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.reports import actions, queries
from zhibu.web.reports.forms import AskForm, SpareForm
from zhibu.web.reports.models import Report
from zhibu.web.reports.views import FORM, kept


@page("reports.keep", methods=FORM)
def units(request: HttpRequest, number: int) -> HttpResponse:
    """Each gets a draft of the same days with its own figures in it, on its 本月任务."""
    scope, one = request.scope, kept(request, number)
    if one.kind != Report.Kind.HALF or not one.draft:
        raise Http404
    rows = queries.to_ask(scope, one)
    form, weight = AskForm(request.POST or None, units=rows, initial={"units": list(rows)}), None
    if request.method == "POST" and form.is_valid():
        weight = weigh(form, scope, form.cleaned_data["units"])
        if weight is None and tried(form, lambda: actions.ask(by=scope, report=one, **form.facts)):
            messages.success(request, "已请各单位起草，列在他们的本月任务里")
            return redirect("report", number)
    context = {"form": form, "one": one, "any": rows.exists(), "weight": weight}
    return htmx.page(request, "reports/units.html", context, status=422 if form.errors else 200)


@page("reports.keep", methods=FORM)
def spare(request: HttpRequest, number: int) -> HttpResponse:
    """Those who were asked need not write theirs any more."""
    scope, one = request.scope, kept(request, number)
    form = SpareForm(request.POST or None, units=queries.units(scope, one).filter(kept_on=None, withdrawn_on=None))
    if request.method == "POST" and carried_out(form, actions.spare, by=scope, report=one):
        messages.success(request, "已撤回，不再列在他们的本月任务里")
        return redirect("report", number)
    context = {"form": form, "title": "不用各单位写了", "back": "report", "number": number,
               "lead": "已经定稿的照旧。写了一半的草稿作废，还可以查看", "word": "撤回要求"}  # fmt: skip
    return htmx.page(request, "reports/reason.html", context, status=422 if form.errors else 200)
