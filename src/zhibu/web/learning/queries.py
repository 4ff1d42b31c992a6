"""Classes, trainees, resources and who was trained; scope first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import overlapping
from zhibu.web.learning.models import Booking, Resource, Trainee, TrainingClass
from zhibu.web.members.models import Member
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

WHY = "of a class found within reach: a number"


def here(scope: Scope) -> Organisation | None:
    return Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()


def above_and_here(scope: Scope) -> list[str]:
    """Paths of all above the post's organisation, and its own if the post reaches it (a leader's does not): what these
    keep for those below is read by all below."""
    own = finding.own(scope)
    if own is None:
        return []
    return [*tree.ancestor_paths(own.path), *([own.path] if scope.reaches(own.path) else [])]


def classes(scope: Scope, year: int, audience: str = "", q: str = "") -> QuerySet[TrainingClass]:
    rows = TrainingClass.objects.within(scope).filter(starts_on__year=year)
    rows = rows.filter(audience=audience) if audience else rows
    rows = rows.filter(Q(name__icontains=q) | Q(organisation__name__icontains=q)) if q else rows
    went = Count("trainees", filter=Q(trainees__attended=True))
    rows = rows.select_related("organisation").annotate(enrolled=Count("trainees"), went=went)
    return rows.order_by("-starts_on", "-pk")


def trainees(scope: Scope, held: TrainingClass) -> QuerySet[Trainee]:
    """Those the reader reaches; restricted members are nobody's."""
    rows = Trainee.objects.within(scope).filter(training_class=held, member__in=Member.objects.within(scope))
    rows = rows.select_related("member__organisation", "training_class")
    return rows.order_by("member__organisation__path", "member__initials", "pk")


@dataclass(frozen=True, slots=True)
class Report:
    """办班情况 of one organiser in a year. `people`: 人次, trainees who came and those outside the rosters."""

    organisation: Organisation
    classes: int
    people: int
    hours: Decimal


def report(scope: Scope, year: int, today: date) -> list[Report]:
    """By organiser; classes that have begun and were not called off. Two queries."""
    rows = TrainingClass.objects.within(scope).filter(starts_on__year=year, starts_on__lte=today, cancelled_on=None)
    told = rows.order_by().values("organisation").annotate(n=Count("pk"), others=Sum("others"), hours=Sum("hours"))
    came = Trainee.objects.unscoped(WHY).filter(training_class__in=rows, attended=True)
    went = dict(came.order_by().values_list("training_class__organisation").annotate(Count("pk")))
    places = Organisation.objects.within(scope).in_bulk([one["organisation"] for one in told])
    found = [
        Report(places[one["organisation"]], one["n"], one["others"] + went.get(one["organisation"], 0), one["hours"])
        for one in told
    ]
    return sorted(found, key=lambda one: one.organisation.path)


def unknown_secretaries(scope: Scope, area: Organisation | None, known: QuerySet[Member]) -> int:
    """Branches that name a secretary whom nobody on the roster is: their training can't be told."""
    rows = Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None)
    rows = rows.filter(subtree("path", area.path)) if area else rows
    return rows.exclude(secretary_name="").exclude(pk__in=known.order_by().values("organisation")).count()


def trained(members: Iterable[Member], year: int) -> dict[int, list[TrainingClass]]:
    """Member → classes of the year he came to."""
    rows = Trainee.objects.unscoped("of members the caller may see").filter(
        member__in=[one.pk for one in members], attended=True, training_class__ends_on__year=year,
        training_class__cancelled_on=None,
    )  # fmt: skip
    found: dict[int, list[TrainingClass]] = {}
    for one in rows.select_related("training_class").order_by("training_class__ends_on", "pk"):
        found.setdefault(one.member_id, []).append(one.training_class)
    return found


def untrained(rows: QuerySet[Member], year: int) -> QuerySet[Member]:
    came = Trainee.objects.unscoped("narrows members the caller may see").filter(
        attended=True, training_class__ends_on__year=year, training_class__cancelled_on=None
    )
    return rows.exclude(pk__in=came.values("member"))


def resources(scope: Scope) -> QuerySet[Resource]:
    """Those kept in the reach and those of superiors, which may be booked by all below."""
    reach = scope.where(Resource.scope_path) | Q(organisation__path__in=above_and_here(scope))
    rows = Resource.objects.unscoped("a superior's resources are there for those below").filter(reach)
    return rows.select_related("organisation").order_by(F("closed_on").desc(nulls_first=True), "kind", "name", "pk")


def taken(resource: Resource, first: date, last: date | None = None) -> QuerySet[Booking]:
    """Its bookings on these days, whoever made them: a page shows the days, and the class where it is in reach."""
    rows = Booking.objects.unscoped("whether a resource is free").filter(overlapping(first, last), resource=resource)
    return rows.select_related("training_class__organisation")
