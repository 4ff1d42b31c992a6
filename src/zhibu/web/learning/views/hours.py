"""/learning/hours/ 学时: of the members of an organisation by form, of one member line by line, of oneself."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.learning import actions, export, hours, queries
from zhibu.web.learning.audience import ALL, SECRETARIES, people
from zhibu.web.learning.forms import OutsideForm, VoidForm
from zhibu.web.learning.models import OutsideHours, Trainee
from zhibu.web.learning.views import places
from zhibu.web.learning.words import AUDIENCES, CHANNELS, FORMS, choices
from zhibu.web.members.about_me import own_row
from zhibu.web.members.models import Member
from zhibu.web.regulations.study import hour_rules


@page("learning.view")
def listing(request: HttpRequest) -> HttpResponse:
    """`?org=&year=&q=&page=`"""
    scope, year, area, q = request.scope, places.year(request), places.area(request), query.text(request, "q", 30)
    rows = people(scope, area, ALL)
    rows = rows.filter(name__icontains=q) if q else rows
    shown, rules = page_of(request, rows), hour_rules(year)
    context = {
        "page": shown, "rows": hours.studies(shown, year), "rules": rules,
        "forms": [word for _, word in choices(FORMS)],
        "year": year, "area": area, "q": q, "unit": places.unit(request, area),
        "may_export": scope.may("learning.export"),
    }  # fmt: skip
    return htmx.page(request, "learning/hours.html", context, "rows")


@page("learning.export")
def download(request: HttpRequest) -> HttpResponse:
    year, area = places.year(request), places.area(request)
    unit = places.unit(request, area)
    content = export.hours_book(by=request.scope, area=area, year=year, unit=unit)
    return sheets.download(content, sheets.file_name(unit, f"{year}年学时", "", request.scope.on))


@page("learning.view")
def member(request: HttpRequest, number: int) -> HttpResponse:
    """`?year=`"""
    return _member(request, places.member(request, number))


@page("learning.keep", methods=("POST",))
def note(request: HttpRequest, number: int) -> HttpResponse:
    one, form = places.member(request, number), OutsideForm(request.POST)
    if carried_out(form, actions.note, by=request.scope, member=one):
        messages.success(request, "已登记")
        return redirect("hours-of", number)
    return _member(request, one, form)


@page("learning.keep", methods=("POST",))
def void(request: HttpRequest, number: int, row: int) -> HttpResponse:
    one, form = places.member(request, number), VoidForm(request.POST)
    found = get_object_or_404(OutsideHours.objects.within(request.scope), member=one, pk=row)
    if carried_out(form, actions.void, by=request.scope, row=found):
        messages.success(request, "已作废，学时不再计入")
        return redirect("hours-of", number)
    return _member(request, one, wrong=form)


@page("me.view")
def mine(request: HttpRequest) -> HttpResponse:
    """`?year=`: one's own record, and the classes one is on the list of."""
    one, year = own_row(request.scope.user_id), places.year(request)
    context: dict[str, object] = {"one": one, "year": year, "last_year": year - 1}
    if one:
        rows = Trainee.objects.unscoped("of the reader").filter(
            member=one, training_class__ends_on__gte=request.scope.on, training_class__cancelled_on=None
        )
        context |= _year(one, year) | {"coming": rows.select_related("training_class__organisation")}
    return htmx.page(request, "learning/mine.html", context)


def _member(
    request: HttpRequest, one: Member, form: OutsideForm | None = None, wrong: forms.Form | None = None
) -> HttpResponse:
    scope, year = request.scope, places.year(request)
    context = _year(one, year) | {
        "one": one, "year": year, "last_year": year - 1, "keeps": scope.may_at("learning.keep", one.organisation.path),
        "form": form or OutsideForm(initial={"ended_on": scope.on}), "open": bool(form), "wrong": wrong,
    }  # fmt: skip
    return htmx.page(request, "learning/member.html", context, status=422 if form or wrong else 200)


def _year(one: Member, year: int) -> dict[str, object]:
    study = hours.studies([one], year)[0]
    return {"study": study, "asked": hours.asked_of(one, hour_rules(year))}


@page("learning.view")
def trained(request: HttpRequest) -> HttpResponse:
    """`?audience=&year=&org=&state=none&page=`: of an audience, who came to a class this year (M278, M295)."""
    scope, year, area = request.scope, places.year(request), places.area(request)
    audience, state = places.audience(request, SECRETARIES), query.choice(request, "state", ("none",))
    everybody = people(scope, area, audience)
    without = queries.untrained(everybody, year)
    shown = page_of(request, without if state else everybody)
    known = queries.trained(shown, year)
    context = {
        "page": shown, "rows": [(one, known.get(one.pk, [])) for one in shown], "all": everybody.count(),
        "unknown": queries.unknown_secretaries(scope, area, everybody) if audience == SECRETARIES else 0,
        "none": without.count(), "year": year, "last_year": year - 1, "audience": audience, "state": state,
        "audiences": choices(AUDIENCES), "area": area, "unit": places.unit(request, area),
        "word": dict(choices(AUDIENCES)).get(audience, audience), "may_export": scope.may("learning.export"),
    }  # fmt: skip
    return htmx.page(request, "learning/trained.html", context, "rows")


@page("learning.export")
def trained_download(request: HttpRequest) -> HttpResponse:
    year, area, audience = places.year(request), places.area(request), places.audience(request, SECRETARIES)
    none, unit = query.choice(request, "state", ("none",)) == "none", places.unit(request, area)
    content = export.trained_book(by=request.scope, area=area, year=year, audience=audience, none=none, unit=unit)
    return sheets.download(content, sheets.file_name(unit, f"{year}年受训情况", "", request.scope.on))


@page("learning.view")
def report(request: HttpRequest) -> HttpResponse:
    """`?year=`: classes by organiser with totals (M279), hours by channel (M288)."""
    scope, year = request.scope, places.year(request)
    rows = queries.report(scope, year, scope.on)
    context = {
        "rows": rows, "year": year, "last_year": year - 1, "unit": places.unit(request),
        "count": sum(one.classes for one in rows), "people": sum(one.people for one in rows),
        "hours": sum((one.hours for one in rows), hours.NOTHING), "channels": hours.by_channel(scope, year),
        "may_export": scope.may("learning.export"), "channel_words": choices(CHANNELS),
    }  # fmt: skip
    return htmx.page(request, "learning/report.html", context)


@page("learning.export")
def report_download(request: HttpRequest) -> HttpResponse:
    year, unit = places.year(request), places.unit(request)
    content = export.report_book(by=request.scope, year=year, unit=unit)
    return sheets.download(content, sheets.file_name(unit, f"{year}年办班情况", "", request.scope.on))
