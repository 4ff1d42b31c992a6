"""列席: who must be invited to a leading group's meeting of a category (M046). The rule is data/sitins.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Q, QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.offices.models import Tenure
from zhibu.web.organisations.models import Kind, Organisation, Supervision
from zhibu.web.signin.models import Meeting, SitIn

WHY = "whom a group must invite is for the group: office-holders of the organisations that it guides"
GROUPS = (Kind.PARTY_GROUP, Kind.COMMITTEE)


@cache
def rule() -> dict[str, Any]:
    return yaml.safe_load((Path(__file__).parent / "data" / "sitins.yaml").read_text("utf-8"))


def categories(place: Organisation) -> list[tuple[str, str]]:
    """What a meeting of this organisation may be; only leading groups are asked."""
    return list(rule()["categories"].items()) if place.kind in GROUPS else []


def category_word(category: str) -> str:
    return str(rule()["categories"].get(category, ""))


def required(meeting: Meeting) -> list[Tenure]:
    """Full-time secretaries and deputies of the organisations guided by the group on that day, without its members."""
    if not meeting.category:
        return []
    day, told = held(meeting.held_on), rule()
    guided = Supervision.objects.unscoped(WHY).filter(day, superior=meeting.organisation, kind=Supervision.Kind.GUIDED)
    rows = Tenure.objects.unscoped(WHY).filter(
        day, office__organisation__in=guided.values("organisation"), office__kind__in=told["offices"]
    )
    if told["full_time"]:
        rows = rows.filter(full_time=True)
    inside = Tenure.objects.unscoped(WHY).filter(day, office__organisation=meeting.organisation)
    seats = list(inside.values_list("member", "name"))
    rows = rows.exclude(member__in=[member for member, _ in seats if member])
    outside = rows.exclude(Q(member=None) & Q(name__in=[name for member, name in seats if not member]))
    return list(outside.select_related("office__organisation").order_by("office__organisation__path", "pk"))


def office_of(tenure: Tenure) -> str:
    place = tenure.office.organisation
    return f"{place.short_name or place.name}{tenure.office.title}"


def derive(meeting: Meeting) -> None:
    """The list follows category and day; what is noted of somebody stays. Inside the transaction of a write."""
    rows, wanted = meeting.sitins.unscoped("of the meeting in hand"), {one.pk: one for one in required(meeting)}
    rows.filter(invited=False, attended=None, why="").exclude(tenure__in=wanted).delete()
    there = set(rows.values_list("tenure", flat=True))
    SitIn.objects.bulk_create(
        SitIn(meeting=meeting, tenure=one, name=one.name, office=office_of(one)[:160])
        for pk, one in wanted.items()
        if pk not in there
    )


@action("signin.invite")
def note(*, by: Scope, meeting: Meeting, told: dict[int, tuple[bool, bool | None, str]]) -> int:
    """Row → (invited, attended, why not) of those who must be invited. Raises Unfit without a reason where one is
    needed, NotAllowed for another's meeting. Gives how many were noted."""
    kept = reached(Meeting.objects.within(by).select_related("organisation"), meeting.pk)
    derive(kept)
    rows = [_noted(row, told[row.pk]) for row in lines(kept) if row.pk in told]
    for row in rows:
        row.save(update_fields=["invited", "attended", "why"])
    new = {row.name: [row.invited, row.attended, row.why] for row in rows}
    write(
        by=by, action="signin.invite", sentence=f"登记列席：{kept.title}，{len(rows)} 人", thing=kept,
        organisation=kept.organisation, new={"sitins": new}, happened_on=kept.held_on,
    )  # fmt: skip
    return len(rows)


def lines(meeting: Meeting) -> list[SitIn]:
    """Who must be invited to a meeting found within reach, and what is noted of each."""
    return list(meeting.sitins.unscoped("of the meeting in hand").order_by("pk"))


def _noted(row: SitIn, told: tuple[bool, bool | None, str]) -> SitIn:
    invited, attended, why = told
    if not attended and (attended is False or not invited) and not why:
        raise Unfit("why", f"{row.name}没有邀请或没有列席，写一句原因")
    row.invited, row.attended, row.why = invited or bool(attended), attended, "" if attended else why
    return row


@dataclass(slots=True)
class Group:
    """Sums of one leading group."""

    place: Organisation
    meetings: int
    required: int
    invited: int
    attended: int

    @property
    def share(self) -> float | None:
        return self.attended / self.required if self.required else None


def by_group(scope: Scope, year: int) -> list[Group]:
    """列席率: of those who had to be invited, who was, and who came; in the order of the tree."""
    rows = of_year(scope, year).order_by("organisation").values("organisation")
    sums = rows.annotate(
        held=Count("pk", distinct=True), asked=Count("sitins"), invited=Count("sitins", Q(sitins__invited=True)),
        came=Count("sitins", Q(sitins__attended=True)),
    )  # fmt: skip
    told = {one["organisation"]: one for one in sums}
    places = Organisation.objects.within(scope).filter(pk__in=told).order_by("path")
    return [_group(place, told[place.pk]) for place in places]


def of_year(scope: Scope, year: int) -> QuerySet[Meeting]:
    """Meetings of a category, the latest first."""
    rows = Meeting.objects.within(scope).filter(held_on__year=year).exclude(category="")
    return rows.order_by("-held_on", "-pk")


def shown(meetings: Iterable[Meeting]) -> list[tuple[Meeting, str, list[SitIn]]]:
    """Each with the word of its category and its list, in one query."""
    found: dict[int, list[SitIn]] = defaultdict(list)
    meetings = list(meetings)
    for row in SitIn.objects.unscoped("of meetings found within reach").filter(meeting__in=meetings).order_by("pk"):
        found[row.meeting_id].append(row)
    return [(one, category_word(one.category), found[one.pk]) for one in meetings]


def _group(place: Organisation, told: dict[str, int]) -> Group:
    return Group(place, told["held"], told["asked"], told["invited"], told["came"])
