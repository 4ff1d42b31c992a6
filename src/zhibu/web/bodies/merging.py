"""An organisation ends: a group first gives its members to another."""

from __future__ import annotations

from datetime import date

from zhibu.web.bodies.models import HostedOffice, Seat, Subunit
from zhibu.web.core.spans import overlapping


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`."""
    seats = Seat.objects.unscoped("a group that ends").filter(organisation=organisation, member__left_on=None).count()
    units = _covered(organisation).count()
    words = [f"党小组的党员 {seats} 人"] if seats else []
    return [*words, *([f"由它覆盖的下属单位 {units} 个"] if units else [])]


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: what it covered and hosted belongs to the receiving organisation; groups merge."""
    seats = Seat.objects.unscoped("a group that ends").filter(organisation=organisation)
    seats.update(organisation=into, leads=False)
    offices = HostedOffice.objects.unscoped("a committee that ends").filter(overlapping(on, None))
    offices.filter(organisation=organisation).update(organisation=into)
    return {"covered": _covered(organisation).update(covered_by=into)}


def _covered(organisation: int):
    return Subunit.objects.unscoped("units of an organisation that ends").filter(covered_by=organisation, gone_on=None)
