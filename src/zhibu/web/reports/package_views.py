"""/reports/<n>/tasks/: the tasks a conference issues."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out
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
    if request.method == "POST" and carried_out(form, package.send_out, by=scope, report=one):
        messages.success(request, "已部署。各单位在任务里办理，进展列在报告下面")
        return redirect("report", number)
    context = {"form": form, "one": one, "meeting": package.conference(scope, one)}
    return htmx.page(request, "reports/package.html", context, status=422 if form.errors else 200)
