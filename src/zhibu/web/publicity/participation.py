"""参与面: how many of a unit's members took part in something, instead of how many slogans hang there. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, QuerySet

from zhibu.web.campaigns.models import Campaign
from zhibu.web.campaigns.queries import campaigns, units
from zhibu.web.core.scope import Scope, any_subtree
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Attendance, Record


@dataclass(frozen=True, slots=True)
class Part:
    """Of `members` on the roster today, `active` were present at least once."""

    place: Organisation
    members: int
    active: int
    records: int
    listed: int  # of the records, those that list who was there

    @property
    def unknown(self) -> bool:
        """There were activities, but none of them says who was there (imported books give numbers alone)."""
        return bool(self.records) and not self.listed

    @property
    def share(self) -> Decimal | None:
        """0–1; None where nobody is on the roster, or nobody can know."""
        return Decimal(self.active) / self.members if self.members and not self.unknown else None


def parts(scope: Scope, first: date, last: date, campaign: Campaign | None = None) -> list[Part]:
    """Organisations with a roster, in the order of the tree. `campaign`: only its units and what is below them."""
    places = Organisation.objects.within(scope).filter(dissolved_on=None)
    if campaign:
        places = places.filter(any_subtree("path", [one.path for one in units(scope, campaign)]))
    roster = Member.objects.within(scope).filter(left_on=None).order_by()
    heads = _many(roster.filter(organisation__in=places), "organisation", "pk")
    held = Record.objects.within(scope).filter(withdrawn_at=None, held_on__range=(first, last), organisation__in=places)
    records = _many(held.order_by(), "organisation", "pk")
    there = Attendance.objects.filter(
        record__in=held.order_by().values("pk"), member__in=roster.values("pk"), state=Attendance.State.PRESENT,
        member__organisation=F("record__organisation"),
    )  # fmt: skip
    active = _many(there.order_by(), "record__organisation", "member")
    sheets = Attendance.objects.filter(record__in=held.order_by().values("pk")).order_by()
    listed = _many(sheets, "record__organisation", "record")
    found = places.filter(pk__in=list(heads)).order_by("path")
    return [
        Part(one, heads[one.pk], active.get(one.pk, 0), records.get(one.pk, 0), listed.get(one.pk, 0)) for one in found
    ]


def _many(rows: QuerySet, by: str, what: str) -> dict[int, int]:
    return dict(rows.values(by).annotate(many=Count(what, distinct=True)).values_list(by, "many"))


def choices(scope: Scope) -> QuerySet[Campaign]:
    """Campaigns whose units may be looked at; none for who may not look at campaigns."""
    return campaigns(scope.doing("campaigns.view"))
