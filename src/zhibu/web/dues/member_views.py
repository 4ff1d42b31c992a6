"""One member: how the sum is reckoned, the base, reliefs, several months at once, voluntary sums. And 我的党费."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.dues import actions, places, queries, reckoning
from zhibu.web.dues.forms import BaseForm, GiveForm, PayForm, ReliefForm
from zhibu.web.dues.models import Payment
from zhibu.web.members.about_me import own_row
from zhibu.web.members.models import Member
from zhibu.web.regulations import dues


@page("dues.members")
def member(request: HttpRequest, number: int) -> HttpResponse:
    """`?year=`"""
    return _member(request, places.member(request, number))


@page("dues.rate", methods=("POST",))
def base(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "base", BaseForm, actions.set_base, "已核定")


@page("dues.relieve", methods=("POST",))
def relief(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "relief", ReliefForm, actions.ask, "已登记，等上级批准的在批准后生效")


@page("dues.collect", methods=("POST",))
def give(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "give", GiveForm, actions.give, "已收下")


@page("dues.collect", methods=("POST",))
def pay(request: HttpRequest, number: int) -> HttpResponse:
    def act(*, by: Any, member: Member, first: Any, last: Any, paid_on: Any, way: str) -> object:
        due = {member.pk: list(dues.months(first, last))}
        return actions.collect(by=by, branch=member.organisation, due=due, paid_on=paid_on, way=way)

    return _done(request, number, "pay", PayForm, act, "已收下")


def _done(
    request: HttpRequest, number: int, name: str, kind: type[forms.Form], act: Callable[..., object], said: str
) -> HttpResponse:
    one, form = places.member(request, number), kind(request.POST)
    if carried_out(form, act, by=request.scope, member=one):
        messages.success(request, f"{said}：{one.name}")
        return redirect("dues-member", one.pk)
    return _member(request, one, {name: form})


def _member(request: HttpRequest, one: Member, wrong: dict[str, forms.Form] | None = None) -> HttpResponse:
    scope, here = request.scope, one.organisation
    today, practice = {"paid_on": scope.on, "way": Payment.Way.CASH}, reckoning.practices([here.path])
    payer = reckoning.one(one)
    paid = {payment.month for payment in queries.valid(queries.payments_of(one)) if payment.month}
    run = reckoning.unpaid(payer, practice.on(here.path, scope.on.replace(day=1)), paid, scope.on)
    span = {"first": f"{run[0] if run else scope.on:%Y-%m}", "last": f"{scope.on:%Y-%m}"}
    table = dues.table(scope.on)
    shown = {
        "base": BaseForm(initial={"since": scope.on}),
        "pay": PayForm(initial={**today, **span}),
        "give": GiveForm(initial=today),
        "relief": ReliefForm(),
    }
    context = {
        **_of(one, places.year(request, scope.on), scope.on),
        "one": one,
        "here": here,
        "forms": shown | (wrong or {}),
        "wrong": next(iter((wrong or {}).values()), None),
        "form": next(iter((wrong or {}).values()), None),
        "run": run,
        "table": table,
        "late": len(run) > table.back_pay,
        "may_rate": scope.may_at("dues.rate", here.path),
        "may_collect": scope.may_at("dues.collect", here.path),
        "may_relieve": scope.may_at("dues.relieve", here.path),
    }
    return htmx.page(request, "dues/member.html", context, status=422 if wrong else 200)


def _of(one: Member, year: int, today: Any) -> dict[str, Any]:
    return {
        "year": year,
        "last_year": year - 1,
        "months": queries.months_of(one, year, today),
        "bases": queries.bases_of(one),
        "reliefs": queries.reliefs_of(one),
        "payments": queries.payments_of(one)[:60],
        "large": dues.table(today).large,
    }


@page("me.view")
def me(request: HttpRequest) -> HttpResponse:
    """我的党费: one's own rows, whatever the present post. `?year=`"""
    one, year = own_row(request.scope.user_id), places.year(request, request.scope.on)
    context: dict[str, Any] = {"one": one, "year": year, "last_year": year - 1}
    if one:
        context |= {**_of(one, year, request.scope.on), "here": one.organisation}
        context["may_account"] = request.scope.may_at("dues.account", one.organisation.path)
    return htmx.page(request, "dues/me.html", context)
