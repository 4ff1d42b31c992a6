"""P12 督办台 and its workbook."""

from __future__ import annotations

import re
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.dashboards.late import Asked, late
from zhibu.web.dashboards.late_export import export, file_name
from zhibu.web.dashboards.late_words import conclusion, group_text
from zhibu.web.dashboards.places import breadcrumb, home_area, place
from zhibu.web.duties.queries import evaluated_years
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.queries import rules_by_name


@page("late.view")
def show(request: HttpRequest) -> HttpResponse:
    """`?area=&by=branch|item&k=rulebook/rule&year=2026&page=`"""
    asked = _asked(request)
    found = late(request.scope, asked)
    text = group_text(found, request.build_absolute_uri(request.path))
    context = {
        "late": found,
        "asked": asked,
        "area": asked.area,
        "conclusion": conclusion(found),
        "items": {f"{book}/{rule}": row.title for (book, rule), row in rules_by_name().items()},
        "years": evaluated_years(),
        "breadcrumb": breadcrumb(request.scope, asked.area),
        "may_export": request.scope.may("board.export"),
        "may_ask": {one.organisation.pk for one in found.rows if _may_ask(request.scope, one.organisation)},
        "group_text": text,
        "group_rows": min(20, text.count("\n") + 1),
    }
    return htmx.page(request, "dashboards/late.html", context)


@page("board.export")
def download(request: HttpRequest) -> HttpResponse:
    asked = replace(_asked(request), by="branch", page="1")
    return sheets.download(export(by=request.scope, asked=asked), file_name(request.scope, asked))


def _may_ask(scope: Scope, here: Organisation) -> bool:
    return here.dissolved_on is None and scope.may_at("reminders.ask", here.path)


def _asked(request: HttpRequest) -> Asked:
    scope: Scope = request.scope
    code = request.GET.get("area", "")
    area = place(scope, code) if code else home_area(scope)
    if code and area is None:
        raise Http404
    item = query.text(request, "k", 130)
    year = request.GET.get("year", "")
    years = [str(one) for one in evaluated_years() if one <= scope.on.year]
    return Asked(
        area=area,
        by=query.choice(request, "by", ("branch", "item")) or "branch",
        item=item if re.fullmatch(r"[\w.-]+/[\w.-]+", item) else "",
        year=int(year) if year in years else scope.on.year,
        page=query.text(request, "page", 6),
    )
