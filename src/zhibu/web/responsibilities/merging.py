"""An organisation ends: what it was given, and the lists it issued, go to the organisation that receives it."""

from __future__ import annotations

from datetime import date

from zhibu.web.core.spans import overlapping
from zhibu.web.responsibilities.models import Charge, Charter, Holder

WHY = "an organisation that ends"


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`: what has to be settled before it is abolished."""
    open_ = Charge.objects.unscoped(WHY).filter(holder__place=organisation, done_on=None, withdrawn_on=None).count()
    issued = Charter.objects.unscoped(WHY).filter(overlapping(on, None), organisation=organisation).count()
    words = [f"没有办完的职责 {open_} 项"] if open_ else []
    return [*words, *([f"在用的职责清单 {issued} 份"] if issued else [])]


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`."""
    _kept(organisation, into, on)
    _held(organisation, into)
    charges = Charge.objects.unscoped(WHY).filter(organisation=organisation)
    many = charges.filter(done_on=None, withdrawn_on=None).count()
    charges.update(organisation=into)
    Charter.objects.unscoped(WHY).filter(organisation=organisation).update(organisation=into)
    return {"charges": many}


def _kept(organisation: int, into: int, on: date) -> None:
    """The holders it kept; one that the receiving organisation keeps too gives its charges to that."""
    rows = Holder.objects.unscoped(WHY).filter(gone_on=None)
    for one in rows.filter(organisation=organisation):
        twin = rows.filter(organisation=into, name=one.name, place=one.place_id).first()
        if twin:
            Charge.objects.unscoped(WHY).filter(holder=one).update(holder=twin)
            one.gone_on = on
        one.organisation_id = into if twin is None else organisation
        one.save(update_fields=["gone_on", "organisation"])


def _held(organisation: int, into: int) -> None:
    """What it was itself. Where its heir is a holder of the same keeper already, it stays apart under its old name."""
    rows = Holder.objects.unscoped(WHY)
    known = list(rows.filter(place=into, name="", gone_on=None).values_list("organisation", flat=True))
    for one in rows.filter(place=organisation, name="", gone_on=None, organisation__in=known).select_related("place"):
        one.name = one.place.name if one.place else ""
        one.save(update_fields=["name"])
    rows.filter(place=organisation).update(place=into)
