"""One page, two faces: the whole page for a browser, one of its partials for htmx."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: dict[str, Any], partial: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or its `{% partialdef partial %}` when htmx asks for a part of the page."""
    name = f"{template}#{partial}" if partial and request.headers.get("HX-Request") == "true" else template
    response = render(request, name, context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
