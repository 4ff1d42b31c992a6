"""/procedures/shelf/try/ 试走: a version, or a text of one's own, walked with any days. Nothing is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.engine import holidays
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.model import Case as EngineCase
from zhibu.engine.procedures.model import Procedure, Record, Votes
from zhibu.engine.procedures.standing import check, standing
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.procedures import library, publishing, words
from zhibu.web.procedures.casework import scalars
from zhibu.web.procedures.forms import StepForm, TryForm, told_values, value_field
from zhibu.web.procedures.library import Versions
from zhibu.web.procedures.track import newest
from zhibu.web.procedures.views.shelf import own, said


@page("procedures.try", methods=("GET", "HEAD", "POST"))
def walk(request: HttpRequest) -> HttpResponse:
    """`?procedure=key`, or a text in the form; POST walks it."""
    here, scope = own(request), request.scope
    data = request.POST if request.method == "POST" else None
    key = (request.POST.get("procedure") or request.GET.get("procedure", ""))[:60]
    form = TryForm(data, today=scope.on)
    books, _ = library.binding(here.path)
    versions: Versions = books.get(key, ())
    text = request.POST.get("text", "")[:200_000].replace("\r\n", "\n")
    if text.strip():
        try:
            versions = publishing.tried(here, text)
        except EngineError as error:
            form.full_clean()
            for fault in error.faults:
                form.add_error("text", said(fault))
            versions = ()
    if key and not versions and not text.strip():
        raise Http404
    context: dict[str, Any] = {
        "form": form, "key": key, "books": sorted((newest(found, scope.on) for found in books.values()), key=_title),
    }  # fmt: skip
    if versions:
        context |= _walked(form, versions, data, scope.on)
    return htmx.page(request, "procedures/try.html", context, status=422 if form.errors else 200)


def _title(book: Procedure) -> str:
    return book.title


def _walked(form: TryForm, versions: Versions, data: Any, today: date) -> dict[str, Any]:
    on = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    book = newest(versions, on or today)
    everything = frozenset(one.id for one in book.papers)
    forms = [
        StepForm(data, step=one, versions=versions, there=everything, optional=True, prefix=one.id)
        for one in book.steps
    ]  # fmt: skip
    starts = _starts(book, data)
    context = {"book": book, "starts": starts, "steps": [(one, words.step_words(book, one.step)) for one in forms]}
    if on is None:
        return context
    starts.full_clean()
    values = scalars(versions, told_values(starts.cleaned_data, [one for one in book.values if one.at_start]))
    case = EngineCase(form.cleaned_data["opened"], values)
    walked, trouble = [], ""
    try:
        for one in sorted((one for one in forms if one.is_valid() and one.cleaned_data["done"]), key=_day):
            record = _record(one, versions, everything, str(len(case.records)))
            reasons = check(versions, case, record, on, holidays.official())
            taken = all(reason.weight == "hint" for reason in reasons)
            walked.append((one.step, record, reasons, taken))
            if taken:
                case = replace(case, records=(*case.records, record))
        answer = standing(versions, case, on, holidays.official())
    except EngineError as error:
        answer, trouble = None, "；".join(fault.wrong for fault in error.faults)
    return context | {"walked": walked, "answer": answer, "trouble": trouble, "on": on}


def _day(form: StepForm) -> date:
    return form.cleaned_data["done"]  # sorted is stable: steps of one day stay in the order of the file


def _record(form: StepForm, versions: Versions, papers: frozenset[str], key: str) -> Record:
    entry = form.entry()
    return Record(
        step=form.step.id,
        done=entry.done,
        begun=entry.begun,
        outcome=entry.outcome,
        values=scalars(versions, entry.values),
        votes=Votes(**entry.votes) if entry.votes else None,
        papers=papers,  # on paper all papers are there
        reason=entry.reason,
        key=key,
    )


def _starts(book: Procedure, data: Any):
    from django import forms

    form = forms.Form(data)
    for one in book.values:
        if one.at_start:
            form.fields[f"v_{one.id}"] = value_field(one)
    return form
