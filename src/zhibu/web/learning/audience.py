"""Who is meant by an audience: read from the roster, never entered. A word a county adds means nobody on the roster."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import overlapping
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.organisations.models import Organisation, Sector

SECRETARIES, TEAM, RURAL, NEW, ALL = (
    "audience_secretaries", "audience_team", "audience_rural", "audience_new", "audience_all",
)  # fmt: skip
IN_OFFICE = ~Q(branch_post="")  # as the engine's is_committee_member has it


def meant(audience: str, on: date) -> Q:
    """Members of an audience on a day. 新党员: on probation, or full members for less than a year."""
    if audience == SECRETARIES:
        return Q(branch_post="书记")
    if audience == TEAM:
        return IN_OFFICE
    if audience == RURAL:
        return IN_OFFICE & Q(organisation__sector__in=(Sector.VILLAGE, Sector.TOWNSHIP))
    if audience == NEW:
        return Q(kind=MemberKind.PROBATIONARY) | Q(full_on__gt=_year_before(on))
    return Q() if audience == ALL else Q(pk__in=[])


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=min(on.day, 28))


def people(scope: Scope, area: Organisation | None, audience: str) -> QuerySet[Member]:
    """Those of the roster of today within reach, by organisation and name: never by anything one could rank."""
    rows = Member.objects.within(scope).filter(overlapping(scope.on, None, ends="left_on"), meant(audience, scope.on))
    rows = rows.filter(subtree("organisation__path", area.path)) if area else rows
    return rows.select_related("organisation").order_by("organisation__path", "initials", "name", "pk")
