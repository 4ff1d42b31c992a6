"""Organisations as places of a page: the one asked for, where a post begins, the path above it."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation


def place(scope: Scope, code: str) -> Organisation | None:
    """The organisation of that code within reach; None when there is none, which reads alike."""
    if not code or len(code) > 20 or "\x00" in code:
        return None
    return Organisation.objects.within(scope).filter(code=code).first()


def home_area(scope: Scope) -> Organisation | None:
    """Where the post begins: its own organisation; None for a leader, who begins with the contact points."""
    return Organisation.objects.within(scope).filter(pk=scope.organisation_id, path__in=scope.prefixes).first()


def breadcrumb(scope: Scope, area: Organisation | None, period: str = "") -> list[tuple[str, str]]:
    """The organisation path; superiors outside the reach are named without a link."""
    if area is None:
        return []
    found = []
    for one in tree.ancestors(area):
        url = f"{reverse('board')}?area={one.code}&period={period}" if scope.reaches(one.path) else ""
        found.append((one.short_name or one.name, url))
    return [*found, (area.short_name or area.name, "")] if found else []


def branch_url(code: str) -> str:
    return reverse("organisation", args=[code])


def why_url(code: str, key: str, period: str) -> str:
    """The page that explains one verdict."""
    book, _, rule = key.partition("/")
    return reverse("why", args=[code, book, rule, period])
