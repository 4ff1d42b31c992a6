"""会议通知: which a post sees, which record came of one, whether it is ready."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.models import MeetingNotice, Plan, Told
from zhibu.web.records.models import Record
from zhibu.web.records.queries import roster

FIXED = "theme_day"
PREPARING = ("preparation", "committee_meeting")
_CODE = re.compile(r"[\w-]{1,20}\Z")  # what comes in an address may be anything
BACK = timedelta(days=60)  # how far back a preparation is offered


def meetings(scope: Scope) -> QuerySet[MeetingNotice]:
    return MeetingNotice.objects.within(scope).select_related("organisation", "preparation").order_by("-on", "-pk")


def coming(scope: Scope, organisation_id: int) -> QuerySet[MeetingNotice]:
    """Those still to come, the next first; called-off ones are not told."""
    rows = meetings(scope).filter(organisation=organisation_id, on__gte=scope.on, cancelled_on=None)
    return rows.order_by("on", "starts_at", "pk")


def announced(scope: Scope, plan: Plan) -> dict[int, MeetingNotice]:
    """Item of the plan → its notice; of several the last, those called off left out."""
    rows = MeetingNotice.objects.within(scope).filter(item__plan=plan, cancelled_on=None).order_by("on", "pk")
    return {one.item_id: one for one in rows if one.item_id}


def records_of(scope: Scope, rows: Iterable[MeetingNotice]) -> dict[int, Record]:
    """MeetingNotice → the record that came of it: of the same organisation and day, with one of its types."""
    chosen = list(rows)
    there = Record.objects.within(scope).filter(
        organisation__in={one.organisation_id for one in chosen}, held_on__in={one.on for one in chosen},
        withdrawn_at=None,
    ).defer("content").order_by("pk")  # fmt: skip
    found: dict[int, Record] = {}
    for record in there:
        for one in chosen:
            same = (one.organisation_id, one.on) == (record.organisation_id, record.held_on)
            if same and one.pk not in found and set(one.types) & set(record.types):
                found[one.pk] = record
    return found


def ready(one: MeetingNotice) -> tuple[str, str] | None:
    """(status, words): ready only with a preparation before its day. None for meetings that need none: only a fixed day
    does, and what prepares it is a meeting itself."""
    return prepared(one.preparation, one.on) if one.preparation or FIXED in one.types else None


def prepared(preparation: Record | None, on: date) -> tuple[str, str]:
    if preparation is None:
        return "todo", "还没有连上准备会"
    if preparation.held_on >= on:
        return "soon", f"准备会 {preparation.held_on} 不早于活动 {on}"
    return "done", f"准备会 {preparation.held_on}，提前 {(on - preparation.held_on).days} 天"


def preparations(scope: Scope, organisation_id: int, on: date) -> QuerySet[Record]:
    """Records that may be linked as the preparation of an event of that day; later ones too: they will be flagged."""
    rows = Record.objects.within(scope).filter(organisation=organisation_id, withdrawn_at=None, held_on__gte=on - BACK)
    fit = [one.pk for one in rows.only("pk", "types") if set(one.types) & set(PREPARING)]
    return rows.filter(pk__in=fit).order_by("-held_on", "-pk").defer("content")


def likely(rows: QuerySet[Record], on: date) -> int | None:
    """The record to offer first: the last 活动日前会议 before the day. Offered, not linked: the branch says so."""
    return next((one.pk for one in rows if one.held_on < on and PREPARING[0] in one.types), None)


def expected(scope: Scope, one: MeetingNotice) -> list[Member]:
    """Who is to come, by the roster of the day; nobody by name where others are asked."""
    if one.who == MeetingNotice.Who.OTHERS:
        return []
    people = list(roster(scope, one.organisation, one.on))
    committee = [member for member in people if member.branch_post]
    return committee if one.who == MeetingNotice.Who.COMMITTEE and committee else people


def told(scope: Scope, one: MeetingNotice) -> set[int]:
    return set(Told.objects.within(scope).filter(meeting=one).values_list("member", flat=True))


def organisation_of(scope: Scope, code: str) -> Organisation | None:
    if not _CODE.match(code):
        return None
    return Organisation.objects.within(scope).filter(code=code).first()
