"""/dues/ sums by branch, and the list of a branch to tick."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.dues import actions, places, queries
from zhibu.web.dues.forms import CollectForm, VoidForm
from zhibu.web.dues.models import Payment
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues

DAY = timedelta(days=1)


@page("dues.view")
def overview(request: HttpRequest) -> HttpResponse:
    """`?month=`. Sums only; who collects for a branch goes straight to its list."""
    scope = request.scope
    own = Organisation.objects.within(scope.doing("dues.members")).filter(pk=scope.organisation_id).first()
    if own and own.is_branch and not request.GET:
        return redirect("dues-branch", own.code)
    month = places.month(request, scope.on)
    found = queries.sums(scope, month)
    context = {
        "month": month,
        "before": month - DAY,
        "after": dues.next_month(month),
        "unit": scope.unit,
        "sums": found,
        "people": sum(one.people for one in found),
        "paid": sum(one.paid for one in found),
        "owed": sum((one.owed for one in found), queries.NOTHING),
        "collected": sum((one.collected for one in found), queries.NOTHING),
        "kept": sum((one.kept for one in found), queries.NOTHING),
        "may_decide": scope.may("dues.decide"),
        "waiting": queries.waiting(scope.doing("dues.decide")).count() if scope.may("dues.decide") else 0,
        "practices": scope.may("dues.practise"),
        "home": Organisation.objects.within(scope).filter(pk=scope.organisation_id).first(),
    }
    return htmx.page(request, "dues/overview.html", context)


@page("dues.members")
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """`?month=`"""
    here = places.place(request, code)
    return _list(request, here, queries.listing(request.scope, here, places.month(request, request.scope.on)))


@page("dues.collect", methods=("POST",))
def collect(request: HttpRequest, code: str) -> HttpResponse:
    here, scope = places.place(request, code), request.scope
    found = queries.listing(scope.doing("dues.members"), here, places.month(request, scope.on))
    form = CollectForm(request.POST, keys=[one.member.pk for one in found.lines])
    if form.is_valid():
        told = form.cleaned_data
        due = {key: [found.month] for key in told["members"]}
        try:
            made = actions.collect(by=scope, branch=here, due=due, paid_on=told["paid_on"], way=told["way"])
        except Unfit as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            total = sum((one.amount for one in made), queries.NOTHING)
            left = f"，{len(due) - len(made)} 人别人已经收过" if len(made) < len(due) else ""
            messages.success(request, f"收下 {len(made)} 人 {total} 元{left}")
            return _back(here, found)
    return _list(request, here, found, form)


@page("dues.void", methods=("POST",))
def void(request: HttpRequest, number: int) -> HttpResponse:
    payment = places.payment(request, number)
    form = VoidForm(request.POST)
    if not form.is_valid():
        messages.error(request, "写明为什么作废，再撤销")
    else:
        try:
            actions.void(by=request.scope, payment=payment, why=form.cleaned_data["why"])
        except Unfit as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, f"已撤销 {payment.member.name} 的 {payment.amount} 元，收据 {payment.receipt} 作废"
            )
    if payment.month and request.POST.get("to") == "list":
        response = redirect("dues-branch", payment.organisation.code)
        response["Location"] += f"?month={payment.month:%Y-%m}"
        return response
    return redirect("dues-member", payment.member_id)


def _back(here: Organisation, found: queries.Listing) -> HttpResponse:
    response = redirect("dues-branch", here.code)
    response["Location"] += f"?month={found.month:%Y-%m}"
    return response


def _list(
    request: HttpRequest, here: Organisation, found: queries.Listing, form: CollectForm | None = None
) -> HttpResponse:
    scope = request.scope
    table = dues.table(found.month)
    context = {
        "here": here,
        "found": found,
        "before": found.month - DAY,
        "after": dues.next_month(found.month),
        "today": scope.on,
        "form": form,
        "ticked": set(form.data.getlist("members")) if form else set(),
        "ways": Payment.Way.choices,
        "may_collect": scope.may_at("dues.collect", here.path),
        "all": len(found.paid) + len(found.open),
        "withdrawn": table.withdrawn,
        "withdrawn_clause": table.withdrawn_clause,
    }
    return htmx.page(request, "dues/branch.html", context, status=422 if form and form.errors else 200)
