"""/basics/ 基础资料: the branches of the reach with what is missing, or the own branch; one organisation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.dashboards import basics
from zhibu.web.dashboards.places import home_area, place
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation


@page("branch.view")
def show(request: HttpRequest) -> HttpResponse:
    """`?q=&page=`; a post at a branch sees its own."""
    scope, q = request.scope, query.text(request, "q")
    here = home_area(scope)
    if here and here.kind in BRANCH_KINDS:
        return _sheet(request, here)
    shown = page_of(request, basics.branches(scope, q))
    context = {"page": shown, "rows": basics.sheets(scope, list(shown)), "q": q, "items": basics.ITEMS}
    return htmx.page(request, "dashboards/basics.html", context)


@page("branch.view")
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    if (here := place(request.scope, code)) is None:
        raise Http404
    return _sheet(request, here)


def _sheet(request: HttpRequest, here: Organisation) -> HttpResponse:
    (found,) = basics.sheets(request.scope, [here])
    return htmx.page(request, "dashboards/basics_sheet.html", {"here": here, "sheet": found, "on": request.scope.on})
