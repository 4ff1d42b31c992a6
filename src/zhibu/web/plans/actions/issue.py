"""A superior issues themes and the rules of the fixed day; what it does not list does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import charge
from zhibu.web.burden.loads import branches
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.plans.models import Cycle, CycleTheme, Discipline

ELSEWHERE = "只能改本级印发的"


@action("plans.issue")
def cycle(
    *, by: Scope, cycle: Cycle | None, name: str, document: str, starts_on: date, ends_on: date,
    alert_months: int | None, themes: Sequence[str], minutes: int | None = None,
) -> Cycle:  # fmt: skip
    """Issue or alter a cycle. A theme left out is dropped, not deleted: what served it stays. Raises Unfit.

    `minutes`: what all its themes together cost a branch, as the issuer has weighed it.
    """
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if ends_on < starts_on:
        raise Unfit("ends_on", f"结束日期 {ends_on} 早于开始日期 {starts_on}")
    one = _own_cycle(by, cycle) if cycle else Cycle(organisation=own)
    one.name, one.document, one.starts_on, one.ends_on, one.alert_months = (
        name,
        document,
        starts_on,
        ends_on,
        alert_months,
    )
    one.save()
    _set(by, one, list(dict.fromkeys(themes)))
    if minutes:
        charge(
            by=by, thing=one, kind="主题目录", title=name, units=branches(by, own.path).count(), minutes=minutes,
            starts_on=starts_on, ends_on=ends_on, to={"kinds": list(BRANCH_KINDS)},
        )  # fmt: skip
    sentence = f"{'修改' if cycle else '印发'}主题目录：{name}，{len(themes)} 个规定主题"
    write(
        by=by, action="plans.issue", sentence=sentence, thing=one, organisation=own, happened_on=by.on,
        new={"minutes": minutes, "themes": list(themes), "document": document, "alert_months": alert_months},
    )  # fmt: skip
    return one


def _set(by: Scope, cycle: Cycle, names: list[str]) -> None:
    there = {one.name: one for one in CycleTheme.objects.within(by).filter(cycle=cycle, required=True)}
    for name, one in there.items():
        one.dropped_on = None if name in names else one.dropped_on or by.on
        one.save(update_fields=["dropped_on"])
    for name in names:
        if name not in there:
            CycleTheme.objects.create(cycle=cycle, organisation_id=cycle.organisation_id, name=name, required=True)


@action("plans.issue")
def disciplines(*, by: Scope, source: str, lines: Sequence[str]) -> list[Discipline]:
    """The own list from today on. A line left out ended yesterday; marks made by it stay."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    rows = Discipline.objects.within(by).filter(organisation=own, ends_on=None)
    there = {one.text: one for one in rows}
    for text, one in there.items():
        if text not in lines:
            one.ends_on = max(one.starts_on, by.on - timedelta(days=1))
            one.save(update_fields=["ends_on"])
    new = [text for text in dict.fromkeys(lines) if text not in there]
    made = [Discipline.objects.create(organisation=own, text=text, source=source, starts_on=by.on) for text in new]
    write(
        by=by, action="plans.issue", sentence=f"规定活动日纪律，{len(lines)} 条", thing=None, organisation=own,
        new={"lines": list(lines), "source": source}, happened_on=by.on,
    )  # fmt: skip
    return made


def _own_cycle(by: Scope, cycle: Cycle) -> Cycle:
    rows = Cycle.objects.within(by).filter(organisation=by.organisation_id).select_for_update(of=("self",))
    return reached(rows, cycle.pk, ELSEWHERE)
