"""年度目标: set at the beginning of the year, told at mid-year, set again with a reason; the first one stays."""

from __future__ import annotations

from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.reports.models import YearTarget


@action("reports.keep")
def aim(*, by: Scope, year: int, name: str, unit: str, first: Decimal) -> YearTarget:
    """Of the own organisation. Raises Unfit: one of that name is there, another year."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if not by.on.year - 1 <= year <= by.on.year + 1:
        raise Unfit("year", f"年度是 {by.on.year} 或前后一年")
    if YearTarget.objects.within(by).filter(organisation=own, year=year, name=name, withdrawn_on=None).exists():
        raise Unfit("name", f"{year} 年已有“{name}”，改那一条就行")
    made = YearTarget.objects.create(organisation=own, year=year, name=name, unit=unit, first=first, set_on=by.on)
    _write(by, made, f"登记{year}年度目标：{name} {first}{unit}", new={"first": first})
    return made


@action("reports.keep")
def aim_again(
    *, by: Scope, target: YearTarget, done: Decimal, again: Decimal | None = None, why: str = ""
) -> YearTarget:
    """What the first half brought and, where it changes, the target for the whole year. Raises Unfit, NotAllowed."""
    here = _own(by, target)
    if again is not None and not why:
        raise Unfit("why", "目标调整了，写明为什么")
    if again is not None and again < done:
        raise Unfit("again", f"上半年已完成 {done}，全年目标不能更少")
    old = {"done": here.done, "again": here.again, "why": here.why}
    here.done, here.again, here.why = done, again, why if again is not None else ""
    here.again_on = by.on if again is not None else None
    here.save()
    new = {"done": done, "again": again, "why": here.why}
    _write(by, here, f"登记{here.year}年度目标 {here.name} 的上半年完成数", old=old, new=new)
    return here


@action("reports.keep")
def drop(*, by: Scope, target: YearTarget, reason: str) -> YearTarget:
    """Taken back; it stays to be read. Raises NotAllowed."""
    here = _own(by, target)
    here.withdrawn_on, here.withdrawn_why = by.on, reason
    here.save(update_fields=["withdrawn_on", "withdrawn_why"])
    _write(by, here, f"撤回{here.year}年度目标：{here.name}，{reason}", new={"reason": reason})
    return here


def _own(by: Scope, target: YearTarget) -> YearTarget:
    rows = YearTarget.objects.within(by).filter(organisation=by.organisation_id, withdrawn_on=None)
    return reached(rows.select_related("organisation"), target.pk, "只能改本组织没有撤回的目标")


def _write(by: Scope, target: YearTarget, sentence: str, **values: object) -> None:
    write(
        by=by, action="reports.keep", sentence=sentence, thing=target, organisation=target.organisation,
        happened_on=by.on, **values,
    )  # fmt: skip
