"""到会率 (M027): by member inside the branch and for the member alone; by branch for superiors. No order by rate.

Counted from records that stand. 不作要求 (JY-11) counts for nobody and against nobody; no expectation, no rate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.records.models import Attendance, Record
from zhibu.web.records.queries import roster

State = Attendance.State
WHY = "of members or organisations found within reach"


@dataclass(frozen=True, slots=True)
class Held:
    """How often somebody was where he was expected."""

    states: Counter[str]

    @property
    def expected(self) -> int:
        return sum(self.states[state] for state in State if state != State.EXCUSED)

    @property
    def present(self) -> int:
        return self.states[State.PRESENT]

    @property
    def leave(self) -> int:
        return self.states[State.LEAVE]

    @property
    def away(self) -> int:
        return self.states[State.AWAY]

    @property
    def absent(self) -> int:
        return self.states[State.ABSENT]

    @property
    def excused(self) -> int:
        return self.states[State.EXCUSED]

    @property
    def share(self) -> float | None:
        return self.present / self.expected if self.expected else None


def of_members(people: Iterable[Member], year: int) -> dict[int, Held]:
    """Member → attendance at the meetings of his present branch in a year."""
    told: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Attendance.objects.filter(
        member__in=[one.pk for one in people], record__organisation=F("member__organisation")
    )
    rows = rows.filter(record__held_on__year=year, record__withdrawn_at=None)
    for member, state in rows.values_list("member", "state"):
        told[member][state] += 1
    return {member: Held(states) for member, states in told.items()}


def by_member(scope: Scope, organisation: Organisation, year: int) -> list[tuple[Member, Held]]:
    """The roster of today in its own order, by pinyin."""
    people = list(roster(scope, organisation, scope.on))
    held = of_members(people, year)
    return [(one, held.get(one.pk, Held(Counter()))) for one in people]


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one organisation: records with heads counted, heads expected and present."""

    organisation: Organisation
    expected: int
    present: int

    @property
    def share(self) -> float | None:
        return self.present / self.expected if self.expected else None


def branches(scope: Scope) -> QuerySet[Organisation]:
    rows = Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None)
    return rows.order_by("path")


def sums(scope: Scope, places: Collection[Organisation], year: int) -> list[Sums]:
    found = {
        place: (expected or 0, present or 0)
        for place, expected, present in _counted(scope, year)
        .filter(organisation__in=places)
        .values("organisation")
        .annotate(asked=Sum("expected"), there=Sum("present"))
        .values_list("organisation", "asked", "there")
    }
    return [Sums(place, *found.get(place.pk, (0, 0))) for place in places]


def whole(scope: Scope, year: int) -> tuple[int, int]:
    """Expected and present of everything within reach."""
    told = _counted(scope, year).aggregate(asked=Sum("expected"), there=Sum("present"))
    return told["asked"] or 0, told["there"] or 0


def _counted(scope: Scope, year: int) -> QuerySet[Record]:
    rows = Record.objects.within(scope).filter(held_on__year=year, withdrawn_at=None)
    return rows.filter(Q(expected__gt=0) & Q(present__isnull=False)).order_by()
