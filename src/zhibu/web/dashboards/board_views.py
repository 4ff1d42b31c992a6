"""P13 挂图作战, its wall view and its workbook."""

from __future__ import annotations

import re
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.dashboards import months
from zhibu.web.dashboards.board import Asked, Board, board
from zhibu.web.dashboards.board_export import export, file_name
from zhibu.web.dashboards.board_totals import rows_of
from zhibu.web.dashboards.board_words import conclusion, group_text
from zhibu.web.dashboards.places import breadcrumb, home_area, place
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation, Sector

WALL_ROWS = 20


@page("board.view")
def show(request: HttpRequest) -> HttpResponse:
    """`?area=&period=2026-11&k=rulebook/rule&only=late&sector=&part=&page=`: the whole state is in the address."""
    asked = _asked(request)
    found = board(request.scope, asked)
    text = group_text(found, request.build_absolute_uri(request.path))
    context = {**_context(request.scope, found), "group_text": text, "group_rows": min(20, text.count("\n") + 1)}
    return htmx.page(request, "dashboards/board.html", context)


@page("board.view")
def wall(request: HttpRequest) -> HttpResponse:
    """投屏: the same table, larger, light on dark, renewed every ten minutes."""
    found = board(request.scope, replace(_asked(request), size=WALL_ROWS))
    return render(request, "dashboards/board_wall.html", _context(request.scope, found))


@page("board.export")
def download(request: HttpRequest) -> HttpResponse:
    asked = replace(_asked(request), page="1")
    content = export(by=request.scope, asked=asked)
    return sheets.download(content, file_name(request.scope, asked))


def _asked(request: HttpRequest) -> Asked:
    scope: Scope = request.scope
    area = place(scope, request.GET.get("area", "")) if request.GET.get("area") else home_area(scope)
    if request.GET.get("area") and area is None:
        raise Http404
    part = request.GET.get("part", "")
    item = query.text(request, "k", 130)
    return Asked(
        month=months.chosen(request.GET.get("period", ""), scope.on),
        area=area,
        item=item if re.fullmatch(r"[\w.-]+/[\w.-]+", item) else "",
        only_late=request.GET.get("only") == "late",
        sector=query.choice(request, "sector", Sector.values),
        part=int(part) if re.fullmatch(r"[0-9]{1,2}", part) else 0,
        page=query.text(request, "page", 6),
    )


def _context(scope: Scope, found: Board) -> dict[str, object]:
    asked = found.asked
    return {
        "board": found,
        "asked": asked,
        "area": asked.area,
        "unit": asked.area.name if asked.area else "我的联系点",
        "conclusion": conclusion(found),
        "breadcrumb": breadcrumb(scope, asked.area, asked.month.label),
        "months": months.choices(scope.on),
        "sectors": _sectors(scope, asked),
        "areas": _areas(scope, asked),
        "may_export": scope.may("board.export"),
        "stale": bool(found.evaluation and (found.evaluation.stale or found.evaluation.as_of < scope.on)),
    }


def _sectors(scope: Scope, asked: Asked) -> list[tuple[str, str]]:
    """Only sectors that occur among the rows are offered."""
    there = set(rows_of(scope, replace(asked, sector="")).order_by().values_list("sector", flat=True).distinct())
    return [(value, label) for value, label in Sector.choices if value in there]


def _areas(scope: Scope, asked: Asked) -> list[Organisation]:
    """The area itself and the committees one step below it, to go there without the table."""
    if asked.area is None:
        return []
    below = tree.children(asked.area).within(scope).filter(numchild__gt=0).only("code", "name", "short_name")
    return [asked.area, *below[:100]]
