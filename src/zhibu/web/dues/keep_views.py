"""Hand-ins with their reconciliation, uses, the practice, reliefs to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.dues import actions, places, queries, reckoning
from zhibu.web.dues.forms import DecideForm, HandInForm, PassUpForm, PracticeForm, UseForm, read_month
from zhibu.web.dues.models import Payment, Practice, Relief
from zhibu.web.regulations import dues

BOTH = ("GET", "HEAD", "POST")


@page("dues.hand_in", methods=BOTH)
def hand_in(request: HttpRequest, code: str) -> HttpResponse:
    """`?upto=`, a month. 对账上缴: what was collected and not handed in, row by row; what was handed in before, with
    differences and what the superior said."""
    here, scope = places.place(request, code), request.scope
    upto = read_month(request.GET.get("upto", "")[:10])
    rows = list(queries.to_hand_in(scope, here, upto))
    due = sum((one.amount for one in rows), queries.NOTHING)
    form = HandInForm(
        request.POST if request.method == "POST" else None,
        initial={"handed_on": scope.on, "amount": due, "upto": f"{upto:%Y-%m}" if upto else ""},
    )
    if request.method == "POST" and carried_out(form, actions.hand_in, by=scope, branch=here):
        messages.success(request, f"已登记上缴 {form.cleaned_data['amount']} 元")
        return redirect("dues-hand-in", here.code)
    large = queries.valid(queries.payments(scope)).filter(
        organisation=here, kind=Payment.Kind.VOLUNTARY, amount__gte=dues.table(scope.on).large, passed_up_on=None
    )
    context = {
        "here": here, "rows": rows, "due": due, "form": form, "before": queries.hand_ins(scope, here)[:24],
        "large": large, "named": queries.named(scope, here), "clause": dues.table(scope.on).large_clause,
        "today": scope.on, "upto": upto,
        "months": sorted({one.month for one in queries.to_hand_in(scope, here) if one.month}),
    }  # fmt: skip
    return htmx.page(request, "dues/hand_in.html", context, status=422 if form.errors else 200)


@page("dues.hand_in", methods=("POST",))
def pass_up(request: HttpRequest, number: int) -> HttpResponse:
    payment, form = places.payment(request, number), PassUpForm(request.POST)
    if carried_out(form, actions.pass_up, by=request.scope, payment=payment):
        messages.success(request, "已登记转交")
    else:
        messages.error(request, next(iter(next(iter(form.errors.values())))))
    return redirect("dues-hand-in", payment.organisation.code)


@page("dues.use", methods=BOTH)
def uses(request: HttpRequest, code: str) -> HttpResponse:
    """`?year=`"""
    here, scope = places.place(request, code), request.scope
    year = places.year(request, scope.on)
    form = UseForm(request.POST if request.method == "POST" else None, initial={"used_on": scope.on})
    if request.method == "POST" and carried_out(form, actions.use, by=scope, organisation=here):
        messages.success(request, "已登记使用")
        return redirect("dues-uses", here.code)
    table = dues.table(scope.on)
    context = {
        "here": here, "year": year, "before": year - 1, "form": form, "rows": queries.uses(scope, here, year),
        "allowed": table.uses.values(), "clause": table.uses_clause,
    }  # fmt: skip
    return htmx.page(request, "dues/uses.html", context, status=422 if form.errors else 200)


@page("dues.practise", methods=BOTH)
def practice(request: HttpRequest, code: str) -> HttpResponse:
    here, scope = places.place(request, code), request.scope
    now = reckoning.practices([here.path]).row(here.path, scope.on)
    start = {"starts_on": f"{scope.on:%Y-%m}", "vote_month": True}
    form = PracticeForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and carried_out(form, actions.practise, by=scope, organisation=here):
        messages.success(request, "已登记收缴办法")
        return redirect("dues-practice", here.code)
    rows = Practice.objects.within(scope).filter(organisation=here).order_by("-starts_on")
    context = {"here": here, "form": form, "now": now, "rows": rows}
    return htmx.page(request, "dues/practice.html", context, status=422 if form.errors else 200)


@page("dues.decide")
def reliefs(request: HttpRequest) -> HttpResponse:
    return _reliefs(request)


@page("dues.decide", methods=("POST",))
def decide(request: HttpRequest, number: int) -> HttpResponse:
    relief = get_object_or_404(queries.reliefs(request.scope), pk=number)
    form = DecideForm(request.POST)

    def act(*, answer: str, **told: Any) -> object:
        return actions.decide(by=request.scope, relief=relief, approve=answer == "yes", **told)

    if carried_out(form, act):
        messages.success(request, "已登记决定")
        return redirect("dues-reliefs")
    return _reliefs(request, form)


def _reliefs(request: HttpRequest, form: DecideForm | None = None) -> HttpResponse:
    decided = queries.reliefs(request.scope).exclude(state=Relief.State.ASKED)
    context = {
        "waiting": queries.waiting(request.scope), "decided": decided.order_by("-decided_on", "-pk")[:50], "form": form,
        "today": request.scope.on, "clause": dues.table(request.scope.on).relief_clause,
    }  # fmt: skip
    return htmx.page(request, "dues/reliefs.html", context, status=422 if form else 200)
