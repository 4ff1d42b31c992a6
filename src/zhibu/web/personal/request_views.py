"""/personal/requests/ 个人信息请求: what waits for an answer, and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.personal import answering, configuration, queries, standings
from zhibu.web.personal.forms import AnswerForm, LiftForm


@page("requests.view")
def requests(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    context = {
        "waiting": [(one, queries.days_left(one, scope.on)) for one in queries.waiting(scope)[:200]],
        "page": page_of(request, queries.answered(scope), 20),
        "restricted": queries.restricted(scope)[:200],
        "today": scope.on,
    }
    return htmx.page(request, "personal/requests.html", context)


@page("requests.answer", methods=("GET", "HEAD", "POST"))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    scope = request.scope
    here = Organisation.objects.within(scope)
    found = get_object_or_404(queries.waiting(scope), pk=number, organisation__in=here)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _answered(request, found, form)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已答复：{done.get_state_display()}")
            return redirect("requests")
    context = {
        "form": form, "one": found, "wanted": queries.wanted(found), "days": queries.days_left(found, scope.on),
        "cannot": answering.why_not_answer(scope, found), "cannot_accept": answering.why_not_accept(scope, found),
        "refusals": list(configuration.refusals().values()), "grades": configuration.GRADES,
    }  # fmt: skip
    return htmx.page(request, "personal/answer.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, found: queries.Request, form: AnswerForm) -> queries.Request:
    if form.cleaned_data["decision"] == "accept":
        return answering.accept(by=request.scope, request=found, reason=form.cleaned_data["reason"].strip())
    return answering.refuse(by=request.scope, request=found, template=form.cleaned_data["template"], reason=form.said)


@page("members.restrict", methods=("GET", "HEAD", "POST"))
def lift(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(queries.restricted(request.scope), pk=number)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            standings.lift(by=request.scope, standing=found, reason=form.cleaned_data["reason"])
            messages.success(request, "已恢复处理，名册里又能看到")
        except NotAllowed as error:
            messages.warning(request, str(error))
        return redirect("requests")
    return htmx.page(request, "personal/lift.html", {"form": form, "one": found}, status=422 if form.errors else 200)
