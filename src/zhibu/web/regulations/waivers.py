"""缓办、免做: an organisation need not do a rule for some time, for a reason that stays on record."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.models import Waiver
from zhibu.web.regulations.queries import rules_by_name


class CannotWaive(ValueError):
    """`str()` is the sentence for the reader. Nothing was stored."""


@action("waivers.grant")
def grant(*, by: Scope, organisation: Organisation, rule: str, starts_on: date, ends_on: date, reason: str) -> Waiver:
    """Free an organisation of a rule (`rulebook/rule`) in the periods ending within these days. Raises CannotWaive."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    known = rules_by_name().get((rule.partition("/")[0], rule.partition("/")[2]))
    if known is None:
        raise CannotWaive(f"没有事项“{rule}”")
    if ends_on < starts_on:
        raise CannotWaive("结束日期早于开始日期")
    if not reason.strip():
        raise CannotWaive("填写原因")
    waiver = Waiver.objects.create(
        organisation=here, rule=rule, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()[:200],
        by_id=by.user_id or None,
    )  # fmt: skip
    write(
        by=by, action="waivers.grant", sentence=f"{here.name} 免做{known.title}：{waiver.reason}", thing=waiver,
        organisation=here, new=_cells(waiver), happened_on=starts_on,
    )  # fmt: skip
    announce.facts_changed({here.pk})
    return waiver


@action("waivers.grant")
def withdraw(*, by: Scope, waiver: Waiver) -> None:
    """The rule binds again."""
    here = reached(Organisation.objects.within(by), waiver.organisation_id)
    old = _cells(waiver)
    write(
        by=by, action="waivers.withdraw", sentence=f"{here.name} 不再免做 {waiver.rule}", thing=waiver,
        organisation=here, old=old,
    )  # fmt: skip
    waiver.delete()
    announce.facts_changed({here.pk})


def _cells(waiver: Waiver) -> dict[str, object]:
    return {name: getattr(waiver, name) for name in ("rule", "starts_on", "ends_on", "reason")}
