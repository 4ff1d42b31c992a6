"""Forms about one organisation and its people: one page each, back to the organisation's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.offices.actions import matters, seats
from zhibu.web.offices.forms import (
    CareerForm,
    DoneForm,
    ExchangeForm,
    LeaveForm,
    OfficeForm,
    PlaceForm,
    ReleaseForm,
    ReserveForm,
    TenureForm,
)
from zhibu.web.offices.models import Exchange, Office, Reserve, Tenure
from zhibu.web.offices.views import FORM, place_of
from zhibu.web.organisations.models import Organisation

Act = Callable[..., object]


@page("offices.keep", methods=FORM)
def office(request: HttpRequest, code: str) -> HttpResponse:
    return _at(request, code, OfficeForm, seats.approve, "设立职务", {"starts_on": request.scope.on})


@page("offices.keep", methods=FORM)
def tenure(request: HttpRequest, code: str) -> HttpResponse:
    here = place_of(request, code)
    form = TenureForm(request.POST or None, scope=request.scope, here=here, initial={"starts_on": request.scope.on})
    return _answer(request, here, form, "登记任职", lambda told: seats.appoint(by=request.scope, **told))


@page("reserves.keep", methods=FORM)
def reserve(request: HttpRequest, code: str) -> HttpResponse:
    return _at(request, code, ReserveForm, matters.list_reserve, "列入后备人选", {"starts_on": request.scope.on})


@page("offices.keep", methods=FORM)
def exchange(request: HttpRequest, code: str) -> HttpResponse:
    return _at(request, code, ExchangeForm, matters.plan_exchange, "列交流计划", {})


@page("offices.keep", methods=FORM)
def career(request: HttpRequest, code: str) -> HttpResponse:
    return _at(request, code, CareerForm, matters.note_career, "记村干部履历", {"happened_on": request.scope.on})


@page("offices.keep", methods=FORM)
def abolish(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(Office.objects.within(request.scope).select_related("organisation"), number)
    return _end(
        request, found.organisation, LeaveForm, f"撤销职务：{found.title}",
        lambda told: seats.abolish(by=request.scope, office=found, **told),
    )  # fmt: skip


@page("offices.keep", methods=FORM)
def leave(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(Tenure.objects.within(request.scope).select_related("office__organisation"), number)
    return _end(
        request, found.office.organisation, LeaveForm, f"登记离任：{found.name}，{found.office.title}",
        lambda told: seats.leave(by=request.scope, tenure=found, **told),
    )  # fmt: skip


@page("reserves.keep", methods=FORM)
def release(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(Reserve.objects.within(request.scope).select_related("organisation"), number)
    return _end(
        request, found.organisation, ReleaseForm, f"调出后备人选：{found.name}",
        lambda told: matters.release(by=request.scope, reserve=found, **told),
    )  # fmt: skip


@page("offices.keep", methods=FORM)
def carry_out(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(Exchange.objects.within(request.scope).select_related("organisation"), number)
    return _end(
        request, found.organisation, DoneForm, f"完成交流：{found.name}",
        lambda told: matters.carry_out(by=request.scope, exchange=found, **told),
    )  # fmt: skip


def _found(rows: QuerySet, number: int) -> Any:
    return get_object_or_404(rows, pk=number)


def _at(
    request: HttpRequest, code: str, kind: type[PlaceForm], act: Act, word: str, initial: dict[str, Any]
) -> HttpResponse:
    here = place_of(request, code)
    form = kind(request.POST or None, scope=request.scope, here=here, initial=initial)
    return _answer(request, here, form, word, lambda told: act(by=request.scope, organisation=here, **told))


def _end(
    request: HttpRequest, here: Organisation, kind: type[forms.Form], word: str, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    form = kind(request.POST or None, initial={"ends_on": request.scope.on, "done_on": request.scope.on})
    return _answer(request, here, form, word, act)


def _answer(
    request: HttpRequest, here: Organisation, form: forms.Form, word: str, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and tried(form, lambda: act(form.cleaned_data)):
        messages.success(request, f"已保存：{word}")
        return redirect("offices-of", here.code)
    context = {"form": form, "here": here, "word": word}
    return htmx.page(request, "offices/entry.html", context, status=422 if form.errors else 200)
