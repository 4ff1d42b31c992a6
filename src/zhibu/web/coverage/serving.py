"""Goals in the form of a record (M037): an enterprise's activity says which goal it served, and with what effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.coverage.goals import BEFORE, OF_ENTERPRISES
from zhibu.web.coverage.models import Goal, GoalActivity
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.records.ties import Offer, Tie

WHY = "of a record in hand"
NONE_YET = "还没有登记生产经营目标。登记以后，活动可以选上它（台账—生产经营目标）"


def offer(scope: Scope, place: Organisation, on: date, record: Record | None) -> Offer:
    """Goals open on the day, and those the record serves already. One has to be chosen where there is any."""
    if place.sector not in OF_ENTERPRISES:
        return Offer()
    open_ = Q(closed_on=None) | Q(closed_on__gte=on)
    there = Q(pk__in=[int(pk) for pk in chosen(record)]) if record else Q(pk__in=[])
    days = Q(starts_on__lte=on + BEFORE) & (Q(due_on=None) | Q(due_on__gte=on))
    rows = Goal.objects.within(scope).filter(there | (open_ & days), organisation=place)
    found = [(str(one.pk), one.title) for one in rows.order_by("title", "pk")]
    return Offer(found, hint="" if found else NONE_YET, required=bool(found))


def chosen(record: Record) -> list[str]:
    return [str(pk) for pk in _served(record).values_list("goal", flat=True)]


def keep(by: Scope, record: Record, values: Sequence[str]) -> None:
    """The goals served become these, each with the effect the record tells. Inside the record's own transaction."""
    wanted = {int(value) for value in values}
    there = set(_served(record).values_list("goal", flat=True))
    effect = str(record.extra.get("effect_effect", ""))
    _served(record).exclude(goal__in=wanted).delete()
    if effect:
        _served(record).update(effect=effect)
    GoalActivity.objects.bulk_create(
        GoalActivity(goal_id=pk, record=record, effect=effect) for pk in sorted(wanted - there)
    )


def told(scope: Scope, record: Record) -> list[tuple[str, str]]:
    may = scope.may("goals.view")
    rows = _served(record).select_related("goal")
    return [(one.goal.title, reverse("goal", args=[one.goal_id]) if may else "") for one in rows]


def _served(record: Record):
    return GoalActivity.objects.unscoped(WHY).filter(record=record).order_by("pk")


TIE = Tie("goals", "围绕哪个生产经营目标", "effect", offer, chosen, keep, told)
