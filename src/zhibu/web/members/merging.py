"""合并: the members of an organisation that ends go over to the one that receives it."""

from __future__ import annotations

from datetime import date

from zhibu.web.members.models import Member


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`: members still on its roster."""
    count = Member.objects.everything("restricted members count too").filter(organisation=organisation, left_on=None)
    return [f"党员 {people} 人"] if (people := count.count()) else []


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: all of them, restricted ones too, are on the other roster from that day on."""
    rows = Member.objects.everything("nobody stays behind").filter(organisation=organisation, left_on=None)
    return {"people": rows.update(organisation=into, arrived_on=on)}
