"""/hints/rules/ what an office says about hints at its body and below: days, and texts that everybody quotes."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.hints import actions, queries, switch
from zhibu.web.hints.forms import DaysForm, ReferenceForm
from zhibu.web.hints.models import Hint


@page("hints.set", methods=("GET", "HEAD", "POST"))
def rules(request: HttpRequest) -> HttpResponse:
    """POST keeps the days."""
    if request.method != "POST":
        return _page(request)
    form = DaysForm(request.POST)
    if carried_out(form, actions.set_days, by=request.scope):
        messages.success(request, "已保存，以后录入的按这个天数")
        return redirect("hint-rules")
    return _page(request, days=form)


@page("hints.set", methods=("POST",))
def add(request: HttpRequest) -> HttpResponse:
    form = ReferenceForm(request.POST)
    if carried_out(form, actions.add_reference, by=request.scope):
        messages.success(request, "已添加，从今晚起引用它不再提示")
        return redirect("hint-rules")
    return _page(request, text=form)


@page("hints.set", methods=("POST",))
def drop(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(queries.references(request.scope), pk=number)
    actions.drop_reference(by=request.scope, reference=one)
    messages.success(request, f"已移除“{one.title}”")
    return redirect("hint-rules")


def _page(request: HttpRequest, days: forms.Form | None = None, text: forms.Form | None = None) -> HttpResponse:
    scope, wrong = request.scope, days or text
    context = {
        "days_form": days or DaysForm(initial={"days": queries.bound(scope)}),
        "text_form": text or ReferenceForm(),
        "wrong": wrong, "has_errors": wrong is not None,
        "references": queries.references(scope),
        "measured": [(Hint.Kind(kind).label, switch.measured(kind), switch.is_on(kind)) for kind in switch.METHODS],
    }  # fmt: skip
    return htmx.page(request, "hints/rules.html", context, status=422 if wrong else 200)
