"""Who goes leaves his offices there: a member with the letter of his transfer, everybody with the organisation.

An organisation ends: its offices and who holds them end that day, by the paper of the merger or the abolition.

What is still to be done of persons (后备、交流、征求意见) goes with a merger to the receiving organisation.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.access.queries import system_scope
from zhibu.web.core.spans import overlapping
from zhibu.web.offices.actions import seats
from zhibu.web.offices.models import Exchange, Office, Opinion, Reserve, Tenure

WHY = "an organisation that ends, or that somebody leaves"


def end_all(organisation: int, on: date, document: str) -> dict[str, int]:
    """Listener of `core.announce`: the last day in office is that of the organisation."""
    tenures = Tenure.objects.unscoped(WHY).filter(overlapping(on, None), office__organisation=organisation)
    tenures.filter(starts_on__gt=on).delete()  # begun only after the organisation was gone: never held
    held = tenures.exclude(ends_on=on).update(ends_on=on, end_document=document.strip())
    offices = Office.objects.unscoped(WHY).filter(overlapping(on, None), organisation=organisation)
    offices.exclude(ends_on=on).update(ends_on=on)
    return {"tenures": held}


def left(member: int, organisation: int, last: date, letter: str) -> None:
    """Listener of `core.announce`: what he held at the organisation whose roster he left ends with it, by the letter;
    offices elsewhere stay. What began only after that day was given to somebody of another roster."""
    for tenure in _held(member, organisation).filter(starts_on__lte=last).order_by("pk"):
        seats.leave(by=system_scope(), tenure=tenure, ends_on=last, document=letter[:200])


def duties(member: int, organisation: int) -> list[str]:
    """Listener of `core.announce`: what would end."""
    return list(_held(member, organisation).order_by("pk").values_list("office__title", flat=True))


def _held(member: int, organisation: int) -> QuerySet[Tenure]:
    return Tenure.objects.unscoped(WHY).filter(member=member, office__organisation=organisation, ends_on=None)


def revive(organisation: int, on: date, document: str) -> None:
    """Listener of `core.announce`: an abolition is taken back, and so is what it ended."""
    ended = Tenure.objects.unscoped(WHY).filter(office__organisation=organisation, ends_on=on)
    ended.filter(end_document=document.strip()).update(ends_on=None, end_document="")
    Office.objects.unscoped(WHY).filter(organisation=organisation, ends_on=on).update(ends_on=None)


def go_over(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: what is open stays open at the organisation that receives."""
    count = sum(
        rows.filter(organisation=organisation).update(organisation=into)
        for rows in (
            Opinion.objects.unscoped(WHY).filter(closed_on=None),
            Exchange.objects.unscoped(WHY).filter(done_on=None),
            Reserve.objects.unscoped(WHY).filter(ends_on=None),
        )
    )
    return {"matters": count}
