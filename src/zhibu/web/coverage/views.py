"""/coverage/ 两新单位: the register, its workbook, entering and changing a unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.coverage import actions, export, queries
from zhibu.web.coverage.forms import EnterForm, UnitForm
from zhibu.web.coverage.models import Unit, UnitKind
from zhibu.web.coverage.queries import COVERED, FLAGS, Asked

FORM = ("GET", "HEAD", "POST")


@page("coverage.view")
def units(request: HttpRequest) -> HttpResponse:
    """`?q=&kind=&place=&covered=&flag=&committee=&authority=&mine=&page=`"""
    scope, asked = request.scope, asked_of(request)
    context = {
        "asked": asked,
        "page": page_of(request, queries.listed(scope, asked)),
        "any": Unit.objects.within(scope).exists(),
        "filters": queries.filters(scope, asked),
        "unit": request.scope.unit,
        "kinds": UnitKind.choices,
        "places": queries.places(scope),
        "covered": COVERED,
        "flags": FLAGS,
        "may_keep": scope.may("coverage.keep"),
        "may_export": scope.may("coverage.export"),
        "may_import": scope.may("imports.registers"),
    }
    return htmx.page(request, "coverage/units.html", context, "rows")


@page("coverage.export")
def download(request: HttpRequest) -> HttpResponse:
    content = export.register(by=request.scope, asked=asked_of(request), unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "单位台账", "", request.scope.on))


@page("coverage.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    form = EnterForm(request.POST or None, scope=scope, initial={"starts_on": scope.on})
    if request.method == "POST" and form.is_valid() and (made := tried(form, lambda: _enter(scope, form))):
        messages.success(request, f"已登记 {made.name}")
        return redirect("unit", made.pk)
    return htmx.page(request, "coverage/form.html", {"form": form}, status=422 if form.errors else 200)


def _enter(scope: object, form: EnterForm) -> Unit:
    told = dict(form.cleaned_data)
    committee, starts_on, document = (told.pop(name) for name in ("committee", "starts_on", "document"))
    return actions.enter(by=scope, fields=told, committee=committee, starts_on=starts_on, document=document)


@page("coverage.keep", methods=FORM)
def change(request: HttpRequest, number: int) -> HttpResponse:
    scope, here = request.scope, found(request, number)
    start = {name: getattr(here, name) for name in actions.FIELDS}
    start |= {"place": here.place_id, "authority": here.authority.code if here.authority else ""}
    form = UnitForm(request.POST or None, scope=scope, initial=start)
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: actions.change(by=scope, unit=here, fields=form.cleaned_data)):
        messages.success(request, "已修改")
        return redirect("unit", number)
    return htmx.page(request, "coverage/form.html", {"form": form, "here": here}, status=422 if form.errors else 200)


def asked_of(request: HttpRequest) -> Asked:
    place = query.text(request, "place", 12)
    return Asked(
        q=query.text(request, "q", 40),
        kind=query.choice(request, "kind", UnitKind.values),
        place=int(place) if place.isascii() and place.isdigit() else None,
        covered=query.choice(request, "covered", COVERED),
        flag=query.choice(request, "flag", FLAGS),
        committee=query.text(request, "committee", 20),
        authority=query.text(request, "authority", 20),
        mine=query.choice(request, "mine", ("1",)) == "1",
    )


def found(request: HttpRequest, number: int) -> Unit:
    """The unit within reach, as the list shows it."""
    return get_object_or_404(queries.units(request.scope), pk=number)
