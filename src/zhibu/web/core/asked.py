"""What a reader asked for in the query string: cleaned, cut, never trusted."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from django.http import HttpRequest

LONGEST = 60  # characters of a search text


def text(request: HttpRequest, name: str, longest: int = LONGEST) -> str:
    """One line of text without control characters; empty when absent."""
    asked = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", request.GET.get(name, "")[: longest * 4])
    return " ".join(asked.split())[:longest]


def choice(request: HttpRequest, name: str, choices: Collection[str]) -> str:
    """The value when it is one of the choices, else empty."""
    asked = request.GET.get(name, "")
    return asked if asked in choices else ""


def day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
