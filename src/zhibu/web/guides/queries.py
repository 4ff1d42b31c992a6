"""What of the directory a post reads: of organisations within reach, and of those above its own."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.guides.models import (
    ContactCards,
    Entry,
    Satisfaction,
    ServiceItem,
    ServiceWindow,
    WindowCheck,
    WindowStandard,
)
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import Organisation

DOWN = "a directory is read by all below who keeps it"


def entries[E: Entry](model: type[E], scope: Scope) -> QuerySet[E]:
    """In use, of one kind."""
    here = finding.own(scope)
    above = Q(organisation__path__in=tree.ancestor_paths(here.path)) if here else Q(pk__in=[])
    rows = model.objects.unscoped(DOWN).filter(scope.where("organisation__path") | above, ended_on=None)
    return rows.select_related("organisation").order_by("organisation__path", "name", "pk")


def items(scope: Scope, q: str = "", level: str = "") -> QuerySet[ServiceItem]:
    rows = entries(ServiceItem, scope).select_related("organisation", "window")
    rows = rows.filter(level=level) if level else rows
    return rows.filter(Q(name__icontains=q) | Q(who__icontains=q) | Q(steps__icontains=q)) if q else rows


def windows(here: Organisation) -> QuerySet[ServiceWindow]:
    """Its own, to name one for an item."""
    rows = ServiceWindow.objects.unscoped("of the organisation that keeps the item")
    return rows.filter(organisation=here, ended_on=None).order_by("name", "pk")


def standards(here: Organisation) -> QuerySet[WindowStandard]:
    """In force at an organisation: its own and its superiors'."""
    rows = WindowStandard.objects.unscoped(DOWN).filter(ended_on=None)
    return rows.filter(organisation__path__in=[here.path, *tree.ancestor_paths(here.path)]).order_by("pk")


def checks(window: int) -> QuerySet[WindowCheck]:
    rows = WindowCheck.objects.unscoped("of a window within reach").filter(window=window)
    return rows.order_by("-on", "-pk")


def ratings(window: int) -> QuerySet[Satisfaction]:
    return Satisfaction.objects.unscoped("of a window within reach").filter(window=window).order_by("-month")


def cards(scope: Scope) -> list[ContactCards]:
    """The latest count of each organisation within reach."""
    rows = ContactCards.objects.within(scope).filter(as_of__lte=scope.on).select_related("organisation")
    latest: dict[int, ContactCards] = {}
    for one in rows.order_by("organisation__path", "-as_of"):
        latest.setdefault(one.organisation_id, one)
    return list(latest.values())


def month(day: date) -> date:
    return day.replace(day=1)


def unmet() -> Prefetch:
    return Prefetch("unmet", WindowStandard.objects.unscoped("what a check within reach found"))
