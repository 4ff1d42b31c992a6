"""/coverage/<unit>/ 单位: the card, and each thing that may be done with it as a small form on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.accounts.models import User
from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.coverage import actions, queries, reviews, sending, waiving
from zhibu.web.coverage.forms import CoverForm, EndForm, GiveForm, SendForm, SupportForm, VisitForm
from zhibu.web.coverage.models import Assignment, Covering, Mode, Unit, UnitWaiver
from zhibu.web.coverage.more_forms import ReviewForm, WaiveForm
from zhibu.web.coverage.views import found
from zhibu.web.regulations.queries import rules_by_name

POST = ("POST",)


@page("coverage.view")
def unit(request: HttpRequest, number: int) -> HttpResponse:
    return _card(request, found(request, number))


@page("coverage.keep", methods=POST)
def give(request: HttpRequest, number: int) -> HttpResponse:
    here, form = found(request, number), GiveForm(request.POST, scope=request.scope)
    return _done(
        request,
        here,
        "give",
        form,
        lambda told: actions.give(by=request.scope, unit=here, **told),
        "已改由这个党委负责",
    )


@page("coverage.keep", methods=POST)
def let_go(request: HttpRequest, number: int) -> HttpResponse:
    here, form = found(request, number), EndForm(request.POST)
    return _done(
        request, here, "let_go", form, lambda told: actions.let_go(by=request.scope, unit=here, **told),
        "已免去，单位列入“无人负责”",
    )  # fmt: skip


@page("coverage.keep", methods=POST)
def cover(request: HttpRequest, number: int) -> HttpResponse:
    here, form = found(request, number), CoverForm(request.POST, scope=request.scope)
    return _done(
        request, here, "cover", form, lambda told: actions.cover(by=request.scope, unit=here, **told), "已登记组建"
    )


@page("coverage.keep", methods=POST)
def uncover(request: HttpRequest, number: int, row: int) -> HttpResponse:
    here, form = found(request, number), EndForm(request.POST)
    covering = _row(request, Covering, here, row)
    return _done(
        request,
        here,
        "uncover",
        form,
        lambda told: actions.uncover(by=request.scope, covering=covering, **told),
        "已结束",
    )


@page("coverage.keep", methods=POST)
def send(request: HttpRequest, number: int) -> HttpResponse:
    here, form = found(request, number), SendForm(request.POST, scope=request.scope)
    return _done(request, here, "send", form, lambda told: _send(request, here, told), "已指派")


def _send(request: HttpRequest, here: Unit, told: dict[str, Any]) -> Assignment:
    account = told.pop("account")
    user = User.objects.get(pk=account) if account else None  # one of the choices: who holds an instructor's post here
    return sending.send(by=request.scope, unit=here, user=user, **told)


@page("coverage.keep", methods=POST)
def call_back(request: HttpRequest, number: int, row: int) -> HttpResponse:
    here, form = found(request, number), EndForm(request.POST)
    assignment = _row(request, Assignment, here, row)
    return _done(
        request, here, "call_back", form,
        lambda told: sending.call_back(by=request.scope, assignment=assignment, **told), "已结束指派",
    )  # fmt: skip


@page("coverage.visit", methods=POST)
def visit(request: HttpRequest, number: int) -> HttpResponse:
    here = found(request, number)
    form = VisitForm(request.POST, scope=request.scope, people=_people(request, here))
    return _done(request, here, "visit", form, lambda told: sending.visit(by=request.scope, **told), "已登记走访")


@page("coverage.keep", methods=POST)
def support(request: HttpRequest, number: int) -> HttpResponse:
    here, form = found(request, number), SupportForm(request.POST)
    return _done(
        request, here, "support", form, lambda told: sending.support(by=request.scope, unit=here, **told), "已登记"
    )


@page("waivers.grant", methods=POST)
def waive(request: HttpRequest, number: int) -> HttpResponse:
    here = found(request, number)
    form = WaiveForm(request.POST, rules=waiving.asked(request.scope, here))
    return _done(
        request, here, "waive", form, lambda told: waiving.grant(by=request.scope, unit=here, **told), "已登记缓办"
    )


@page("waivers.grant", methods=POST)
def unwaive(request: HttpRequest, number: int, row: int) -> HttpResponse:
    here = found(request, number)
    waiving.withdraw(by=request.scope, waiver=_row(request, UnitWaiver, here, row))
    messages.success(request, "已收回缓办")
    return redirect("unit", here.pk)


@page("coverage.keep", methods=POST)
def review(request: HttpRequest, number: int) -> HttpResponse:
    here = found(request, number)
    form = ReviewForm(request.POST, people=_people(request, here))
    return _done(request, here, "review", form, lambda told: reviews.review(by=request.scope, **told), "已登记评议")


def _done(
    request: HttpRequest, here: Unit, word: str, form: forms.Form, act: Callable[[dict[str, Any]], Any], said: str
) -> HttpResponse:
    """Back to the card: with a word of success, or with the form and what is wrong with it."""
    if form.is_valid() and tried(form, lambda: act(dict(form.cleaned_data))):
        messages.success(request, said)
        return redirect("unit", here.pk)
    return _card(request, here, word, form)


def _card(request: HttpRequest, here: Unit, word: str = "", form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope
    keeps = scope.may_at("coverage.keep", here.organisation.path)
    visits = scope.may_at("coverage.visit", here.organisation.path)
    on, people = {"on": scope.on}, _people(request, here)
    shown: dict[str, Any] = {}
    if keeps:
        keeping = scope.doing("coverage.keep")
        shown = {
            "give": GiveForm(scope=keeping, initial=on),
            "cover": CoverForm(scope=keeping, initial=on),
            "send": SendForm(scope=keeping, initial={"starts_on": scope.on}),
            "support": SupportForm(initial=on),
            "end": EndForm(initial=on),
        }
        if people:
            shown["review"] = ReviewForm(people=people, initial={"on": scope.on, "year": scope.on.year})
    waives = scope.may_at("waivers.grant", here.organisation.path)
    if waives and (rules := waiving.asked(scope.doing("coverage.view"), here)):
        shown["waive"] = WaiveForm(rules=rules)
    if visits and people:
        shown["visit"] = VisitForm(scope=scope, people=people, initial=on)
    if form is not None:
        shown[word] = form
    rules, card = rules_by_name(), queries.card(scope.doing("coverage.view"), here)
    for one in card.verdicts:
        one.rule_row = rules.get((one.rulebook, one.rule))
    context = {
        "here": here, "card": card, "forms": shown, "wrong": word, "form": form, "keeps": keeps, "today": scope.on,
        "waives": waives, "waivers": waiving.titled(waiving.standing(scope.doing("coverage.view"), here)),
        "mode": Mode(here.mode).label if here.mode else "",
    }  # fmt: skip
    return htmx.page(request, "coverage/unit.html", context, status=422 if form is not None else 200)


def _people(request: HttpRequest, here: Unit) -> list[Assignment]:
    """Those sent to the unit, the present ones first: a visit may be noted after the assignment has ended."""
    rows = Assignment.objects.within(request.scope.doing("coverage.view")).filter(unit=here)
    return list(rows.order_by("-starts_on", "name"))


def _row[M: (Covering, Assignment, UnitWaiver)](request: HttpRequest, model: type[M], here: Unit, pk: int) -> M:
    return get_object_or_404(model.objects.within(request.scope), unit=here, pk=pk)
