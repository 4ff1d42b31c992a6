"""Which campaigns a post sees, their units, records and remarks. Office staff see the campaign they are seated in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet

from zhibu.web.access.models import Post, Role
from zhibu.web.campaigns.models import Campaign, Enrolment, OfficeStaff, Remark
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

OPEN = Q(kind=Remark.Kind.RETURN, replied_on=None, record__withdrawn_at=None, record__version__lte=F("version"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one unit is: counted from the records that are there."""

    unit: Organisation
    records: int
    last: date | None
    open: int  # returned and not settled
    remarks: int

    @property
    def status(self) -> str:
        return "returned" if self.open else "done" if self.records else "todo"

    @property
    def says(self) -> str:
        return f"{self.open} 条待修改" if self.open else "有记录" if self.records else "还没有记录"


def campaigns(scope: Scope) -> QuerySet[Campaign]:
    """Those of the committees in reach and those the units in reach take part in; the last to end first."""
    rows = Campaign.objects.unscoped("seen by its committee and its units, as filtered here")
    there = Enrolment.objects.within(scope).values("campaign")
    rows = rows.filter(scope.where("organisation__path") | Q(pk__in=there))
    if scope.role == Role.CAMPAIGN_STAFF:
        seats = OfficeStaff.objects.unscoped("the own seats").filter(post_id=scope.post_id)
        rows = rows.filter(pk__in=seats.values("campaign"))
    return rows.select_related("organisation").order_by("-ends_on", "-pk")


def units(scope: Scope, campaign: Campaign) -> QuerySet[Organisation]:
    """The units of the campaign within reach."""
    there = Enrolment.objects.within(scope).filter(campaign=campaign)
    return Organisation.objects.within(scope).filter(pk__in=there.values("organisation")).order_by("path")


def records(scope: Scope, campaign: Campaign) -> QuerySet[Record]:
    """Records of the campaign's units in reach, held in its days; the latest first."""
    rows = Record.objects.within(scope).filter(
        organisation__in=units(scope, campaign), held_on__range=(campaign.starts_on, campaign.ends_on)
    )
    return rows.filter(withdrawn_at=None).select_related("organisation").order_by("-held_on", "-pk")


def remarks(scope: Scope, campaign: Campaign) -> QuerySet[Remark]:
    return Remark.objects.within(scope).filter(campaign=campaign).select_related("record__organisation")


def progress(scope: Scope, campaign: Campaign) -> list[Progress]:
    """A row for each unit in reach; three queries, however many units."""
    held = records(scope, campaign).order_by().values("organisation")
    done = {row["organisation"]: row for row in held.annotate(number=Count("pk"), last=Max("held_on"))}
    said = remarks(scope, campaign).order_by().values("record__organisation")
    told = {
        row["record__organisation"]: row for row in said.annotate(number=Count("pk"), open=Count("pk", filter=OPEN))
    }
    rows = []
    for unit in units(scope, campaign):
        had, heard = done.get(unit.pk, {}), told.get(unit.pk, {})
        rows.append(Progress(unit, had.get("number", 0), had.get("last"), heard.get("open", 0), heard.get("number", 0)))
    return sorted(rows, key=lambda row: (not row.open, bool(row.records), row.unit.path))


def staff(scope: Scope, campaign: Campaign) -> list[tuple[OfficeStaff, list[Organisation]]]:
    """Who staffs the office, each with the units looked after; for those who keep the campaign."""
    rows = OfficeStaff.objects.within(scope.doing("campaigns.keep")).filter(campaign=campaign)
    found = list(rows.select_related("post__user").order_by("post__ends_on", "pk"))
    links = Post.points.through.objects.filter(post__in=[one.post_id for one in found])
    pairs = list(links.values_list("post", "organisation"))
    reach = Organisation.objects.within(scope).in_bulk([unit for _, unit in pairs])
    return [(one, [reach[unit] for post, unit in pairs if post == one.post_id and unit in reach]) for one in found]
