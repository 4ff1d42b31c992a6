"""P14 组织: search first, no tree; one organisation with its history; and the tree as it stood on a day."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.dashboards import organisations as find
from zhibu.web.dashboards.organisations_life import acts, export, told
from zhibu.web.dashboards.places import breadcrumb, home_area, place
from zhibu.web.organisations import history, supervision, tree
from zhibu.web.organisations.finding import with_paths
from zhibu.web.organisations.models import Kind, Sector

RECENT = "recent_organisations"  # session key; forgotten at sign-out
KEPT = 8
AREAS = 200  # choices of one list


@page("organisations.view")
def show(request: HttpRequest) -> HttpResponse:
    """`?q=&kind=&sector=&area=&page=`; without a question: own area, counts, and what was opened lately. `?on=`: the
    tree of that day."""
    scope, code = request.scope, request.GET.get("area", "")
    if "on" in request.GET:
        return _as_of(request)
    area = place(scope, code) if code else None
    if code and area is None:
        raise Http404
    asked = find.Asked(
        q=query.text(request, "q"),
        kind=query.choice(request, "kind", Kind.values),
        sector=query.choice(request, "sector", Sector.values),
        area=area,
    )
    # A leader with a few contact points sees them at once.
    listed = asked.anything or home_area(scope) is None
    rows = page_of(request, find.search(scope, asked)) if listed else None
    context = {
        "asked": asked,
        "page": rows,
        "found": with_paths(rows) if rows else [],
        "listed": listed,
        "home": home_area(scope),
        "counts": find.counts(scope),
        "areas": find.areas(scope)[:AREAS],
        "kinds": Kind.choices,
        "sectors": Sector.choices,
        "recent": find.recent(scope, request.session.get(RECENT, [])[:KEPT]),
    }
    return htmx.page(request, "dashboards/organisations.html", context)


def _as_of(request: HttpRequest) -> HttpResponse:
    day = query.day(request, "on")
    if day is None:
        messages.warning(request, "日期写成 2024-05-01 的样子")
        return redirect("organisations")
    context = {
        "day": day,
        "page": page_of(request, history.as_of(request.scope, day), 100),
        "may_export": request.scope.may("organisations.export"),
    }
    return htmx.page(request, "dashboards/organisations_as_of.html", context)


@page("organisations.export")
def download(request: HttpRequest) -> HttpResponse:
    """`?on=`: the tree of that day, of today without it, as a workbook."""
    scope = request.scope
    day = query.day(request, "on") or scope.on
    unit = home_area(scope)
    name = sheets.file_name(unit.short_name or unit.name if unit else "", "党组织", day.isoformat(), scope.on)
    return sheets.download(export(by=scope, day=day), name)


@page("organisations.view")
def below(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation, its superiors and history, with its direct subordinates; remembered as opened lately."""
    scope, here = request.scope, place(request.scope, code)
    if here is None:
        raise Http404
    _remember(request, code)
    steps = history.changes(here)
    context = {
        "here": here,
        "breadcrumb": breadcrumb(scope, here),
        "superior": tree.superior(here),
        "lines": [line for line in supervision.superiors(here) if line.ends_on is None or line.ends_on >= scope.on],
        "changes": told(here, steps),
        "acts": acts(scope, here, bool(steps)),
        "page": page_of(request, tree.children(here).within(scope).filter(dissolved_on=None)),
    }
    return htmx.page(request, "dashboards/organisations_below.html", context)


def _remember(request: HttpRequest, code: str) -> None:
    lately = request.session.get(RECENT, [])
    if lately[:1] != [code]:
        request.session[RECENT] = [code, *(one for one in lately if one != code)][:KEPT]
