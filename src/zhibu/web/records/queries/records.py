"""Records and drafts."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Attendance, Draft, Record

_NUMBER = re.compile(r"[\w-]{1,20}\Z")  # what comes in an address may be anything
_LATELY = 30  # records looked through for "the last one of this type"


def records_of(scope: Scope, organisation: Organisation | None = None) -> QuerySet[Record]:
    """Records of the whole reach, or of one organisation's subtree in it; the latest activity first.

    Withdrawn ones are included for those who answer for them, not for plain members.
    """
    rows = Record.objects.within(scope) if organisation is None else Record.objects.below(scope, organisation.path)
    if not scope.may("members.view"):
        rows = rows.filter(withdrawn_at__isnull=True)
    return rows.select_related("organisation").order_by("-held_on", "-pk")


def of_kind(rows: QuerySet[Record], kind: str) -> QuerySet[Record]:
    """Those that count as this kind, a known one. Both databases write the list as JSON."""
    return rows.annotate(as_text=Cast("types", TextField())).filter(as_text__contains=f'"{kind}"')


def record(scope: Scope, number: str) -> Record | None:
    """One record by its number; None when it is not there or not within reach, which read alike."""
    if not _NUMBER.match(number):
        return None
    return records_of(scope).select_related("by").filter(number=number).first()


def attendance_of(record: Record) -> list[Attendance]:
    """Who was there, in the order of the roster. For a record already found within a scope."""
    rows = shown_attendances(record).select_related("member")
    return list(rows.order_by("member__initials", "member__name", "pk"))


def shown_attendances(record: Record) -> QuerySet[Attendance]:
    """Those of members who are withheld from nobody. The subquery starts at the record: SQLite would go through the
    whole register for all members who are not withheld."""
    members = Member.objects.unscoped("of a record within reach; none withheld").filter(attendances__record=record)
    return record.attendances.filter(member__in=members)


def last_like(scope: Scope, organisation: Organisation, types: Collection[str]) -> Record | None:
    """The latest record of the organisation that shares a type: what 「按上次填」 copies from."""
    wanted = set(types)
    lately = records_of(scope).filter(organisation=organisation, withdrawn_at__isnull=True)[:_LATELY]
    return next((row for row in lately if wanted & set(row.types)), None)


def same_day(scope: Scope, organisation: Organisation, types: Collection[str], held_on: date) -> Record | None:
    """A record of that day with one of these types: perhaps the same meeting, entered already."""
    rows = records_of(scope).filter(organisation=organisation, withdrawn_at__isnull=True, held_on=held_on)
    return next((row for row in rows.select_related("by") if set(types) & set(row.types)), None)


def drafts(scope: Scope) -> QuerySet[Draft]:
    """The asker's own drafts for the present post's organisation, the latest first."""
    mine = Draft.objects.within(scope).filter(user_id=scope.user_id, organisation_id=scope.organisation_id)
    return mine.order_by("-saved_at")


def draft(scope: Scope, key: str) -> Draft | None:
    return drafts(scope).filter(key=key).first()
