"""/coverage/stations/ 工作站和片区: who looks after which part of the county."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.coverage import gaps, grounds, queries
from zhibu.web.coverage.forms import DayForm, PlaceForm, StationForm
from zhibu.web.coverage.models import Place, Station

FORM = ("GET", "HEAD", "POST")


@page("coverage.view")
def stations(request: HttpRequest) -> HttpResponse:
    return _stations(request)


def _stations(request: HttpRequest, form: StationForm | None = None) -> HttpResponse:
    scope = request.scope.doing("coverage.view")
    near = Prefetch("neighbours", Place.objects.within(scope), to_attr="near")
    places, counts = list(queries.places(scope).prefetch_related(near)), queries.counts(scope)
    for one in places:
        one.there = counts[one.pk]
    keeps = scope.may("coverage.keep")
    keeping = scope.doing("coverage.keep")
    context = {
        "stations": [(one, [at for at in places if at.station_id == one.pk]) for one in queries.stations(scope)],
        "places": places,
        "unserved": gaps.unserved(scope), "keeps": keeps,
        "form": form or (StationForm(scope=keeping, initial={"on": scope.on}) if keeps else None),
        "wrong": form is not None, "today": scope.on,
    }  # fmt: skip
    return htmx.page(request, "coverage/stations.html", context, status=422 if form else 200)


@page("coverage.keep", methods=("POST",))
def open_station(request: HttpRequest) -> HttpResponse:
    form = StationForm(request.POST, scope=request.scope)
    if form.is_valid() and tried(form, lambda: grounds.open_station(by=request.scope, **form.cleaned_data)):
        messages.success(request, f"已设立 {form.cleaned_data['name']}，再把片区交给它")
        return redirect("stations")
    return _stations(request, form)


@page("coverage.keep", methods=("POST",))
def close_station(request: HttpRequest, number: int) -> HttpResponse:
    station = get_object_or_404(Station.objects.within(request.scope), pk=number)
    form = DayForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: grounds.close_station(by=request.scope, station=station, on=form.cleaned_data["on"])
    ):
        messages.success(request, f"{station.name} 已撤销")
    else:
        messages.error(request, "；".join(str(one) for errors in form.errors.values() for one in errors))
    return redirect("stations")


@page("coverage.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    return _place(request, None)


@page("coverage.keep", methods=FORM)
def change(request: HttpRequest, number: int) -> HttpResponse:
    here = get_object_or_404(queries.places(request.scope), pk=number)
    return _place(request, here)


def _place(request: HttpRequest, here: Place | None) -> HttpResponse:
    scope = request.scope
    start = _start(request, here) if here else {}
    form = PlaceForm(request.POST or None, scope=scope, initial=start)
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: grounds.place(by=scope, old=here, **form.cleaned_data)):
        messages.success(request, f"已登记片区 {form.cleaned_data['name']}")
        return redirect("stations")
    return htmx.page(request, "coverage/place.html", {"form": form, "here": here}, status=422 if form.errors else 200)


def _start(request: HttpRequest, here: Place) -> dict[str, object]:
    near = queries.neighbours(request.scope).get(here.pk, ())
    return {
        "name": here.name, "committee": here.organisation.code, "park": here.park, "station": here.station_id,
        "neighbours": [str(pk) for pk in near],
    }  # fmt: skip
