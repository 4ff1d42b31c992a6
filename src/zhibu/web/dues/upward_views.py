"""/dues/handed/ 上缴情况: who has not handed in; what the superior counts and confirms, or returns."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.dues import actions, places, upward
from zhibu.web.dues.forms import ReceiveForm, SendBackForm
from zhibu.web.dues.models import HandIn

BOTH = ("GET", "HEAD", "POST")


@page("dues.view")
def handed(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    scope = request.scope
    year = places.year(request, scope.on)
    context = {
        "kept": [(one, one.status(scope.on)) for one in upward.kept(scope)], "year": year, "before": year - 1,
        "waiting": upward.waiting(scope), "answered": upward.answered(scope, year)[:200],
        "unit": scope.unit, "may_export": scope.may("dues.export_sums"),
        "may_receive": scope.may("dues.receive"),
    }  # fmt: skip
    return htmx.page(request, "dues/handed.html", context)


@page("dues.export_sums")
def handed_export(request: HttpRequest) -> HttpResponse:
    unit, year = request.scope.unit, places.year(request, request.scope.on)
    content = upward.export(by=request.scope, year=year, unit=unit)
    return sheets.download(content, sheets.file_name(unit, "党费上缴情况", str(year), request.scope.on))


@page("dues.receive", methods=BOTH)
def receive(request: HttpRequest, number: int) -> HttpResponse:
    here, posted = _found(request, number), request.POST if request.method == "POST" else None
    form = ReceiveForm(posted, initial={"on": request.scope.on, "received": here.amount})
    if posted is not None and carried_out(form, actions.receive, by=request.scope, hand_in=here):
        messages.success(request, f"已核收 {here.organisation.name} 的 {form.cleaned_data['received']} 元")
        return redirect("dues-handed")
    return _answer(request, here, form, SendBackForm(initial={"on": request.scope.on}))


@page("dues.receive", methods=("POST",))
def send_back(request: HttpRequest, number: int) -> HttpResponse:
    here, form = _found(request, number), SendBackForm(request.POST)
    if carried_out(form, actions.send_back, by=request.scope, hand_in=here):
        messages.success(request, f"已退回 {here.organisation.name} 的上缴")
        return redirect("dues-handed")
    return _answer(request, here, ReceiveForm(initial={"on": request.scope.on, "received": here.amount}), form)


def _answer(request: HttpRequest, here: HandIn, form: forms.Form, back: forms.Form) -> HttpResponse:
    wrong = form.errors or back.errors
    context = {"here": here, "form": form, "back": back, "waits": here.state == HandIn.State.SENT}
    return htmx.page(request, "dues/receive.html", context, status=422 if wrong else 200)


def _found(request: HttpRequest, number: int) -> HandIn:
    rows = HandIn.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)
