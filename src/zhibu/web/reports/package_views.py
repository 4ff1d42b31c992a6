"""/reports/<n>/tasks/: the tasks a conference issues."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.reports import package
from zhibu.web.reports.forms import PackageForm
from zhibu.web.reports.models import Report
from zhibu.web.reports.views import FORM, kept


@page("reports.keep", methods=FORM)
def send_out(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, kept(request, number)
    if one.kind != Report.Kind.CONFERENCE or not one.kept_on or one.withdrawn_on or not scope.may("tasks.issue"):
        raise Http404
    form = PackageForm(request.POST or None, scope=scope.doing("tasks.issue"))
    weight = None
    if request.method == "POST" and form.is_valid():
        told = form.facts
        weight = weigh(form, scope, told["units"], pieces=len(told["lines"]))
        if weight is None and tried(form, lambda: package.send_out(by=scope, report=one, **told)):
            messages.success(request, "已部署。各单位在任务里办理，进展列在报告下面")
            return redirect("report", number)
    context = {"form": form, "one": one, "weight": weight, "meeting": package.conference(scope, one)}
    return htmx.page(request, "reports/package.html", context, status=422 if form.errors else 200)
