"""到会率, 双重组织生活和讲党课, 列席: what the sign-ins and records of a year come to. `?year=` on each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.records.queries import own_organisation
from zhibu.web.signin import actions, leading, rates, sitting
from zhibu.web.signin.forms import RequireForm
from zhibu.web.signin.models import LectureCount
from zhibu.web.signin.views import FORM


@page("signin.rates")
def members(request: HttpRequest) -> HttpResponse:
    """By name, for the branch alone."""
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    own = own_organisation(scope)
    context = {"own": own, "rows": rates.by_member(scope, own, year), **_frame(request, year)}
    return htmx.page(request, "signin/rates.html", context)


@page("signin.sums")
def branches(request: HttpRequest) -> HttpResponse:
    """By branch, without names."""
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    shown = page_of(request, rates.branches(scope))
    expected, present = rates.whole(scope, year)
    context = {
        "page": shown, "rows": rates.sums(scope, list(shown), year), "expected": expected, "present": present,
        "share": present / expected if expected else None, **_frame(request, year),
    }  # fmt: skip
    return htmx.page(request, "signin/branches.html", context)


@page("signin.leaders")
def leaders(request: HttpRequest) -> HttpResponse:
    """`?show=due`: only who has not lectured as often as is set."""
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    due = asked.choice(request, "show", ("due",))
    everybody = leading.lecturers_due(scope, year) if due else leading.leaders(scope)
    shown = page_of(request, everybody)
    rows = list(shown) if due else leading.told(scope, shown, year)
    counts = LectureCount.objects.within(scope).filter(year=year).select_related("organisation")
    context = {
        "page": shown, "rows": rows, "due": due, "counts": list(counts.order_by("organisation__path")),
        "may_require": scope.may("signin.require"), **_frame(request, year),
    }  # fmt: skip
    return htmx.page(request, "signin/leaders.html", context)


@page("signin.require", methods=FORM)
def count(request: HttpRequest) -> HttpResponse:
    form = RequireForm(request.POST or None, scope=request.scope, initial={"year": request.scope.on.year})
    if request.method == "POST" and carried_out(form, actions.require, by=request.scope):
        messages.success(request, "已规定")
        return redirect("leading")
    return htmx.page(request, "signin/count.html", {"form": form}, status=422 if form.errors else 200)


@page("signin.sitins")
def sitins(request: HttpRequest) -> HttpResponse:
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    meetings = page_of(request, sitting.of_year(scope, year).select_related("organisation"))
    context = {"rows": sitting.by_group(scope, year), "page": meetings, "meetings": sitting.shown(meetings)}
    return htmx.page(request, "signin/sitins.html", context | _frame(request, year))


def _frame(request: HttpRequest, year: int) -> dict[str, object]:
    return {"year": year, "before": year - 1, "may": request.scope.actions}
