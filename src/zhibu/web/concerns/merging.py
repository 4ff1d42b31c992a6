"""An organisation ends: what it still had in hand goes to the one that receives it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from zhibu.web.concerns.models import Concern
from zhibu.web.concerns.queries import OPEN

WHY = "an organisation that ends"


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`."""
    rows = Concern.objects.unscoped(WHY).filter(Q(organisation=organisation) | Q(handler=organisation))
    many = rows.filter(OPEN).count()
    return [f"没有办结的反映事项 {many} 件"] if many else []


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: the open ones; what is closed stays where it was."""
    rows = Concern.objects.unscoped(WHY).filter(OPEN)
    taken, had = rows.filter(organisation=organisation), rows.filter(handler=organisation)
    many = taken.count() + had.exclude(organisation=organisation).count()
    taken.update(organisation=into)
    had.update(handler=into)
    return {"concerns": many}
