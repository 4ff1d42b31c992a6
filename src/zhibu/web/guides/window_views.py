"""/guides/windows/<n>/ one window with its checks and ratings; standards; contact cards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.guides import actions, queries
from zhibu.web.guides.forms import CardsForm, CheckForm, RateForm
from zhibu.web.guides.models import ServiceWindow
from zhibu.web.guides.views import FORM
from zhibu.web.organisations import finding

Window = ServiceWindow


@page("guides.read")
def window(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(queries.entries(Window, request.scope), pk=number)
    return _window(request, one)


def _window(request: HttpRequest, one: Window, word: str = "", form: Any = None) -> HttpResponse:
    scope, forms = request.scope, {}
    if scope.may_at("guides.keep", one.organisation.path):
        forms["check"] = CheckForm(here=one.organisation, initial={"on": scope.on})
        if one.organisation_id == scope.organisation_id:
            forms["rate"] = RateForm(initial={"month": scope.on})
    if form is not None:
        forms[word] = form
    inner = scope.reaches(one.organisation.path)  # what was found is for those who reach it, the guide for all below
    context = {
        "one": one, "checks": queries.checks(one.pk).prefetch_related(queries.unmet())[:24] if inner else [],
        "ratings": queries.ratings(one.pk)[:24] if inner else [], "forms": forms, "form": form,
        "any": queries.standards(one.organisation).exists(), "own": scope.organisation_id,
        "items": queries.items(scope).filter(window=one),
    }  # fmt: skip
    return htmx.page(request, "guides/window.html", context, status=422 if form is not None else 200)


def act(word: str) -> Any:
    """The POST of a check or of a month's ratings."""
    does, said = {"check": (actions.check, "已记下检查"), "rate": (actions.rate, "已登记")}[word]

    @page("guides.keep", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        rows = Window.objects.within(request.scope).filter(ended_on=None).select_related("organisation")
        one = get_object_or_404(rows, pk=number)
        form = CheckForm(request.POST, here=one.organisation) if word == "check" else RateForm(request.POST)
        if carried_out(form, does, by=request.scope, window=one):
            messages.success(request, said)
            return redirect("guide-window", number)
        return _window(request, one, word, form)

    return post


@page("guides.keep")
def standards(request: HttpRequest) -> HttpResponse:
    if (here := finding.own(request.scope)) is None:
        raise Http404
    context = {"here": here, "rows": queries.standards(here).select_related("organisation")}
    return htmx.page(request, "guides/standards.html", context)


@page("guides.keep", methods=FORM)
def cards(request: HttpRequest) -> HttpResponse:
    form = CardsForm(request.POST or None, initial={"as_of": request.scope.on})
    if request.method == "POST" and carried_out(form, actions.count_cards, by=request.scope):
        messages.success(request, "已登记")
        return redirect("guide-cards")
    rows = queries.cards(request.scope)
    context = {"form": form, "rows": rows, "unit": request.scope.unit, "all": sum(one.cards for one in rows)}
    return htmx.page(request, "guides/cards.html", context, status=422 if form.errors else 200)
