"""/coverage/goals/ 生产经营目标: the list, one goal with the activities that served it, and its result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.coverage import goals as kept
from zhibu.web.coverage.models import Goal, GoalActivity
from zhibu.web.coverage.more_forms import CloseForm, GoalForm, ServeForm
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")
STATES = {"open": "在做的", "idle": "还没有活动的", "closed": "已结束的"}
NEWEST = 60  # activities to pick from


@page("goals.view")
def goals(request: HttpRequest) -> HttpResponse:
    """`?state=open|idle|closed&page=`"""
    scope, state = request.scope, query.choice(request, "state", STATES)
    context = {
        "state": state, "states": STATES, "page": page_of(request, kept.goals(scope, state)),
        "any": Goal.objects.within(scope).exists(), "unit": request.scope.unit, "may_keep": scope.may("goals.keep"),
        "may_export": scope.may("coverage.export"),
    }  # fmt: skip
    return htmx.page(request, "coverage/goals.html", context, "rows")


@page("coverage.export")
def download(request: HttpRequest) -> HttpResponse:
    unit = request.scope.unit
    content = kept.export(by=request.scope, state=query.choice(request, "state", STATES), unit=unit)
    return sheets.download(content, sheets.file_name(unit, "生产经营目标", "", request.scope.on))


@page("goals.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    here = get_object_or_404(Organisation.objects.within(scope), pk=scope.organisation_id)
    posted = request.POST if request.method == "POST" else None
    form = GoalForm(posted, units=kept.covers(here, scope.on), initial={"starts_on": scope.on})
    if posted is not None and carried_out(form, kept.set_, by=scope, organisation=here):
        messages.success(request, "已登记目标，活动办了以后在这里选上")
        return redirect("goals")
    context = {"here": here, "form": form}
    return htmx.page(request, "coverage/goal_new.html", context, status=422 if form.errors else 200)


@page("goals.view")
def goal(request: HttpRequest, number: int) -> HttpResponse:
    return _goal(request, _found(request, number))


@page("goals.keep", methods=("POST",))
def serve(request: HttpRequest, number: int) -> HttpResponse:
    here = _found(request, number)
    form = ServeForm(request.POST, records=kept.activities_to_pick(request.scope, here)[:NEWEST])
    return _done(request, here, "serve", form, carried_out(form, kept.serve, by=request.scope, goal=here), "已选上")


@page("goals.keep", methods=("POST",))
def drop(request: HttpRequest, number: int, row: int) -> HttpResponse:
    here = _found(request, number)
    activity = get_object_or_404(GoalActivity.objects.within(request.scope), goal=here, pk=row)
    kept.drop(by=request.scope, activity=activity)
    messages.success(request, "已去掉")
    return redirect("goal", here.pk)


@page("goals.keep", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    here, form = _found(request, number), CloseForm(request.POST)
    return _done(request, here, "close", form, carried_out(form, kept.close, by=request.scope, goal=here), "已结束")


def _done(request: HttpRequest, here: Goal, word: str, form: forms.Form, good: bool, said: str) -> HttpResponse:
    if good:
        messages.success(request, said)
        return redirect("goal", here.pk)
    return _goal(request, here, word, form)


def _goal(request: HttpRequest, here: Goal, word: str = "", form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope.doing("goals.view")
    shown: dict[str, Any] = {}
    if scope.may_at("goals.keep", here.organisation.path) and not here.closed_on:
        keeping = scope.doing("goals.keep")
        shown["close"] = CloseForm(initial={"on": scope.on})
        if records := kept.activities_to_pick(keeping, here)[:NEWEST]:
            shown["serve"] = ServeForm(records=records)
    if form is not None:
        shown[word] = form
    context = {"here": here, "activities": kept.activities(scope, here), "forms": shown, "form": form, "wrong": word}
    return htmx.page(request, "coverage/goal.html", context, status=422 if form is not None else 200)


def _found(request: HttpRequest, number: int) -> Goal:
    rows = Goal.objects.within(request.scope).select_related("organisation", "unit")
    return get_object_or_404(rows, pk=number)
