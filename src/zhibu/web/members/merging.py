"""合并: the members of an organisation that ends go over to the one that receives it."""

from __future__ import annotations

from datetime import date

from zhibu.web.members import history
from zhibu.web.members.models import Member, MemberChange
from zhibu.web.organisations.models import Organisation


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`: members still on its roster."""
    count = Member.objects.everything("restricted members count too").filter(organisation=organisation, left_on=None)
    return [f"党员 {people} 人"] if (people := count.count()) else []


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: all of them, restricted ones too, are on the other roster from that day on."""
    there = Organisation.objects.unscoped("the receiving organisation").get(pk=into)
    rows = Member.objects.everything("nobody stays behind").filter(organisation=organisation, left_on=None)
    people = list(rows.select_related("organisation"))
    for member in people:
        history.change(member, MemberChange.What.MOVED, on, organisation=there, arrived_on=on, branch_post="")
    return {"people": len(people)}
