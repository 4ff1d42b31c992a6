"""Addresses of the board, built from what was understood, never from the raw query string."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from zhibu.web.dashboards.cells import Cell
from zhibu.web.dashboards.places import branch_url, why_url

register = template.Library()
register.filter("branch_url", branch_url)
register.simple_tag(why_url)


@register.simple_tag(takes_context=True)
def board_url(context: dict[str, Any], to: str = "board", **changes: Any) -> str:
    """This board with some choices changed; an empty value removes the choice, a new area keeps month and item."""
    asked = context["asked"]
    state = {
        "area": asked.area.code if asked.area else "",
        "period": asked.month.label,
        "k": asked.item,
        "only": "late" if asked.only_late else "",
        "sector": asked.sector,
        "part": asked.part or "",
        **changes,
    }
    return f"{reverse(to)}?{urlencode({name: value for name, value in state.items() if value not in ('', None)})}"


@register.simple_tag
def cell_label(name: str, cell: Cell) -> str:
    """第七党支部 党课: the hidden words before the status."""
    return f"{name} {cell.item.title}"


@register.simple_tag(takes_context=True)
def late_url(context: dict[str, Any], to: str = "late", **changes: Any) -> str:
    """The 督办台 with some choices changed."""
    asked = context["asked"]
    state = {
        "area": asked.area.code if asked.area else "",
        "by": asked.by if asked.by != "branch" else "",
        "k": asked.item,
        "year": asked.year,
        **changes,
    }
    return f"{reverse(to)}?{urlencode({name: value for name, value in state.items() if value not in ('', None)})}"
