"""Which seats there are, who sits on them, which are empty and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import held
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Office, Opinion, Standard, Talk, Tenure, TermReminder
from zhibu.web.offices.standards import standards
from zhibu.web.organisations.models import Kind, Organisation

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seats:
    """An office with those who hold it today. `since`: the first day of the present shortage; None: all are taken."""

    office: Office
    holders: tuple[Tenure, ...]
    since: date | None
    on: date

    @property
    def vacant(self) -> int:
        return max(0, self.office.seats - len(self.holders))

    @property
    def days(self) -> int:
        """Days without, today included."""
        return (self.on - self.since).days + 1 if self.since else 0

    @property
    def names(self) -> str:
        return "、".join(one.name for one in self.holders)


def seats(scope: Scope, area: Organisation | None = None) -> list[Seats]:
    """Every office there is today, by organisation, then as the kinds stand in the model."""
    order = {kind: place for place, kind in enumerate(Office.Kind.values)}
    offices = inside(Office.objects.within(scope).filter(held(scope.on)), "organisation__path", area)
    found = sorted(
        offices.select_related("organisation"), key=lambda one: (one.organisation.path, order[one.kind], one.pk)
    )
    tenures: dict[int, list[Tenure]] = defaultdict(list)
    rows = inside(Tenure.objects.within(scope), "office__organisation__path", area)
    for one in rows.filter(starts_on__lte=scope.on).order_by("starts_on", "pk"):
        tenures[one.office_id].append(one)
    return [_seats(office, tenures[office.pk], scope.on) for office in found]


def _seats(office: Office, tenures: Sequence[Tenure], on: date) -> Seats:
    now = tuple(one for one in tenures if one.ends_on is None or one.ends_on >= on)
    return Seats(office, now, short_since(office.starts_on, office.seats, tenures, on), on)


def short_since(start: date, number: int, tenures: Iterable[Tenure], on: date) -> date | None:
    """The first day of the stretch up to `on` in which fewer than `number` held the office; None when it is full."""
    change: dict[date, int] = defaultdict(int)
    change[start] += 0
    for one in tenures:
        change[max(start, one.starts_on)] += 1
        if one.ends_on:
            change[max(start, one.ends_on + DAY)] -= 1
    count, since = 0, None
    for day in sorted(day for day in change if day <= on):
        count += change[day]
        since = None if count >= number else since or day
    return since


def current(scope: Scope, area: Organisation | None = None) -> QuerySet[Tenure]:
    """Who is in office today, by organisation."""
    rows = inside(Tenure.objects.within(scope).filter(held(scope.on)), "office__organisation__path", area)
    return rows.select_related("office__organisation").order_by("office__organisation__path", "starts_on", "pk")


def ended_with(scope: Scope, here: Organisation) -> list[Tenure]:
    """Who was in office on the last day of an organisation that is no more."""
    rows = Tenure.objects.within(scope).filter(office__organisation=here, ends_on=here.dissolved_on)
    return list(rows.select_related("office").order_by("pk")) if here.dissolved_on else []


def left_lately(scope: Scope, here: Organisation) -> list[Tenure]:
    """Who left office within a year, the last first, with the paper (the letter of a transfer, a decision)."""
    rows = Tenure.objects.within(scope).filter(
        office__organisation=here, ends_on__lte=scope.on, ends_on__gt=scope.on - timedelta(days=365)
    )
    return list(rows.select_related("office").order_by("-ends_on", "pk"))


def people(scope: Scope, tenures: Iterable[Tenure]) -> dict[int, Member]:
    """Key → the member behind a tenure, where the reader may see members there; for age and education."""
    keys = sorted({one.member_id for one in tenures if one.member_id})
    rows = Member.objects.within(scope.doing("members.view"))
    return {one.pk: one for chunk in batched(keys, 500) for one in rows.filter(pk__in=chunk)}


def without_party_office(scope: Scope, area: Organisation | None, found: Iterable[Seats]) -> list[Organisation]:
    """Organ committees that should have a head of the Party office (M007) and have no such office at all."""
    decided = standards(Standard.Key.PARTY_OFFICE)
    there = {one.office.organisation_id for one in found if one.office.kind == Office.Kind.OFFICE_HEAD}
    rows = Organisation.objects.within(scope).filter(kind=Kind.ORGAN_COMMITTEE, dissolved_on=None)
    rows = inside(rows, "path", area).order_by("path") if decided else rows.none()
    return [one for one in rows if one.pk not in there and decided.get_nearest(one.path)]


def talks(scope: Scope, area: Organisation | None = None) -> QuerySet[Talk]:
    rows = inside(Talk.objects.within(scope), Talk.scope_path, area)
    return rows.select_related("tenure__office__organisation").order_by("held_on", "due_on", "pk")


def opinions(scope: Scope, area: Organisation | None = None) -> QuerySet[Opinion]:
    rows = inside(Opinion.objects.within(scope), "organisation__path", area)
    return rows.select_related("organisation").order_by("closed_on", "due_on", "pk")


def reminder(scope: Scope, here: Organisation) -> TermReminder | None:
    """The reminder that still stands: nobody has been elected since."""
    found = TermReminder.objects.within(scope).filter(organisation=here).order_by("ends_on").last()
    return found if found and (here.elected_on is None or here.elected_on < found.sent_on) else None


def inside[Q: QuerySet](rows: Q, lookup: str, area: Organisation | None) -> Q:
    return rows.filter(subtree(lookup, area.path)) if area else rows
