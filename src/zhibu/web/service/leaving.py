"""An organisation ends, or somebody leaves its roster: what of ours goes along and what ends."""

from __future__ import annotations

from datetime import date

from zhibu.web.service.models import Call, Commitment, Registration, Shift, Team, TeamMember

WHY = "an organisation that ends, a member who leaves"
LIVE = ("asked", "accepted")


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`."""
    calls = Call.objects.unscoped(WHY).filter(organisation=organisation, closed_on=None).count()
    people = Registration.objects.unscoped(WHY).filter(organisation=organisation, state__in=LIVE).count()
    return [*([f"没有结束的招募 {calls} 次"] if calls else []), *([f"社区报到 {people} 人"] if people else [])]


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: commitments, people registered, open calls, teams."""
    rows = {
        "commitments": Commitment.objects.unscoped(WHY).filter(confirmed_on=None, withdrawn_on=None),
        "registrations": Registration.objects.unscoped(WHY).filter(state__in=LIVE),
        "calls": Call.objects.unscoped(WHY).filter(closed_on=None),
        "teams": Team.objects.unscoped(WHY).filter(ended_on=None),
    }
    Shift.objects.unscoped(WHY).filter(organisation=organisation, state="noted").update(organisation=into)
    return {name: found.filter(organisation=organisation).update(organisation=into) for name, found in rows.items()}


def left(member: int, organisation: int, last: date, document: str) -> None:
    """Listener of `core.announce`: no longer in the teams of the organisation left."""
    rows = TeamMember.objects.unscoped(WHY).filter(member=member, team__organisation=organisation, until=None)
    for one in rows:
        one.until = max(last, one.since)
        one.save(update_fields=["until"])
