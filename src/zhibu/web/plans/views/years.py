"""/plans/years/<code>/ 全年一览: twelve months of one organisation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.plans.queries import meetings
from zhibu.web.plans.queries import year as queries
from zhibu.web.plans.views.plans import asked_year


@page("plans.view")
def year(request: HttpRequest, code: str) -> HttpResponse:
    """`?year=`"""
    place = meetings.organisation_of(request.scope, code)
    if place is None:
        raise Http404
    chosen = asked_year(request)
    context = {
        "place": place,
        "year": chosen,
        "years": range(request.scope.on.year + 1, request.scope.on.year - 4, -1),
        "seen": queries.of(request.scope, place, chosen),
        "months": range(1, 13),
    }
    return htmx.page(request, "plans/year.html", context)
