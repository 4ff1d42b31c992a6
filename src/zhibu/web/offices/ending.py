"""An organisation ends: its offices and who holds them end that day, by the paper of the merger or the abolition.

What is still to be done of persons (后备、交流、征求意见) goes with a merger to the receiving organisation.
"""

from __future__ import annotations

from datetime import date

from zhibu.web.core.spans import overlapping
from zhibu.web.offices.models import Exchange, Office, Opinion, Reserve, Tenure

WHY = "an organisation that ends"


def end_all(organisation: int, on: date, document: str) -> dict[str, int]:
    """Listener of `core.announce`: the last day in office is that of the organisation."""
    tenures = Tenure.objects.unscoped(WHY).filter(overlapping(on, None), office__organisation=organisation)
    tenures.filter(starts_on__gt=on).delete()  # begun only after the organisation was gone: never held
    held = tenures.exclude(ends_on=on).update(ends_on=on, end_document=document.strip())
    offices = Office.objects.unscoped(WHY).filter(overlapping(on, None), organisation=organisation)
    offices.exclude(ends_on=on).update(ends_on=on)
    return {"tenures": held}


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
