"""For whom a record is written, and who was on the roster that day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation


def own_organisation(scope: Scope) -> Organisation:
    """The organisation of the post itself."""
    return Organisation.objects.within(scope).get(pk=scope.organisation_id)


def members_ever(scope: Scope, organisation: Organisation) -> QuerySet[Member]:
    """Everybody who was ever on the roster of an organisation, by pinyin and name."""
    return Member.objects.within(scope).filter(organisation=organisation).order_by("initials", "name", "pk")


def roster(scope: Scope, organisation: Organisation, on: date) -> QuerySet[Member]:
    """The members of one day: had joined, had arrived, had not left (both days inclusive)."""
    here = held(on, starts="arrived_on", ends="left_on")
    return members_ever(scope, organisation).filter(here, joined_on__lte=on)


def on_roster(member: Member, on: date) -> bool:
    """The same, for a member already read."""
    return (
        member.joined_on <= on
        and (member.arrived_on is None or member.arrived_on <= on)
        and (member.left_on is None or member.left_on >= on)
    )
