"""问题清单: what an inspection or a tour found at which unit, written down or taken over from what is known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.review.models import Fault
from zhibu.web.tasks.models import Problem

Found = tuple[Organisation, str]  # where, what


@action("tasks.issue")
def note(
    *, by: Scope, source: str, found_on: date, found: Sequence[Found], section: str = "", record: Record | None = None
) -> list[Problem]:
    """Put what was found on the own list. `record`: the own meeting at which it was reported. Raises Unfit."""
    own = _own_organisation(by)
    if found_on > by.on:
        raise Unfit("found_on", f"发现日期不能晚于今天（{by.on}）")
    rows = Organisation.objects.within(by).filter(pk__in={unit.pk for unit, _ in found}, dissolved_on=None)
    if rows.count() != len({unit.pk for unit, _ in found}):
        raise Unfit("lines", "有问题的单位要在本级管理范围内，没有撤销")
    made = [
        Problem.objects.create(
            organisation=own, unit=unit, source=source, section=section, found_on=found_on, recorded_on=by.on,
            text=text, record=record,
        )
        for unit, text in found
    ]  # fmt: skip
    _write(by, own, f"登记{source}发现的问题 {len(made)} 条", made[0] if made else None, found_on)
    return made


@action("tasks.issue")
def take_over(*, by: Scope, faults: Collection[int]) -> list[Problem]:
    """Put faults of organisation life (`review`) on the own list, not typed again; those there already stay."""
    own = _own_organisation(by)
    there = Problem.objects.within(by).filter(organisation=own, fault__in=faults, withdrawn_on=None)
    known = set(there.values_list("fault", flat=True))
    rows = Fault.objects.within(by.doing("review.view")).filter(pk__in=set(faults) - known, withdrawn_on=None)
    made = [
        Problem.objects.create(
            organisation=own, unit=one.organisation, source="组织生活审核", section="组织生活", found_on=one.marked_on,
            recorded_on=by.on, text=f"{one.get_kind_display()}：{one.text}"[:300], fault=one,
        )
        for one in rows.select_related("organisation").order_by("organisation__path", "pk")
    ]  # fmt: skip
    if not made:
        raise Unfit("faults", "选的问题都已经在清单里，或者已撤回")
    _write(by, own, f"把组织生活的问题列入清单 {len(made)} 条", made[0], by.on)
    return made


@action("tasks.issue")
def withdraw(*, by: Scope, problem: Problem, text: str) -> Problem:
    """Written by mistake, while nothing was required because of it. Raises Unfit."""
    rows = Problem.objects.within(by).filter(organisation=by.organisation_id).select_for_update(of=("self",))
    kept = reached(rows, problem.pk, "只有登记的单位可以撤回")
    if kept.order_id or kept.withdrawn_on:
        raise Unfit("text", "已经提了要求或已经撤回，不能撤回")
    kept.withdrawn_on, kept.withdrawn_why = by.on, text
    kept.save(update_fields=["withdrawn_on", "withdrawn_why"])
    _write(by, kept.organisation, f"撤回问题：{kept.text}", kept, by.on, {"withdrawn_why": text})
    return kept


def _own_organisation(by: Scope) -> Organisation:
    return reached(Organisation.objects.within(by), by.organisation_id)


def _write(
    by: Scope, own: Organisation, sentence: str, thing: Problem | None, on: date, new: dict | None = None
) -> None:
    write(by=by, action="tasks.issue", sentence=sentence, thing=thing, organisation=own, new=new, happened_on=on)
