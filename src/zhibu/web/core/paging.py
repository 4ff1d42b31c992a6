"""Pages of 50 rows, never more than 200 (ux.md 8.2)."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 50


def page_of(request: HttpRequest, rows: object, size: int = ROWS) -> Page:
    """The page `?page=` names; the nearest one when the number is nonsense."""
    return Paginator(rows, min(size, 200)).get_page(request.GET.get("page"))  # type: ignore[arg-type]
