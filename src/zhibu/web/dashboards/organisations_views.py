"""P14 组织: search first, no tree; and one organisation's direct subordinates."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.dashboards import organisations as find
from zhibu.web.dashboards.places import breadcrumb, home_area, place
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Sector

RECENT = "recent_organisations"  # session key; forgotten at sign-out
KEPT = 8
AREAS = 200  # choices of one list


@page("organisations.view")
def show(request: HttpRequest) -> HttpResponse:
    """`?q=&kind=&sector=&area=&page=`; without a question: own area, counts, and what was opened lately."""
    scope, code = request.scope, request.GET.get("area", "")
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
        "found": find.with_paths(rows) if rows else [],
        "listed": listed,
        "home": home_area(scope),
        "counts": find.counts(scope),
        "areas": find.areas(scope)[:AREAS],
        "kinds": Kind.choices,
        "sectors": Sector.choices,
        "recent": find.recent(scope, request.session.get(RECENT, [])[:KEPT]),
    }
    return htmx.page(request, "dashboards/organisations.html", context)


@page("organisations.view")
def below(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation with its direct subordinates; remembered in the session as opened lately."""
    here = place(request.scope, code)
    if here is None:
        raise Http404
    _remember(request, code)
    context = {
        "here": here,
        "breadcrumb": breadcrumb(request.scope, here),
        "page": page_of(request, tree.children(here).within(request.scope).filter(dissolved_on=None)),
    }
    return htmx.page(request, "dashboards/organisations_below.html", context)


def _remember(request: HttpRequest, code: str) -> None:
    lately = request.session.get(RECENT, [])
    if lately[:1] != [code]:
        request.session[RECENT] = [code, *(one for one in lately if one != code)][:KEPT]
