"""缓办 of what the rules ask of a unit: with a reason, until a day, by the committee. The verdict follows at once."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held, overlapping
from zhibu.web.coverage import actions, due
from zhibu.web.coverage.models import Unit, UnitWaiver
from zhibu.web.regulations.queries import rules_by_name

WHY = "of a unit within reach"


@action("waivers.grant")
def grant(*, by: Scope, unit: Unit, rule: str, ends_on: date, reason: str, document: str = "") -> UnitWaiver:
    """From today to a day, inclusive, the unit need not do a rule (`rulebook/rule`). Raises Unfit."""
    here = actions.held(by, unit)
    known = rules_by_name().get((rule.partition("/")[0], rule.partition("/")[2]))
    if known is None or rule not in {key for key, _ in asked(by, here)}:
        raise Unfit("rule", "规则现在没有要求这个单位做这一项，不用缓办")
    if ends_on <= by.on:
        raise Unfit("ends_on", f"缓办到的日子在今天（{by.on}）以后")
    rows = UnitWaiver.objects.unscoped(WHY).filter(overlapping(by.on, ends_on), unit=here, rule=rule)
    if last := rows.first():
        raise Unfit("rule", f"已经缓办到 {last.ends_on}，要改先收回")
    made = UnitWaiver.objects.create(
        unit=here, rule=rule, starts_on=by.on, ends_on=ends_on, reason=reason, document=document
    )
    write(
        by=by, action="waivers.grant", sentence=f"{here.name} 缓办{known.title}：{reason}", thing=made,
        organisation=here.organisation,
        new={"rule": rule, "ends_on": ends_on, "reason": reason, "document": document}, happened_on=by.on,
    )  # fmt: skip
    announce.units_changed({here.pk})
    return made


@action("waivers.grant")
def withdraw(*, by: Scope, waiver: UnitWaiver) -> UnitWaiver:
    """The rule binds again from today; the days that have passed stay 缓办. Raises Unfit."""
    here = reached(UnitWaiver.objects.within(by).select_related("unit__organisation"), waiver.pk)
    if here.ends_on < by.on:
        raise Unfit("ends_on", f"缓办已于 {here.ends_on} 到期")
    old = here.ends_on
    write(
        by=by, action="waivers.withdraw", sentence=f"{here.unit.name} 不再缓办 {here.rule}", thing=here,
        organisation=here.unit.organisation, old={"ends_on": old, "reason": here.reason}, happened_on=by.on,
    )  # fmt: skip
    if here.starts_on == by.on:
        here.delete()
    else:
        here.ends_on = by.on - actions.DAY
        here.save(update_fields=["ends_on"])
    announce.units_changed({here.unit_id})
    return here


def asked(scope: Scope, unit: Unit) -> list[tuple[str, str]]:
    """(key, title) of the rules this unit has not done."""
    rules = rules_by_name()
    rows = due.verdicts(scope).filter(unit=unit, status__in=due.NOT_DONE)
    keys = [(one.rulebook, one.rule) for one in rows]
    return [("/".join(key), rules[key].title) for key in keys if key in rules]


def standing(scope: Scope, unit: Unit | None = None) -> QuerySet[UnitWaiver]:
    """Those of today, the first to run out first."""
    rows = UnitWaiver.objects.within(scope).filter(held(scope.on))
    rows = rows.filter(unit=unit) if unit else rows
    return rows.select_related("unit", "unit__organisation").order_by("ends_on", "unit__name", "pk")


def titled(rows: QuerySet[UnitWaiver]) -> list[UnitWaiver]:
    """Each with the `title` of its rule."""
    rules, found = rules_by_name(), list(rows)
    for one in found:
        rule = rules.get((one.rule.partition("/")[0], one.rule.partition("/")[2]))
        one.title = rule.title if rule else one.rule
    return found
