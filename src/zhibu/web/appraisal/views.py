"""/appraisal/ who has done it, a branch's round, what is printed of it, and one's own results."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.appraisal import exporting, grading, queries, rounds
from zhibu.web.appraisal import methods as ways
from zhibu.web.appraisal.forms import MethodForm, OpenForm
from zhibu.web.appraisal.models import Appraisal, AppraisalLine, AppraisalMethod, Grade
from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.files import queries as files
from zhibu.web.members.about_me import own_row
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")


@page("appraisal.view")
def overview(request: HttpRequest) -> HttpResponse:
    """`?year=&state=&page=`. Branches of the reach, those that have not begun first; counts of grades, no names."""
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    state = asked.choice(request, "state", queries.STATES)
    shown = page_of(request, queries.places(scope, year, state))
    told = queries.sums(scope, year)
    own = _own(scope)
    context = {
        "page": shown,
        "rows": queries.table(scope, list(shown), year),
        "year": year,
        "years": range(scope.on.year, scope.on.year - 5, -1),
        "state": state,
        "states": queries.STATES.items(),
        "sums": told,
        "whole": sum(told.states.values()),
        "alone": own and sum(told.states.values()) <= 1,  # nobody below: only the own rounds
        "unfit": queries.unfit(scope, year),
        "own": own,
        "own_rounds": queries.rounds(scope.doing("appraisal.members")).filter(organisation=own) if own else (),
        "may_keep": own and scope.may_at("appraisal.keep", own.path),
        "may_set": scope.may("appraisal.set"),
        "may_export": scope.may("appraisal.export"),
        "unit": scope.unit,
        "grades": Grade.labels,
        "query": f"?{urlencode({'year': year, 'state': state})}",
    }
    return htmx.page(request, "appraisal/overview.html", context)


def _own(scope: Scope) -> Organisation | None:
    """The own branch, where this post reads its results."""
    rows = Organisation.objects.within(scope.doing("appraisal.members")).filter(pk=scope.organisation_id)
    return next((one for one in rows if one.is_branch), None)


@page("appraisal.export")
def export(request: HttpRequest) -> HttpResponse:
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    state = asked.choice(request, "state", queries.STATES)
    content = exporting.export(by=scope, year=year, state=state, unit=scope.unit)
    return sheets.download(content, sheets.file_name(scope.unit, "民主评议党员", str(year), scope.on))


@page("appraisal.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    here = Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
    if here is None:
        raise Http404
    form = OpenForm(request.POST or None, today=scope.on, initial={"year": scope.on.year, "roster_on": scope.on})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: rounds.open_(by=scope, organisation=here, **form.cleaned_data))
        if made:
            messages.success(request, f"已开始{made}。先核对每个人怎样参加")
            return redirect("appraisal-part", made.pk)
    way = grading.method_for(here, scope.on.year)
    words = [way[f"word_{one}"] for one in Grade.values if way[f"word_{one}"]]
    context = {"form": form, "here": here, "method": way, "words": words, "sources": grading.sources()}
    return htmx.page(request, "appraisal/new.html", context, status=422 if form.errors else 200)


@page("appraisal.members")
def appraisal(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, found(request, number)
    rows = queries.lines(scope, one)
    keeps = scope.may_at("appraisal.keep", one.organisation.path) and not one.cancelled_on
    context = _of(one, rows) | {
        "steps": _steps(one, rows, keeps),
        "next": queries.standing(one, rows),
        "next_url": _address(queries.standing(one, rows).step, one),
        "open": keeps and not (one.archived_on or one.told_from),
        "keeps": keeps,
        "may_reopen": not one.cancelled_on and scope.may_at("appraisal.reopen", one.organisation.path),
        "files": files.attachments(one),
        "share": queries.share(one, rows),
        "helped": [row for row in rows if row.grade in (Grade.BASIC, Grade.UNFIT)],
        "unfit_there": any(row.grade == Grade.UNFIT for row in rows),
    }
    return htmx.page(request, "appraisal/appraisal.html", context)


@page("appraisal.members")
def tally(request: HttpRequest, number: int) -> HttpResponse:
    """计票表 on A4."""
    one = found(request, number)
    return htmx.page(request, "appraisal/tally.html", _of(one, queries.lines(request.scope, one)))


@page("appraisal.members")
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """What is made public in the branch, on A4; 404 until it is said what that is."""
    one = found(request, number)
    if not one.told_what:
        raise Http404
    rows = queries.lines(request.scope, one)
    context = _of(one, rows) | {
        "counts": [(word, sum(row.grade == grade for row in rows)) for grade, word in one.grades.items()],
        "best": [row for row in rows if row.grade == Grade.EXCELLENT],
        "graded": [(row, one.word(row.grade)) for row in rows if row.grade],
    }
    return htmx.page(request, "appraisal/notice.html", context)


@page("me.view")
def me(request: HttpRequest) -> HttpResponse:
    """我的民主评议: the reader's own rows, wherever they were appraised and whatever the present post."""
    one = own_row(request.scope.user_id)
    rows = [(row, row.appraisal.word(row.grade), _ballots(row)) for row in queries.mine(one)] if one else []
    return htmx.page(request, "appraisal/me.html", {"one": one, "rows": rows})


@page("appraisal.set", methods=FORM)
def methods(request: HttpRequest) -> HttpResponse:
    form = MethodForm(request.POST or None, initial=grading.usual() | {"from_year": request.scope.on.year})
    if request.method == "POST" and carried_out(form, ways.set_method, by=request.scope):
        messages.success(request, "已登记评议办法。以后开始的评议照这个办法，已经开始的不变")
        return redirect("appraisal-methods")
    context = {"form": form, "methods": ways.methods(request.scope), "sources": grading.sources()}
    return htmx.page(request, "appraisal/methods.html", context, status=422 if form.errors else 200)


@page("appraisal.set", methods=("POST",))
def drop_method(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(AppraisalMethod.objects.within(request.scope), pk=number)
    try:
        ways.drop(by=request.scope, method=one)
        messages.success(request, "已删去。已经开始的评议不变")
    except Unfit as refusal:
        messages.error(request, str(refusal))
    return redirect("appraisal-methods")


def found(request: HttpRequest, number: int) -> Appraisal:
    rows = queries.rounds(request.scope).select_related("organisation", "record")
    return get_object_or_404(rows, pk=number)


def _of(one: Appraisal, rows: list[AppraisalLine]) -> dict[str, Any]:
    """What every page of a round shows."""
    return {
        "one": one,
        "here": one.organisation,
        "grades": one.grades,
        "lines": [(row, one.word(row.grade), _ballots(row, one)) for row in rows],
        "invalid": None if one.held_on is None else (one.returned or 0) - (one.valid or 0),
        "present": sum(row.part != AppraisalLine.Part.AWAY for row in rows),
    }


def _ballots(row: AppraisalLine, one: Appraisal | None = None) -> list[tuple[str, int | None]]:
    """(word, ballots) by grade, then those who marked none of them; None while not counted."""
    one = one or row.appraisal
    given = [(word, getattr(row, grade)) for grade, word in one.grades.items()]
    blank = (one.valid or 0) - sum(row.ballots.values()) if row.counted else None
    return [*given, ("没有选", blank)]


def _address(step: str | None, one: Appraisal) -> str:
    return reverse(f"appraisal-{step}", args=[one.pk]) if step else ""


def _steps(one: Appraisal, rows: list[AppraisalLine], keeps: bool) -> list[dict[str, Any]]:
    done, coming = queries.done(one, rows), queries.standing(one, rows).step
    open_ = keeps and not (one.archived_on or one.told_from)
    told = [
        {"name": word, "state": "done" if done[step] else "now" if step == coming else "todo",
         "url": _address(step, one) if open_ or (keeps and step == "archive" and step == coming) else ""}
        for step, word in queries.STEPS
    ]  # fmt: skip
    return [{"name": "谁参加", "state": "done", "url": _address("part", one) if open_ else ""}, *told]
