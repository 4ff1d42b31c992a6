"""Who is meant by an audience: read from the roster, never entered. A word a county adds means nobody on the roster."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import held, overlapping
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.offices.models import BODY, Office, Tenure
from zhibu.web.organisations.models import Organisation, Sector

SECRETARIES, TEAM, RURAL, NEW, ALL = (
    "audience_secretaries", "audience_team", "audience_rural", "audience_new", "audience_all",
)  # fmt: skip
WHY = "narrows members the caller may see"


def meant(audience: str, on: date) -> Q:
    """Members of an audience on a day. 新党员: on probation, or full members for less than a year."""
    if audience == SECRETARIES:
        return _secretary(on)
    if audience == TEAM:
        return _in_office(on)
    if audience == RURAL:
        return _in_office(on) & Q(organisation__sector__in=(Sector.VILLAGE, Sector.TOWNSHIP))
    if audience == NEW:
        return Q(kind=MemberKind.PROBATIONARY) | Q(full_on__gt=_year_before(on))
    return Q() if audience == ALL else Q(pk__in=[])


def _secretary(on: date) -> Q:
    """By the roster's post, the register of offices, or the name the organisation has for its secretary."""
    named = Q(organisation__secretary_name=F("name")) & ~Q(name="")
    return Q(branch_post="书记") | named | Q(Exists(_tenures(on, [Office.Kind.SECRETARY])))


def _in_office(on: date) -> Q:
    return ~Q(branch_post="") | _secretary(on) | Q(Exists(_tenures(on, BODY)))


def _tenures(on: date, kinds: Collection[str]) -> QuerySet[Tenure]:
    rows = Tenure.objects.unscoped(WHY).filter(held(on), office__kind__in=kinds)
    return rows.filter(member=OuterRef("pk"))


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=min(on.day, 28))


def people(scope: Scope, area: Organisation | None, audience: str) -> QuerySet[Member]:
    """Those of the roster of today within reach, by organisation and name: never by anything one could rank."""
    rows = Member.objects.within(scope).filter(overlapping(scope.on, None, ends="left_on"), meant(audience, scope.on))
    rows = rows.filter(subtree("organisation__path", area.path)) if area else rows
    return rows.select_related("organisation").order_by("organisation__path", "initials", "name", "pk")
