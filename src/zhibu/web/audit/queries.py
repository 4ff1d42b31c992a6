"""Reading the log. The auditor reads it; nobody changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhibu.web.audit import words
from zhibu.web.audit.models import Line
from zhibu.web.core.scope import Scope

ROOT = 4  # characters of a root's tree path


@dataclass(frozen=True, slots=True)
class Asked:
    since: date | None = None
    until: date | None = None
    person: str = ""
    action: str = ""
    named: str = ""  # a piece of the action's word or name
    organisation: str = ""
    text: str = ""
    outcome: str = ""
    post: int | None = None
    address: str = ""
    thing: str = ""


def of_everything(scope: Scope) -> bool:
    """Whether the post sees the whole log: it reaches a root. Checkpoints and verifications are about the whole."""
    return any(len(prefix) <= ROOT for prefix in scope.prefixes)


def lines(scope: Scope) -> QuerySet[Line]:
    """The lines of the organisations within reach. Those of no organisation (sign-in, rulebooks) belong to the root."""
    reach = scope.where(Line.scope_path)
    if of_everything(scope):
        reach |= Q(organisation_path="")
    return Line.objects.unscoped("reach is said here, with the lines of no organisation").filter(reach)


def search(scope: Scope, asked: Asked) -> QuerySet[Line]:
    rows = lines(scope).select_related("user", "seal")
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    if asked.person:
        person = Q(user__name__icontains=asked.person) | Q(user__username=asked.person)
        rows = rows.filter(person | Q(post_title__icontains=asked.person))
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.named:
        rows = rows.filter(Q(action__in=words.like(asked.named)) | Q(action__icontains=asked.named))
    if asked.organisation:
        rows = rows.filter(organisation_name__icontains=asked.organisation)
    exact = {"outcome": asked.outcome, "post_id_then": asked.post, "address": asked.address, "thing": asked.thing}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return rows.filter(sentence__icontains=asked.text) if asked.text else rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def known_actions(scope: Scope) -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions that occur, for the choice list: by the part of the work, (name, word) each."""
    return words.grouped(_known(scope, "action"))


def known_things(scope: Scope) -> list[tuple[str, str]]:
    """(label, word) of the kinds of thing that occur."""
    return [(label, word_of(label)) for label in _known(scope, "thing") if label]


def _known(scope: Scope, column: str) -> list[str]:
    return list(lines(scope).order_by(column).values_list(column, flat=True).distinct())


def word_of(label: str) -> str:
    """`records.record` → 活动记录; the label itself for a kind that is no more."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label
