"""/learning/organs/ 学习型机关: set up, steps, acceptance."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.learning import actions
from zhibu.web.learning.forms import DecideForm, FinishForm, OrganForm
from zhibu.web.learning.models import LearningOrgan, OrganStep


@page("learning.view")
def organs(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    rows = (
        LearningOrgan.objects.within(scope).select_related("organisation").order_by("organisation__path", "-starts_on")
    )
    shown = page_of(request, rows)
    context = {
        "page": shown, "rows": [(one, *one.status(scope.on)) for one in shown], "all": rows.count(),
        "accepted": rows.exclude(accepted_on=None).count(), "may_keep": scope.may("learning.organs"),
    }  # fmt: skip
    return htmx.page(request, "learning/organs.html", context)


@page("learning.organs", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    form = OrganForm(request.POST or None, initial={"starts_on": request.scope.on})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        steps = told.pop("steps")
        if made := tried(form, lambda: actions.set_up(by=request.scope, fields=told, steps=steps)):
            messages.success(request, "已登记")
            return redirect("organ", made.pk)
    return htmx.page(request, "learning/organ_form.html", {"form": form}, status=422 if form.errors else 200)


@page("learning.view")
def organ(request: HttpRequest, number: int) -> HttpResponse:
    return _organ(request, _found(request, number))


@page("learning.organs", methods=("POST",))
def finish(request: HttpRequest, number: int, step: int) -> HttpResponse:
    one, form = _own(request, number), FinishForm(request.POST)
    row = get_object_or_404(OrganStep.objects.within(request.scope), programme=one, pk=step)
    if carried_out(form, actions.finish, by=request.scope, step=row):
        messages.success(request, "已登记")
        return redirect("organ", number)
    return _organ(request, one, form)


@page("learning.organs", methods=("POST",))
def apply(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _own(request, number), FinishForm({"done_on": request.scope.on, "result": "-"})
    if form.is_valid() and tried(form, lambda: actions.apply(by=request.scope, programme=one) or True):
        messages.success(request, "已申请验收，等上级意见")
        return redirect("organ", number)
    return _organ(request, one, form)


@page("learning.accept", methods=("POST",))
def decide(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _found(request, number), DecideForm(request.POST)
    accepted = request.POST.get("answer") == "yes"
    if carried_out(form, actions.decide, by=request.scope, programme=one, accepted=accepted):
        messages.success(request, "验收通过" if accepted else "已退回")
        return redirect("organ", number)
    return _organ(request, one, form)


def _found(request: HttpRequest, number: int) -> LearningOrgan:
    rows = LearningOrgan.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def _own(request: HttpRequest, number: int) -> LearningOrgan:
    one = _found(request, number)
    if one.organisation_id != request.scope.organisation_id:
        raise Http404
    return one


def _organ(request: HttpRequest, one: LearningOrgan, form: FinishForm | DecideForm | None = None) -> HttpResponse:
    scope = request.scope
    own = one.organisation_id == scope.organisation_id and scope.may("learning.organs")
    context = {
        "one": one, "steps": OrganStep.objects.within(scope).filter(programme=one), "status": one.status(scope.on),
        "works": own and not one.applied_on and not one.accepted_on, "wrong": form, "today": scope.on,
        "decides": scope.may_at("learning.accept", one.organisation.path) and one.applied_on and not one.accepted_on,
        "decide_form": form if isinstance(form, DecideForm) else DecideForm(),
    }  # fmt: skip
    return htmx.page(request, "learning/organ.html", context, status=422 if form else 200)
