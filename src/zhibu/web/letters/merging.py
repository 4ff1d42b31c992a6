"""An organisation ends: the letters it still had go to the one that receives it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from zhibu.web.letters.models import Letter, LetterTemplate
from zhibu.web.letters.queries import STANDING

WHY = "an organisation that ends"


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`: letters of the year under way."""
    rows = Letter.objects.unscoped(WHY).filter(STANDING, template__year__gte=on.year)
    many = rows.filter(Q(organisation=organisation) | Q(unit=organisation)).count()
    return [f"本年的责任书 {many} 份"] if many else []


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`. Those of earlier years stay, and one that the other has of the same template."""
    rows = Letter.objects.unscoped(WHY).filter(STANDING, template__year__gte=on.year)
    given, had = rows.filter(organisation=organisation), rows.filter(unit=organisation)
    twice = Letter.objects.unscoped(WHY).filter(STANDING, unit=into).values("template")
    had = had.exclude(template__in=twice).exclude(organisation=into)
    many = given.count() + had.exclude(organisation=organisation).count()
    templates = list(given.values_list("template", flat=True))
    LetterTemplate.objects.unscoped(WHY).filter(pk__in=templates).update(organisation=into)
    had.update(unit=into)
    given.exclude(unit=into).update(organisation=into)
    return {"letters": many}
