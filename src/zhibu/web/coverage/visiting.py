"""People sent and their visits: who has not been to a unit for long; who is missing where there is no organisation."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.coverage.models import Assignment, Unit
from zhibu.web.coverage.queries import working


def assignments(scope: Scope) -> QuerySet[Assignment]:
    """Those of today, with `last` and `times` of their visits; the longest not seen first."""
    rows = Assignment.objects.within(scope).filter(held(scope.on)).select_related("unit", "unit__organisation")
    rows = rows.annotate(last=Max("visits__visited_on"), times=Count("visits"))
    return rows.order_by("last", "starts_on", "name", "pk")


def days_since(row: Assignment, on: date) -> int:
    """Days since the last visit, or since the person was sent."""
    return (on - (row.last or row.starts_on)).days


def overdue(scope: Scope, days: int | None) -> list[Assignment]:
    """Those of today with `since`; `days`: only who has not been there for more days than that."""
    found = list(assignments(scope))
    for row in found:
        row.since = days_since(row, scope.on)
    return [row for row in found if days is None or row.since > days]


def usual_days() -> int | None:
    """How many days may pass without a visit: the installation's setting. No text at hand gives a number."""
    return settings.COVERAGE_VISIT_DAYS


def alone(scope: Scope) -> QuerySet[Unit]:
    """Operating units with neither an organisation nor anybody sent: M232 asks for an instructor."""
    return working(scope).filter(mode=None, sent=False)


def not_ripe(scope: Scope) -> QuerySet[Unit]:
    """Units the office has noted as not ready for an organisation, each with its reason (M232)."""
    return working(scope).filter(mode=None).exclude(not_ripe="")
