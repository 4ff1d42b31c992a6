"""/learning/centre/ 理论学习中心组: members, calendar and attendance; examples of those above."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.spans import held
from zhibu.web.learning import actions, centre, queries
from zhibu.web.learning.forms import HeldForm, PlanForm, SeatForm
from zhibu.web.learning.models import CentreSeat, CentreSession
from zhibu.web.learning.views import places


@page("learning.view")
def calendar(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    return _calendar(request)


@page("learning.centre", methods=("POST",))
def seat(request: HttpRequest) -> HttpResponse:
    form = SeatForm(request.POST)
    if carried_out(form, actions.seat, by=request.scope):
        messages.success(request, "已列入成员")
        return redirect("centre")
    return _calendar(request, {"seat": form})


@page("learning.centre", methods=("POST",))
def unseat(request: HttpRequest, number: int) -> HttpResponse:
    rows = CentreSeat.objects.within(request.scope).filter(pk=number, ends_on=None)
    one = get_object_or_404(rows)
    actions.unseat(by=request.scope, seat=one)
    messages.success(request, f"{one.name} 不再是成员，以前的到会记录不变")
    return redirect("centre")


@page("learning.centre", methods=("POST",))
def plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST)
    if carried_out(form, actions.plan_session, by=request.scope):
        messages.success(request, "已列入计划")
        return redirect("centre")
    return _calendar(request, {"plan": form})


@page("learning.centre", methods=("POST",))
def unplan(request: HttpRequest, number: int) -> HttpResponse:
    form = forms.Form({})
    if carried_out(form, actions.unplan, by=request.scope, session=_kept(request, number)):
        messages.success(request, "已删去")
        return redirect("centre")
    return _calendar(request, {"wrong": form})


@page("learning.view")
def session(request: HttpRequest, number: int) -> HttpResponse:
    return _session(request, _found(request, number))


@page("learning.centre", methods=("POST",))
def hold(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _kept(request, number), HeldForm(request.POST)
    present = {int(pk) for pk in request.POST.getlist("present") if pk.isascii() and pk.isdigit() and len(pk) < 18}
    if carried_out(form, actions.hold_session, by=request.scope, session=one, present=present):
        messages.success(request, "已登记")
        return redirect("centre-session", number)
    return _session(request, one, form)


@page("learning.centre", methods=("POST",))
def show(request: HttpRequest, number: int) -> HttpResponse:
    form = forms.Form({})
    one = _kept(request, number)
    if carried_out(form, actions.show, by=request.scope, session=one):
        messages.success(request, "已改")
        return redirect("centre-session", number)
    return _session(request, one, wrong=form)


def _found(request: HttpRequest, number: int) -> CentreSession:
    return get_object_or_404(centre.readable(request.scope), pk=number)


def _kept(request: HttpRequest, number: int) -> CentreSession:
    rows = CentreSession.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def _calendar(request: HttpRequest, wrong: dict[str, forms.Form] | None = None) -> HttpResponse:
    scope, year, wrong = request.scope, places.year(request), wrong or {}
    here = queries.here(scope)
    rows = centre.of_year(scope, year)
    context = {
        "year": year, "last_year": year - 1, "rows": [(one, one.status(scope.on)) for one in rows],
        "held": sum(bool(one.held_on) for one in rows), "late": sum(one.status(scope.on) == "late" for one in rows),
        "seats": CentreSeat.objects.within(scope).filter(held(scope.on), organisation=here) if here else (),
        "examples": centre.examples(scope, year), "keeps": centre.keeps(scope, here),
        "wrong": next(iter(wrong.values()), None),
        "seat_form": wrong.get("seat") or SeatForm(initial={"starts_on": scope.on}),
        "plan_form": wrong.get("plan") or PlanForm(),
    }  # fmt: skip
    return htmx.page(request, "learning/centre.html", context, status=422 if wrong else 200)


def _session(
    request: HttpRequest, one: CentreSession, form: HeldForm | None = None, wrong: forms.Form | None = None
) -> HttpResponse:
    scope = request.scope
    there = centre.attendance(scope, one)
    on = one.held_on or scope.on
    start = {name: getattr(one, name) for name in ("place", "speakers", "summary")} | {"held_on": on}
    seats = CentreSeat.objects.within(scope).filter(held(on), organisation=one.organisation_id)
    context = {
        "one": one, "there": there, "keeps": scope.may_at("learning.centre", one.organisation.path),
        "form": form or HeldForm(initial=start), "wrong": form or wrong, "status": one.status(scope.on),
        "seats": [(each, not there or there.get(each.pk, ("", ""))[1] == "present") for each in seats],
    }  # fmt: skip
    return htmx.page(request, "learning/centre_session.html", context, status=422 if form or wrong else 200)
