"""What the query strings and addresses of these pages name: found within reach, or a 404 that tells no difference."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from zhibu.web.core.scope import Scope
from zhibu.web.learning import queries
from zhibu.web.learning.models import Resource, TrainingClass
from zhibu.web.learning.words import AUDIENCES, choices
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation


def year(request: HttpRequest) -> int:
    asked, now = request.GET.get("year", ""), request.scope.on.year
    plain = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if plain and 2009 <= int(asked) <= now + 1 else now


def area(request: HttpRequest) -> Organisation | None:
    """`?org=code`; None when it is not given."""
    code = request.GET.get("org", "")
    if not code:
        return None
    found = None if len(code) > 20 or "\x00" in code else _within(request.scope).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _within(scope: Scope):  # type: ignore[no-untyped-def]
    return Organisation.objects.within(scope)


def audience(request: HttpRequest, usual: str = "") -> str:
    asked = request.GET.get("audience", "")
    return asked if asked in dict(choices(AUDIENCES)) else usual


def held(request: HttpRequest, number: int) -> TrainingClass:
    rows = TrainingClass.objects.within(request.scope).select_related("organisation", "record")
    return get_object_or_404(rows, pk=number)


def member(request: HttpRequest, number: int) -> Member:
    rows = Member.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def resource(request: HttpRequest, number: int) -> Resource:
    return get_object_or_404(queries.resources(request.scope), pk=number)


def unit(request: HttpRequest, chosen: Organisation | None = None) -> str:
    return (chosen.short_name or chosen.name) if chosen else request.scope.unit
