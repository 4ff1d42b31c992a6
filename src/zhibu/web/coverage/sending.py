"""Instructors and liaison persons are sent to units, and visits are noted (M231, M232)."""

from __future__ import annotations

from datetime import date

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.coverage.actions import ended, held
from zhibu.web.coverage.models import Assignment, Support, Unit, Visit


@action("coverage.keep")
def send(
    *, by: Scope, unit: Unit, kind: str, name: str, starts_on: date, document: str = "", user: User | None = None
) -> Assignment:
    """A person helps the unit from a day on. `user` is the account of an instructor's post. Raises Unfit."""
    here = held(by, unit)
    rows = Assignment.objects.within(by).filter(overlapping(starts_on, None), unit=here, kind=kind, name=name)
    if rows.exists():
        raise Unfit("name", f"{name} 已经指派到这个单位")
    made = Assignment.objects.create(
        unit=here, kind=Assignment.Kind(kind), name=name, user=user, starts_on=starts_on, document=document
    )
    write(
        by=by, action="coverage.keep", sentence=f"向 {here.name} 指派{made.get_kind_display()} {name}", thing=made,
        organisation=here.organisation, new={"kind": kind, "starts_on": starts_on, "document": document},
        happened_on=starts_on,
    )  # fmt: skip
    announce.units_changed({here.pk})
    return made


@action("coverage.keep")
def call_back(*, by: Scope, assignment: Assignment, on: date, document: str = "") -> Assignment:
    """The assignment holds up to this day, inclusive. Raises Unfit."""
    row = reached(Assignment.objects.within(by).select_related("unit__organisation"), assignment.pk)
    ended(row, on)
    write(
        by=by, action="coverage.keep", sentence=f"{row.name} 不再是 {row.unit.name} 的{row.get_kind_display()}",
        thing=row, organisation=row.unit.organisation, new={"ends_on": on, "document": document}, happened_on=on,
    )  # fmt: skip
    announce.units_changed({row.unit_id})
    return row


@action("coverage.visit")
def visit(*, by: Scope, assignment: Assignment, on: date, government: str = "", building: str = "") -> Visit:
    """A visit of the person sent, with the help of one duty or both. Raises Unfit."""
    row = reached(Assignment.objects.within(by).select_related("unit__organisation"), assignment.pk)
    if not government and not building:
        raise Unfit("building", "写明这次帮了什么：两项至少写一项")
    if on > by.on:
        raise Unfit("on", "走访日期还没有到")
    if on < row.starts_on or (row.ends_on and on > row.ends_on):
        raise Unfit("on", f"{row.name} 那一天没有指派到这个单位（{row.starts_on} 起）")
    made = Visit.objects.create(
        unit=row.unit, assignment=row, visited_on=on, recorded_on=clock.today(), government=government,
        building=building,
    )  # fmt: skip
    write(
        by=by, action="coverage.visit", sentence=f"{row.name} 走访 {row.unit.name}", thing=made,
        organisation=row.unit.organisation, new={"government": government, "building": building}, happened_on=on,
    )  # fmt: skip
    announce.units_changed({row.unit_id})
    return made


@action("coverage.keep")
def support(*, by: Scope, unit: Unit, item: str, on: date, note: str) -> Support:
    """What the owner supports (M237)."""
    here = held(by, unit)
    if on > by.on:
        raise Unfit("on", "日期还没有到")
    made = Support.objects.create(unit=here, item=Support.Item(item), given_on=on, note=note)
    write(
        by=by, action="coverage.keep", sentence=f"登记 {here.name} 的业主支持：{made.get_item_display()}", thing=made,
        organisation=here.organisation, new={"item": item, "note": note}, happened_on=on,
    )  # fmt: skip
    return made
