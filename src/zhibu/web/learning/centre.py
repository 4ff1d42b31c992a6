"""Sessions of the leaders' study group: those in reach, and those that superiors show as an example."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.learning import queries
from zhibu.web.learning.models import CentreAttendance, CentreSession
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

THERE = Count("attendances", filter=Q(attendances__state="present"))


def readable(scope: Scope) -> QuerySet[CentreSession]:
    shown = Q(example=True, organisation__path__in=queries.above_and_here(scope))
    rows = CentreSession.objects.unscoped("a superior shows it").filter(scope.where(CentreSession.scope_path) | shown)
    return rows.select_related("organisation")


def of_year(scope: Scope, year: int) -> list[CentreSession]:
    """Those within reach by day, with how many were there."""
    rows = CentreSession.objects.within(scope).filter(planned_on__year=year).select_related("organisation")
    return list(rows.annotate(there=THERE, all=Count("attendances")).order_by("planned_on", "pk")[:500])


def examples(scope: Scope, year: int) -> QuerySet[CentreSession]:
    """Of superiors, to be read by those below."""
    rows = readable(scope).filter(
        example=True, organisation__path__in=queries.above_and_here(scope), held_on__year=year
    )
    rows = rows.exclude(organisation=scope.organisation_id)
    return rows.order_by("-held_on", "-pk")


def attendance(scope: Scope, session: CentreSession) -> dict[int, tuple[str, str]]:
    """Seat → name and state; empty for a reader who sees the example alone."""
    rows = CentreAttendance.objects.within(scope).filter(session=session).select_related("seat").order_by("seat")
    return {one.seat_id: (one.seat.name, one.state) for one in rows}


def keeps(scope: Scope, here: Organisation | None) -> bool:
    """A group sits at a committee or leading group, not at a branch."""
    return here is not None and scope.may("learning.centre") and here.kind not in BRANCH_KINDS
