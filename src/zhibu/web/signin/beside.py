"""What the record of a meeting learns from its sign-in: who was there and how, guests, who lectured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from zhibu.web.core.announce import PeopleRow
from zhibu.web.core.scope import Scope
from zhibu.web.records.models import Attendance, Record
from zhibu.web.signin.models import Guest, Lecture, Meeting, Sign, SitIn

WHY = "of the record in hand, whose organisation writes or shows it"
UNTAKEN = Q(record=None) | Q(record__withdrawn_at__isnull=False)


def meetings(organisation_id: int, held_on: date, types: Iterable[str], form_key: str) -> list[Meeting]:
    """Of the form itself, first; or of the same day and one of the types, that no record has taken."""
    rows = Meeting.objects.unscoped(WHY).filter(UNTAKEN, organisation=organisation_id)
    wanted, own = set(types), Q(form_key=form_key) if form_key else Q(pk__in=[])
    found = rows.filter(own | Q(held_on=held_on)).select_related("organisation", "record").order_by("pk")
    same = [one for one in found if _same(one, held_on, wanted, form_key)]
    return sorted(same, key=lambda one: not form_key or one.form_key != form_key)


def _same(one: Meeting, held_on: date, types: set[str], form_key: str) -> bool:
    return bool(form_key and one.form_key == form_key) or (one.held_on == held_on and bool(types & set(one.types)))


def known(organisation_id: int, held_on: date, types: list[str], form_key: str) -> dict[int, str]:
    """Whoever signed in was there."""
    found = meetings(organisation_id, held_on, types, form_key)
    if not found:
        return {}
    there = Sign.objects.unscoped(WHY).filter(meeting__in=found).values_list("member", flat=True)
    return dict.fromkeys(there, str(Attendance.State.PRESENT))


def ways(record_id: int) -> dict[int, str]:
    """The record takes its meetings, and with them how each came to be known."""
    record = Record.objects.unscoped(WHY).get(pk=record_id)
    found = meetings(record.organisation_id, record.held_on, record.types, record.submitted_key)
    if found:
        rows = Meeting.objects.unscoped(WHY).filter(pk__in=[one.pk for one in found])
        rows.update(record=record)
    signs = Sign.objects.unscoped(WHY).filter(meeting__record=record)
    return dict(signs.values_list("member", "way"))


def people(scope: Scope, record_id: int) -> list[PeopleRow]:
    """Names of guests are for those who may read the roster; others get their number."""
    named = scope.may("members.view")
    guests = [_with_branch(one) for one in Guest.objects.unscoped(WHY).filter(meeting__record=record_id)]
    there = SitIn.objects.unscoped(WHY).filter(meeting__record=record_id, attended=True).values_list("name", flat=True)
    taught = Lecture.objects.unscoped(WHY).filter(record=record_id).values_list("member__name", flat=True)
    rows = [
        ("来宾（不计入应到）", len(guests), guests if named else []),
        ("列席", len(there), list(there) if named else []),
        ("讲党课", len(taught), list(taught)),
    ]
    return [row for row in rows if row[1]]


def _with_branch(one: Guest) -> str:
    return f"{one.name}（{one.branch}）"
