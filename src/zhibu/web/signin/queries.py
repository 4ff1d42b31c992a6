"""Reads, scope first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.records.models import Way
from zhibu.web.records.queries import roster
from zhibu.web.records.sheet import usual
from zhibu.web.signin.models import Guest, Meeting, Sign


def meetings(scope: Scope) -> QuerySet[Meeting]:
    """Of the reach, the latest first."""
    rows = Meeting.objects.within(scope).select_related("organisation", "record")
    return rows.annotate(signed=Count("signs", distinct=True)).order_by("-held_on", "-pk")


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    sign: Sign | None
    frail: bool  # nothing is demanded of him (JY-11)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The roster of the day with who signed in. `expected` without the frail; without guests always."""

    rows: list[Row]
    guests: list[Guest]

    @property
    def expected(self) -> int:
        return sum(row.sign is not None or not row.frail for row in self.rows)

    @property
    def there(self) -> list[Row]:
        return [row for row in self.rows if row.sign]

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if not row.sign]

    def by(self, way: str) -> int:
        return sum(row.sign is not None and row.sign.way == way for row in self.rows)

    @property
    def ways(self) -> list[tuple[str, int]]:
        return [(str(way.label), self.by(way)) for way in Way if self.by(way)]


def sheet(scope: Scope, meeting: Meeting) -> Sheet:
    people = list(roster(scope, meeting.organisation, meeting.held_on))
    asked_out = usual(people, meeting.types)
    signs = {one.member_id: one for one in Sign.objects.within(scope).filter(meeting=meeting)}
    guests = list(Guest.objects.within(scope).filter(meeting=meeting).order_by("pk"))
    return Sheet([Row(one, signs.get(one.pk), one.pk in asked_out) for one in people], guests)
