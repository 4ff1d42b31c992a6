"""Reading the log. The auditor reads it; nobody changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhibu.web.audit.models import Line
from zhibu.web.core.scope import Scope

ROOT = 4  # characters of a root's tree path


@dataclass(frozen=True, slots=True)
class Asked:
    since: date | None = None
    until: date | None = None
    person: str = ""
    action: str = ""
    organisation: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a line: before and after."""

    name: str
    old: Any
    new: Any

    @property
    def changed(self) -> bool:
        return self.old != self.new


def lines(scope: Scope) -> QuerySet[Line]:
    """The lines of the organisations within reach. Those of no organisation (sign-in, rulebooks) belong to the root."""
    reach = scope.where(Line.scope_path)
    if any(len(prefix) == ROOT for prefix in scope.prefixes):
        reach |= Q(organisation_path="")
    return Line.objects.unscoped("reach is said here, with the lines of no organisation").filter(reach)


def search(scope: Scope, asked: Asked) -> QuerySet[Line]:
    rows = lines(scope).select_related("user")
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    if asked.person:
        person = Q(user__name__icontains=asked.person) | Q(user__username=asked.person)
        rows = rows.filter(person | Q(post_title__icontains=asked.person))
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.organisation:
        rows = rows.filter(organisation_name__icontains=asked.organisation)
    return rows.filter(sentence__icontains=asked.text) if asked.text else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def known_actions(scope: Scope) -> list[str]:
    """The actions that occur, for the choice list."""
    return list(lines(scope).order_by("action").values_list("action", flat=True).distinct())


def changes(line: Line) -> list[Change]:
    """old and new side by side, in the order of the new values."""
    old, new = line.old or {}, line.new or {}
    return [Change(name, old.get(name), new.get(name)) for name in dict.fromkeys([*new, *old])]
