"""/tasks/problems/ 问题清单: what was found where, what was required because of it, and how far that is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.records.queries import record
from zhibu.web.tasks import problems as acts
from zhibu.web.tasks import queries
from zhibu.web.tasks.forms import FaultsForm, ProblemsForm, WithdrawForm

FORM = ("GET", "HEAD", "POST")


@page("tasks.view")
def problems(request: HttpRequest) -> HttpResponse:
    """`?source=&state=&record=&page=`"""
    scope = request.scope
    sources = queries.sources(scope)
    source, state = query.choice(request, "source", sources), query.choice(request, "state", queries.ANSWERED)
    number = query.text(request, "record", 20)
    rows = queries.listed(scope, source, state, number)
    context = {
        "page": page_of(request, rows), "source": source, "state": state, "number": number, "sources": sources,
        "states": queries.ANSWERED, "unit": scope.unit, "may_issue": scope.may("tasks.issue"),
        "waiting": queries.listed(scope, "", "open").count(), "own": scope.organisation_id,
        "faults": scope.may("tasks.issue") and queries.faults(scope).exists(),
    }  # fmt: skip
    return htmx.page(request, "tasks/problems.html", context, "rows")


@page("tasks.issue", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    initial = {"found_on": scope.on, "record": query.text(request, "record", 20)}
    form = ProblemsForm(request.POST if request.method == "POST" else None, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        told["record"] = record(scope, told["record"]) if told["record"] else None
        if tried(form, lambda: acts.note(by=scope, **told)):
            messages.success(request, f"已登记 {len(told['found'])} 条。选上同类的，提要求")
            return redirect("problems")
    return htmx.page(request, "tasks/problems_new.html", {"form": form}, status=422 if form.errors else 200)


@page("tasks.issue", methods=FORM)
def faults(request: HttpRequest) -> HttpResponse:
    """Faults of organisation life that are not on the list yet."""
    scope = request.scope
    form = FaultsForm(request.POST if request.method == "POST" else None, faults=queries.faults(scope))
    if request.method == "POST" and carried_out(form, acts.take_over, by=scope):
        messages.success(request, "已列入清单")
        return redirect("problems")
    context = {"form": form, "any": queries.faults(scope).exists()}
    return htmx.page(request, "tasks/faults.html", context, status=422 if form.errors else 200)


@page("tasks.issue", methods=FORM)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    own = queries.problems(request.scope).filter(organisation=request.scope.organisation_id)
    one = get_object_or_404(own, pk=number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, acts.withdraw, by=request.scope, problem=one):
        messages.success(request, "已撤回")
        return redirect("problems")
    return htmx.page(
        request, "tasks/problem_withdraw.html", {"form": form, "one": one}, status=422 if form.errors else 200
    )
