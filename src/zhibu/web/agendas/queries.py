"""Special meetings and persons in charge by body, as records and posts have them; how recurring items stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from zhibu.web.agendas.models import AgendaItem, InCharge
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.members.identity import months_later
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.records.models import Record, Review
from zhibu.web.regulations.activities import read

LEADING = (Kind.PARTY_GROUP, Kind.COMMITTEE, Kind.WORK_COMMITTEE, Kind.ORGAN_COMMITTEE)
SPECIAL, HEARD = "party_work_meeting", "party_work_report"
SOON = timedelta(days=14)


@dataclass(slots=True)
class Line:
    """One body in one year."""

    place: Organisation
    special: list[Record] = field(default_factory=list)  # the latest first
    heard: int = 0
    person: InCharge | None = None

    @property
    def last(self) -> date | None:
        return self.special[0].held_on if self.special else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A recurring item: when it was last taken up, and by when again."""

    item: AgendaItem
    last: Record | None
    due_on: date
    on: date

    @property
    def status(self) -> str:
        return "late" if self.due_on < self.on else "soon" if self.due_on - self.on <= SOON else "done"

    @property
    def says(self) -> str:
        return f"{day_words(self.due_on, self.on)}{'已过' if self.status == 'late' else '前'}"


def bodies(scope: Scope) -> QuerySet[Organisation]:
    """Leading bodies within reach."""
    return Organisation.objects.within(scope).filter(kind__in=LEADING, dissolved_on=None).order_by("path")


def lines(scope: Scope, year: int) -> list[Line]:
    """Bodies without a special meeting first, then those with nobody in charge, then in the order of the tree."""
    found = {one.pk: Line(one) for one in bodies(scope)}
    for one in of_kinds(scope, year, (SPECIAL, HEARD)).filter(organisation__in=found):
        line = found[one.organisation_id]
        line.heard += HEARD in one.types
        if SPECIAL in one.types:
            line.special.append(one)
    for place, person in in_charge(scope, found).items():
        found[place].person = person
    return sorted(found.values(), key=lambda line: (bool(line.special), bool(line.person), line.place.path))


def of_kinds(scope: Scope, year: int, kinds: Iterable[str]) -> QuerySet[Record]:
    """Records of leading bodies in a year that have one of these types; what counts is what rules count."""
    rows = Record.objects.within(scope).filter(
        organisation__kind__in=LEADING, held_on__year=year, held_on__lte=scope.on, withdrawn_at=None
    )
    wanted = set(kinds)
    keys = [
        pk
        for pk, types in rows.exclude(review=Review.RETURNED).order_by().values_list("pk", "types")
        if wanted & set(types)
    ]
    return Record.objects.within(scope).filter(pk__in=keys).order_by("-held_on", "-pk")


def in_charge(scope: Scope, places: Iterable[int]) -> Mapping[int, InCharge]:
    """Organisation → who is in charge today; who left the office is not."""
    rows = InCharge.objects.within(scope).filter(held(scope.on), organisation__in=list(places))
    rows = rows.select_related("tenure__office")
    return {one.organisation_id: one for one in rows if one.tenure.ends_on is None or one.tenure.ends_on >= scope.on}


def standings(scope: Scope, place: Organisation) -> list[Standing]:
    """The recurring items of a body that hold today."""
    items = list(AgendaItem.objects.within(scope).filter(held(scope.on), organisation=place))
    if not items:
        return []
    rows = Record.objects.within(scope).filter(
        organisation=place, held_on__gte=min(one.starts_on for one in items), held_on__lte=scope.on, withdrawn_at=None
    )
    last: dict[str, Record] = {}
    for one in rows.exclude(review=Review.RETURNED).order_by("held_on", "pk"):
        last |= dict.fromkeys(one.types, one)
    return [_standing(one, last.get(one.kind), scope.on) for one in items]


def _standing(item: AgendaItem, last: Record | None, on: date) -> Standing:
    begun = last.held_on if last and last.held_on >= item.starts_on else item.starts_on
    return Standing(item, last, months_later(begun, item.every), on)


def history(scope: Scope, place: Organisation) -> QuerySet[InCharge]:
    return InCharge.objects.within(scope).filter(organisation=place).select_related("tenure__office")


def kinds() -> list[str]:
    """Types of activity a recurring item may go by."""
    return list(read()["leading"]["types"])
