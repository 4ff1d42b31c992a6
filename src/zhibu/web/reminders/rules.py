"""Which 提醒办法 holds for an organisation: the nearest above it, else the product's own modest one."""

from __future__ import annotations

from datetime import date, datetime

from zhibu.web.access.models import Role
from zhibu.web.access.policy import POLICY
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.days import is_working, last_before_work
from zhibu.web.reminders.models import ReminderRule

WHY = "a superior's rule holds below"


def workers() -> list[Role]:
    """The roles that work off the duties of their own organisation; nobody else is ever reminded."""
    own = {role: POLICY.roles[role].relations.get("own") for role in Role}
    return [role for role, given in own.items() if given and "month.view" in given.actions]


class Rules:
    """Every rule there is, looked up by path without another query."""

    def __init__(self) -> None:
        rows = ReminderRule.objects.unscoped(WHY).select_related("organisation")
        self._of = {one.organisation.path: one for one in rows}

    def of(self, path: str) -> ReminderRule:
        above = (self._of.get(one) for one in reversed([*tree.ancestor_paths(path), path]))
        return next((one for one in above if one), ReminderRule())


def in_force(here: Organisation) -> ReminderRule:
    """`organisation_id` is None where nobody above has set one."""
    paths = [*tree.ancestor_paths(here.path), here.path]
    rows = ReminderRule.objects.unscoped(WHY).filter(organisation__path__in=paths).select_related("organisation")
    return max(rows, key=lambda one: one.organisation.path, default=ReminderRule())


def own(scope: Scope) -> ReminderRule | None:
    return ReminderRule.objects.within(scope).filter(organisation=scope.organisation_id).first()


def speaks(rule: ReminderRule, at: datetime) -> bool:
    """Whether anybody may be told now."""
    if not rule.active or not (rule.rest_days or is_working(at.date())):
        return False
    return rule.first <= at.time() <= rule.last


def until(rule: ReminderRule, today: date) -> date:
    """The last day before the next on which somebody is told."""
    return today if rule.rest_days else last_before_work(today)
