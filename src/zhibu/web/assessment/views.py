"""P19 试算: a draft of the scheme tried on real facts before anybody is bound by it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.assessment import actions
from zhibu.web.assessment.forms import TrialForm
from zhibu.web.assessment.models import Trial
from zhibu.web.assessment.trials import Losers, stopped, trials, working, years
from zhibu.web.core import announce, clock
from zhibu.web.core.htmx import page as render
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.sheets import download, file_name
from zhibu.web.regulations.queries import scheme_row

FORM = ("GET", "HEAD", "POST")


@page("trials.view")
def index(request: HttpRequest) -> HttpResponse:
    """The trials of one's own office and of those below."""
    return render(request, "assessment/trials.html", {"page": page_of(request, trials(request.scope), 20)}, "rows")


@page("trials.make", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """The form, filled from the version in force, or from an earlier trial (`?from=`)."""
    known = years(request.scope)
    if request.method != "POST":
        return _form(request, TrialForm(known, initial=_initial(request, known)))
    if request.POST.get("take"):
        return _form(request, TrialForm(known, initial=_taken(request, known)))
    form = TrialForm(known, request.POST)
    if not form.is_valid():
        return _form(request, form, 422)
    trial = actions.try_out(by=request.scope, year=form.cleaned_data["year"], draft=form.draft)
    return redirect("trial", trial.pk)


@page("trials.view")
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What would change, for whom, and why."""
    trial = get_object_or_404(trials(request.scope), pk=number)
    context = {
        "trial": trial,
        "working": working(trial),
        "stopped": stopped(trial),
        "result": trial.result,
        "losers": page_of(request, Losers(trial), 20),
        "may_make": request.scope.may("trials.make"),
        "burden": announce.trial_told(trial),
    }
    return render(request, "assessment/trial.html", context, "progress" if working(trial) else "rows")


@page("trials.view")
def losers(request: HttpRequest, number: int) -> HttpResponse:
    """All that lose, as a workbook."""
    trial = get_object_or_404(trials(request.scope), pk=number)
    if trial.state != Trial.State.DONE:
        raise Http404
    content = actions.export(by=request.scope, trial=trial)
    return download(content, file_name(trial.organisation.name, "试算变差的组织", str(trial.year), clock.today()))


# --- the form ------------------------------------------------------------------------------------------------------


def _form(request: HttpRequest, form: TrialForm, status: int = 200) -> HttpResponse:
    book = form["book_text"].value() or form["replaces"].value()
    context = {"form": form, "shows_book": bool(book), "ready": bool(form.fields["year"].choices)}
    return render(request, "assessment/trial_new.html", context, status=status)


def _initial(request: HttpRequest, known: list[int]) -> dict[str, Any]:
    number = request.GET.get("from", "")
    if number.isdigit() and (earlier := trials(request.scope).filter(pk=int(number)).first()):
        names = ("year", "against", "on", "scheme_text", "replaces", "book_text")
        return {name: getattr(earlier, name) for name in names}
    year = known[0] if known else request.scope.on.year
    row = scheme_row(year)
    return {"year": year, "against": row, "scheme_text": row.text if row else ""}


def _taken(request: HttpRequest, known: list[int]) -> dict[str, Any]:
    """What is typed so far, with the text that was asked for in place of the one before."""
    form = TrialForm(known, request.POST)
    typed = {name: form[name].value() for name in form.fields}
    for wanted, choice, text in (("scheme", "against", "scheme_text"), ("book", "replaces", "book_text")):
        if request.POST["take"] == wanted:
            row = form.fields[choice].queryset.filter(pk=_key(typed[choice])).first()
            typed[text] = row.text if row else ""
    return typed


def _key(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0
