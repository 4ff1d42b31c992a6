"""/coverage/three/ 三个“哪里有”, and /coverage/parks/<place>/ the card of a park."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.coverage import park as parks
from zhibu.web.coverage import queries
from zhibu.web.coverage import three as found
from zhibu.web.coverage.forms import DayForm
from zhibu.web.coverage.models import ParkDuty, Place
from zhibu.web.coverage.more_forms import DutyForm, WeightForm


@page("coverage.view")
def three(request: HttpRequest) -> HttpResponse:
    """`?lacks=work|organisation|function`"""
    scope, lacks = request.scope, query.choice(request, "lacks", found.LACKS)
    rows = found.rows(scope)
    counts = [(key, word, sum(key in row.lacks for row in rows)) for key, word in found.LACKS.items()]
    context = {
        "counts": counts, "lacks": lacks, "word": found.LACKS.get(lacks, ""), "all": len(rows),
        "rows": [row for row in rows if not lacks or lacks in row.lacks], "unit": request.scope.unit,
        "may_export": scope.may("coverage.export"),
    }  # fmt: skip
    return htmx.page(request, "coverage/three.html", context)


@page("coverage.export")
def three_download(request: HttpRequest) -> HttpResponse:
    unit, lacks = request.scope.unit, query.choice(request, "lacks", found.LACKS)
    content = found.export(by=request.scope, lacks=lacks, unit=unit)
    return sheets.download(content, sheets.file_name(unit, "三个哪里有", "", request.scope.on))


@page("coverage.view")
def park(request: HttpRequest, number: int) -> HttpResponse:
    return _park(request, _found(request, number))


@page("coverage.keep", methods=("POST",))
def weigh(request: HttpRequest, number: int) -> HttpResponse:
    return _act(request, number, "weigh", WeightForm(request.POST), parks.weigh, "已登记权重")


@page("coverage.keep", methods=("POST",))
def give_duty(request: HttpRequest, number: int) -> HttpResponse:
    return _act(request, number, "duty", DutyForm(request.POST), parks.give_duty, "已登记职责")


@page("coverage.keep", methods=("POST",))
def end_duty(request: HttpRequest, number: int, row: int) -> HttpResponse:
    here, form = _found(request, number), DayForm(request.POST)
    duty = get_object_or_404(ParkDuty.objects.within(request.scope), place=here, pk=row)
    if carried_out(form, parks.end_duty, by=request.scope, duty=duty):
        messages.success(request, "已结束")
        return redirect("park", here.pk)
    return _park(request, here, "end", form)


def _act(
    request: HttpRequest, number: int, word: str, form: forms.Form, act: Callable[..., object], said: str
) -> HttpResponse:
    here = _found(request, number)
    if carried_out(form, act, by=request.scope, place=here):
        messages.success(request, said)
        return redirect("park", here.pk)
    return _park(request, here, word, form)


def _park(request: HttpRequest, here: Place, word: str = "", form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope.doing("coverage.view")
    shown: dict[str, Any] = {}
    if scope.may_at("coverage.keep", here.organisation.path):
        shown = {
            "weigh": WeightForm(initial={"year": scope.on.year}), "duty": DutyForm(initial={"on": scope.on}),
            "end": DayForm(initial={"on": scope.on}),
        }  # fmt: skip
    if form is not None:
        shown[word] = form
    context = {"here": here, "card": parks.card(scope, here), "forms": shown, "form": form, "unit": request.scope.unit,
               "today": scope.on}  # fmt: skip
    return htmx.page(request, "coverage/park.html", context, status=422 if form is not None else 200)


def _found(request: HttpRequest, number: int) -> Place:
    rows = queries.places(request.scope).filter(park=True)
    return get_object_or_404(rows, pk=number)
