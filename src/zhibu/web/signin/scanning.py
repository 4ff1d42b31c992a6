"""本人签到: a member who stands before the code signs in by phone, without an account.

Who it is: the account signed in, the phone remembered, or a code by SMS to the number on the roster. Until that code
is right nothing tells whether a number is known. Kept is who, where in the sense of which meeting, how and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest

from zhibu.web.accounts import devices, limits
from zhibu.web.accounts.limits import Want
from zhibu.web.accounts.sms import codes as messages
from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.members import numbers
from zhibu.web.members.models import Member
from zhibu.web.records.models import Way
from zhibu.web.records.queries.people import on_roster
from zhibu.web.signin import codes
from zhibu.web.signin.models import Guest, Meeting, Sign

SCANNED = "signin_scanned"  # in the session: the meeting whose fresh code was scanned, so that an SMS may take its time
ASKED = "signin_asked"  # in the session: for whom a code was sent
PATIENCE = timedelta(minutes=10)
WHY = "the person who holds this phone"


def let_in(request: HttpRequest, meeting: Meeting, code: str) -> bool:
    """A code that holds now, or one that held when this browser scanned it, up to ten minutes ago."""
    now = clock.now()
    if codes.fresh(meeting, code, now):
        if meeting.state(now) == "open":
            request.session[SCANNED] = {"nonce": meeting.nonce, "at": now.isoformat()}
        return True
    kept = request.session.get(SCANNED) or {}
    return kept.get("nonce") == meeting.nonce and now - clock.moment(kept["at"]) < PATIENCE


def ask(request: HttpRequest, meeting: Meeting, phone: str) -> None:
    """Send a code to the number, when exactly one member has it. Raises Limited, whether or not."""
    whose = limits.digest("signin-phone", phone)
    limits.take(
        Want("sms_gap", (whose,)),
        Want("sms_account", (whose,)),
        Want("signin_network", (devices.network(devices.address(request)),)),
        Want("signin_meeting", (meeting.nonce,)),
        Want("sms_everywhere", ()),
    )
    member = _holder(meeting, phone)
    messages.send(request, None, phone if member else "", "会议签到")
    ticket = request.session[messages.TICKET]
    request.session[ASKED] = {"ticket": ticket, "member": member.pk if member else 0, "nonce": meeting.nonce}


def answered(request: HttpRequest, meeting: Meeting, code: str) -> Member | None:
    """Whose number it was when the code is right: of the message this page sent, of none sent for another purpose."""
    asked = request.session.get(ASKED) or {}
    if asked.get("nonce") != meeting.nonce or asked["ticket"] != request.session.get(messages.TICKET):
        return None
    if messages.check(request, code) is None or not asked["member"]:
        return None
    request.session.pop(ASKED)
    rows = Member.objects.unscoped(WHY).filter(left_on=None, pk=asked["member"])
    return rows.select_related("organisation", "user").first()


def _holder(meeting: Meeting, phone: str) -> Member | None:
    """A number that two members share says nothing of who holds it, but for one of them on the roster here."""
    found = list(numbers.by_number(Member.objects.unscoped(WHY).filter(left_on=None), phone)[:9])
    here = [one for one in found if one.organisation_id == meeting.organisation_id]
    chosen = here or found
    return chosen[0] if len(chosen) == 1 else None


@dataclass(frozen=True, slots=True)
class There:
    """How a member stands at a meeting: signed in (by `way`), on its roster or a guest."""

    way: str
    guest: bool


def standing(meeting: Meeting, member: Member) -> There:
    guest = not (member.organisation_id == meeting.organisation_id and on_roster(member, meeting.held_on))
    rows = (Guest if guest else Sign).objects.unscoped(WHY).filter(meeting=meeting, member=member)
    row = rows.first()
    return There(row.get_way_display() if row else "", guest)


def sign(meeting: Meeting, member: Member) -> bool:
    """Once; a second tap changes nothing. False when the sign-in is not open, or a record has the attendance."""
    now = clock.now()
    with transaction.atomic():
        kept = Meeting.objects.unscoped(WHY).select_related("organisation", "record").get(pk=meeting.pk)
        if kept.state(now) != "open" or kept.is_taken:
            return False
        there = standing(kept, member)
        if there.way:
            return True
        told = {"meeting": kept, "member": member, "way": Way.SELF, "at": now}
        if there.guest:
            told |= {"name": member.name, "branch": member.organisation.name}
        (Guest if there.guest else Sign).objects.bulk_create(
            [(Guest if there.guest else Sign)(**told)], ignore_conflicts=True
        )
        write(
            by=None, user=member.user, action="signin.sign", sentence=f"本人签到：{kept.title}", thing=kept,
            organisation=kept.organisation, new={"signed": [member.pk], "way": Way.SELF}, happened_on=kept.held_on,
        )  # fmt: skip
    return True
