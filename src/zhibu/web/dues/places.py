"""From an address to a row within reach, or a 404 that tells no difference."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from zhibu.web.dues import queries
from zhibu.web.dues.forms import read_month
from zhibu.web.dues.models import Payment
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation


def place(request: HttpRequest, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), code=code)


def member(request: HttpRequest, number: int) -> Member:
    rows = Member.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def month(request: HttpRequest, today: date) -> date:
    """`?month=2026-11`; this month for anything else. A later one than next year's end is nonsense too."""
    found = read_month(request.GET.get("month", "")[:10])
    return found if found and found <= date(today.year + 1, 12, 1) else today.replace(day=1)


def year(request: HttpRequest, today: date) -> int:
    asked = request.GET.get("year", "")
    plain = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if plain and 2009 <= int(asked) <= today.year + 1 else today.year


def payment(request: HttpRequest, number: int) -> Payment:
    return get_object_or_404(queries.payments(request.scope), pk=number)
