"""The record form filled from the notice or the plan: sources of `records/prefill.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.plans.models import MeetingNotice, PlanItem
from zhibu.web.plans.queries import meetings as queries
from zhibu.web.plans.queries import plans
from zhibu.web.records.queries import duty_of, last_like
from zhibu.web.regulations.queries import rules_by_name

_CLOCK = ("starts_at", "ends_at")
MEETING, ITEM = "notice", "plan"  # what the address of the form may name in the place of a duty


def from_meeting(scope: Scope, own: Organisation, rule: str, period: str) -> dict[str, Any]:
    """Of the notice named, else the latest that fits the duty and has no record yet."""
    rows = queries.meetings(scope).filter(organisation=own, cancelled_on=None)
    named = rule == MEETING
    one = rows.filter(pk=_number(period)).first() if named else _fitting(scope, own, rule, period)
    return _of_meeting(one, scope.on) if one else {}


def from_item(scope: Scope, own: Organisation, rule: str, period: str) -> dict[str, Any]:
    """Of the plan's item named, else the first of the duty's types in this month that is not done."""
    if rule == ITEM:
        rows = PlanItem.objects.within(scope).filter(plan__organisation=own)
        one = rows.select_related("plan").filter(pk=_number(period)).first()
    else:
        one = _planned(scope, own, _types(scope, own, rule, period))
    return _of_item(one, scope, own) if one else {}


def _fitting(scope: Scope, own: Organisation, rule: str, period: str) -> MeetingNotice | None:
    duty = duty_of(scope, own, rule, period) if rule else None
    kinds = _types(scope, own, rule, period)
    if not kinds:
        return None
    rows = queries.meetings(scope).filter(organisation=own, cancelled_on=None, on__lte=scope.on)
    first = duty.starts_on if duty else scope.on.replace(day=1)
    fit = [one for one in rows.filter(on__gte=first)[:20] if set(one.types) & kinds]
    done = queries.records_of(scope, fit) if fit else {}
    return next((one for one in fit if one.pk not in done), None)


def _planned(scope: Scope, own: Organisation, kinds: set[str]) -> PlanItem | None:
    plan = plans.plans(scope).filter(organisation=own, year=scope.on.year).first() if kinds else None
    found = plans.progress(scope, [plan])[plan.pk] if plan else []
    open_ones = (one.item for one in found if one.record is None and one.item.month == scope.on.month)
    return next((one for one in open_ones if set(one.types) & kinds), None)


def _types(scope: Scope, own: Organisation, rule: str, period: str) -> set[str]:
    duty = duty_of(scope, own, rule, period) if rule else None
    if duty:
        return set(duty.types)
    row = rules_by_name().get(tuple(rule.split("/", 1))) if "/" in rule else None  # type: ignore[arg-type]
    return set(row.types) if row else set()


def _of_meeting(one: MeetingNotice, today: date) -> dict[str, Any]:
    fields = {name: getattr(one, name) for name in ("topic", "place", "host")}
    fields |= {name: value.strftime("%H:%M") for name in _CLOCK if (value := getattr(one, name))}
    day = {"held_on": one.on.isoformat()} if one.on <= today else {}
    kept = {name: value for name, value in fields.items() if value}
    return kept | day | {"types": one.types, "from": f"按 {one.on.month} 月 {one.on.day} 日的通知"}


def _of_item(one: PlanItem, scope: Scope, own: Organisation) -> dict[str, Any]:
    """As planned; what the plan leaves open as it was last time."""
    plan, today = one.plan, scope.on
    last = last_like(scope, own, one.types)
    fields = {"place": last.place, "host": last.host} if last else {}
    if last:
        fields |= {name: value.strftime("%H:%M") for name in _CLOCK if (value := getattr(last, name))}
    planned_words = {"topic": one.topic, "place": one.place, "host": one.speaker}
    fields |= {name: value for name, value in planned_words.items() if value}
    planned = one.on(plan.year)
    day = {"held_on": planned.isoformat()} if planned and planned <= today else {}
    kept = {name: value for name, value in fields.items() if value}
    return kept | day | {"types": one.types, "from": f"按 {one.month} 月计划{'和上次' if last else ''}"}


def _number(period: str) -> int:
    return int(period) if period.isascii() and period.isdigit() and len(period) < 19 else 0
