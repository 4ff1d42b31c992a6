"""What a reader asked for, mostly in the query string: cleaned, cut, never trusted."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 60  # characters of a search text


def text(request: HttpRequest, name: str, longest: int = LONGEST) -> str:
    """One line of text without control characters; empty when absent."""
    asked = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", request.GET.get(name, "")[: longest * 4])
    return " ".join(asked.split())[:longest]


def choice(request: HttpRequest, name: str, choices: Collection[str]) -> str:
    """The value when it is one of the choices, else empty."""
    asked = request.GET.get(name, "")
    return asked if asked in choices else ""


def onward(request: HttpRequest, url: str) -> str:
    """`url` when it leads to a page of this host, to be used in a redirect; else empty.

    A path or a whole address: `redirect` would take a bare word for the name of a view.
    """
    inside = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if inside and url.isprintable() and (url.startswith("/") or "://" in url) else ""


def year(request: HttpRequest, present: int) -> int:
    """`?year=2025`; the present one for anything else."""
    asked = request.GET.get("year", "")
    plain = asked.isascii() and asked.isdecimal() and len(asked) == 4 and asked >= "2000"
    return int(asked) if plain else present


def day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
