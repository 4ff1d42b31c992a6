"""/burden/ 负担: who asks how much, in the open; a branch's month; units' months; minutes estimated and answered."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.audit.forms import tried
from zhibu.web.burden import actions, queries
from zhibu.web.burden.estimates import spoken
from zhibu.web.burden.forms import AnswerForm, EstimatesForm
from zhibu.web.burden.issuers import issuers, years
from zhibu.web.burden.loads import unit_loads
from zhibu.web.burden.month import load, rows_of
from zhibu.web.core import announce, asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.duties.queries import month as month_of
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")
ANSWERED = "已答复。估时的单位看得到几个组织这样说，看不到是谁"


@page("burden.read")
def ledger(request: HttpRequest) -> HttpResponse:
    """`?year=2026&page=`: every issuer's year, with the arithmetic."""
    known = years()
    year = asked.year(request, request.scope.on.year)
    rows = issuers(year)
    context = {
        "year": year, "years": known, "page": page_of(request, rows), "total": spoken(sum(row.total for row in rows)),
        "unknown": sum(row.unknown for row in rows),
        "may_estimate": request.scope.may("burden.estimate"), "may_view": request.scope.may("burden.view"),
    }  # fmt: skip
    return htmx.page(request, "burden/ledger.html", context, "rows")


@page("month.view")
def month(request: HttpRequest) -> HttpResponse:
    """`?month=2026-11`: the own branch's month, line by line."""
    scope, here = request.scope, _own(request)
    first = _month(request)
    found = month_of(scope, here, first)
    beside = announce.month_rows(scope, here.pk) if first == scope.on.replace(day=1) else []
    told = load(here, first, rows_of(found, beside), asked=True)
    context = {
        "here": here, "first": first, "load": told, "total": spoken(told.total), "query": f"{first:%Y-%m}",
        "may_answer": scope.may("burden.answer"), "says": AnswerForm.base_fields["says"].choices[1:],
    }  # fmt: skip
    return htmx.page(request, "burden/month.html", context)


@page("burden.answer", methods=("POST",))
def answer(request: HttpRequest) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        if tried(form, lambda: actions.answer(by=request.scope, key=told["key"], says=told["says"])):
            messages.success(request, ANSWERED if told["says"] else "已撤回")
        month = told["month"] if _day(told["month"]) else ""
        return redirect(f"{reverse('burden-month')}{f'?month={month}' if month else ''}")
    messages.error(request, "没有答复成：选“更久”“差不多”或“更短”")
    return redirect("burden-month")


@page("burden.view")
def units(request: HttpRequest) -> HttpResponse:
    """`?month=&page=`: the month of each unit in reach, in the order of the tree."""
    scope, first = request.scope, _month(request)
    shown = page_of(request, queries.units(scope), 30)
    context = {"page": shown, "rows": unit_loads(scope, list(shown), first), "first": first, "query": f"{first:%Y-%m}"}
    return htmx.page(request, "burden/units.html", context, "rows")


@page("burden.estimate", methods=FORM)
def estimates(request: HttpRequest) -> HttpResponse:
    """The rules in force with their minutes; all of them on one form."""
    scope, here = request.scope, _own(request)
    lines = queries.rule_lines(here)
    known = {line.key: line.told.minutes for line in lines if line.told}
    form = EstimatesForm([line.key for line in lines], known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {key: value for key, value in form.told.items() if known.get(key) != value}
        done = tried(form, lambda: actions.estimate(by=scope, told=told, note=form.cleaned_data["note"]))
        if done:
            messages.success(request, f"已记下 {done} 项，负担账跟着变")
            return redirect("burden-estimates")
    rows = [(line, form[f"minutes_{number}"]) for number, line in enumerate(lines)]
    context = {"form": form, "rows": rows, "missing": sum(line.told is None for line in lines)}
    return htmx.page(request, "burden/estimates.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), pk=request.scope.organisation_id)


def _month(request: HttpRequest) -> date:
    return _day(request.GET.get("month", "")) or request.scope.on.replace(day=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
