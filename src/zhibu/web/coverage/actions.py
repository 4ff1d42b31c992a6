"""A unit is entered, changed, given to a committee, covered: what rules say of it follows in the same transaction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.coverage.models import Covering, Mode, Place, Responsibility, Unit
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

DAY = timedelta(days=1)
WHY = "of a unit within reach"
# What an office may set of a unit; committees, organisations and people have actions of their own.
FIELDS = (
    "name", "kind", "credit_code", "trade", "place", "authority", "employees", "party_members", "full_members",
    "above_scale", "operating", "founded_on", "closed_on", "not_ripe", "union", "youth", "women", "premises",
    "premises_sqm", "premises_on", "school",
)  # fmt: skip


@action("coverage.keep")
def enter(
    *, by: Scope, fields: dict[str, Any], committee: Organisation | None, starts_on: date, document: str = ""
) -> Unit:
    """A new unit, given to a committee from a day on; without one it hangs on the own organisation and waits.

    Raises Unfit: a unit of that name or code is there; NotAllowed: the committee is out of reach.
    """
    holder = committee or Organisation.objects.unscoped("the own one").get(pk=by.organisation_id)
    here = reached(Organisation.objects.within(by), holder.pk)
    fields = _known(by, fields)
    _unique(fields, None, here)
    unit = Unit.objects.create(organisation=here, **fields)
    if committee:
        _answers(here)
        Responsibility.objects.create(unit=unit, committee=here, starts_on=starts_on, document=document)
    write(
        by=by, action="coverage.keep", sentence=f"登记单位 {unit.name}", thing=unit, organisation=here,
        new=told(fields) | {"document": document}, happened_on=starts_on,
    )  # fmt: skip
    announce.units_changed({unit.pk})
    return unit


@action("coverage.keep")
def change(*, by: Scope, unit: Unit, fields: dict[str, Any]) -> Unit:
    """Store what is said otherwise now. Raises KeyError for a field that is not the office's to set, Unfit."""
    here = held(by, unit)
    fields = _known(by, fields)
    _unique(fields, here.pk, here.organisation)
    old = {name: getattr(here, name) for name, value in fields.items() if getattr(here, name) != value}
    if not old:
        raise Unfit("name", "没有改动")
    for name in old:
        setattr(here, name, fields[name])
    here.save(update_fields=list(old))
    write(
        by=by, action="coverage.keep", sentence=f"修改单位 {here.name}", thing=here, organisation=here.organisation,
        old=told(old), new=told({name: fields[name] for name in old}),
    )  # fmt: skip
    announce.units_changed({here.pk})
    return here


@action("coverage.keep")
def give(*, by: Scope, unit: Unit, committee: Organisation, on: date, document: str) -> Responsibility:
    """From a day on this committee answers for the unit and no other does. Raises Unfit, NotAllowed."""
    here = held(by, unit)
    there = reached(Organisation.objects.within(by), committee.pk, "这个党委不在本级管理范围内")
    _answers(there)
    rows = Responsibility.objects.within(by).filter(unit=here)
    former = _standing(rows, on)
    if former and former.committee_id == there.pk:
        raise Unfit("committee", f"{there.name} 已经负责这个单位")
    _follows(former, rows, on, "committee")
    if former:
        former.ends_on = on - DAY
        former.save(update_fields=["ends_on"])
    made = Responsibility.objects.create(unit=here, committee=there, starts_on=on, document=document)
    _hang(here, there)
    write(
        by=by, action="coverage.keep", sentence=f"{here.name} 由 {there.name} 负责", thing=here, organisation=there,
        old={"committee": former.committee.code if former else None},
        new={"committee": there.code, "document": document}, happened_on=on,
    )  # fmt: skip
    announce.units_changed({here.pk})
    return made


@action("coverage.keep")
def let_go(*, by: Scope, unit: Unit, on: date, document: str) -> Unit:
    """The committee answers up to this day; the unit hangs on the one above, which finds another. Raises Unfit."""
    here = held(by, unit)
    former = _standing(Responsibility.objects.within(by).filter(unit=here), on)
    if former is None:
        raise Unfit("on", "这一天没有党委负责这个单位")
    above = tree.superior(former.committee) or former.committee
    if not by.reaches(above.path):
        raise NotAllowed("只有上级党委能免去下级的责任；也可以改交给别的党委")
    former.ends_on = on
    former.save(update_fields=["ends_on"])
    _hang(here, above)
    write(
        by=by, action="coverage.keep", sentence=f"{former.committee.name} 不再负责 {here.name}", thing=here,
        organisation=above, old={"committee": former.committee.code}, new={"ends_on": on, "document": document},
        happened_on=on,
    )  # fmt: skip
    announce.units_changed({here.pk})
    return here


@action("coverage.keep")
def cover(*, by: Scope, unit: Unit, party: Organisation, mode: str, on: date, document: str) -> Covering:
    """From a day on a Party organisation covers the unit in this mode; what covered it before ends. Raises Unfit."""
    here = held(by, unit)
    there = reached(Organisation.objects.within(by), party.pk, "这个党组织不在本级管理范围内")
    if there.dissolved_on and there.dissolved_on < on:
        raise Unfit("party", f"{there.name} 已于 {there.dissolved_on} 撤销")
    rows = Covering.objects.within(by).filter(unit=here)
    former = _standing(rows, on)
    _follows(former, rows, on, "party")
    if former:
        former.ends_on = on - DAY
        former.save(update_fields=["ends_on"])
    made = Covering.objects.create(unit=here, party=there, mode=Mode(mode), starts_on=on, document=document)
    write(
        by=by, action="coverage.keep", sentence=f"{here.name} {made.get_mode_display()}：{there.name}", thing=here,
        organisation=here.organisation, old={"party": former.party.code if former else None},
        new={"party": there.code, "mode": made.mode, "document": document}, happened_on=on,
    )  # fmt: skip
    announce.units_changed({here.pk})
    return made


@action("coverage.keep")
def uncover(*, by: Scope, covering: Covering, on: date, document: str) -> Covering:
    """The organisation covers the unit up to this day, inclusive. Raises Unfit."""
    row = reached(Covering.objects.within(by).select_related("unit__organisation", "party"), covering.pk)
    ended(row, on)
    write(
        by=by, action="coverage.keep", sentence=f"{row.unit.name} 不再由 {row.party.name} 覆盖", thing=row.unit,
        organisation=row.unit.organisation, old={"party": row.party.code}, new={"ends_on": on, "document": document},
        happened_on=on,
    )  # fmt: skip
    announce.units_changed({row.unit_id})
    return row


def held(by: Scope, unit: Unit) -> Unit:
    """The unit as it is now, within reach."""
    return reached(Unit.objects.within(by).select_related("organisation"), unit.pk)


def ended(row: Any, on: date) -> None:
    """Set the last day of a dated row. Raises Unfit."""
    if row.ends_on and row.ends_on <= on:
        raise Unfit("on", f"已于 {row.ends_on} 结束")
    if on < row.starts_on:
        raise Unfit("on", f"{row.starts_on} 才开始，结束日期不能更早")
    row.ends_on = on
    row.save(update_fields=["ends_on"])


def told(fields: dict[str, Any]) -> dict[str, Any]:
    """Values for the log: what is named by a key is told by its code or name."""
    names = {name: getattr(value, "code", None) or getattr(value, "name", None) for name, value in fields.items()}
    return {name: names[name] or value for name, value in fields.items() if value not in (None, "")}


def _known(by: Scope, fields: dict[str, Any]) -> dict[str, Any]:
    if strange := fields.keys() - set(FIELDS):
        raise KeyError(sorted(strange)[0])
    for name, model in (("place", Place), ("authority", Organisation)):
        if fields.get(name):
            fields = fields | {name: reached(model.objects.within(by), fields[name].pk)}
    if fields.get("founded_on") and fields.get("closed_on") and fields["closed_on"] < fields["founded_on"]:
        raise Unfit("closed_on", "注销日期不能早于成立日期")
    full, everyone = fields.get("full_members"), fields.get("party_members")
    if full is not None and everyone is not None and full > everyone:
        raise Unfit("full_members", "正式党员不会多于党员人数，核对两处")
    return fields


def _unique(fields: dict[str, Any], pk: int | None, here: Organisation) -> None:
    """A code is of one unit in the whole database; a name is of one unit where it hangs."""
    rows = Unit.objects.unscoped("a code is one unit's everywhere").exclude(pk=pk)
    if (code := fields.get("credit_code")) and rows.filter(credit_code=code).exists():
        raise Unfit("credit_code", "这个统一社会信用代码已登记在另一个单位名下。本级查不到的，联系上级核对")
    if (name := fields.get("name")) and rows.filter(organisation=here, name=name).exists():
        raise Unfit("name", f"“{name}”已经登记过。同名的两个单位，把名称写全以便区分")


def _answers(committee: Organisation) -> None:
    if committee.kind in BRANCH_KINDS:
        raise Unfit("committee", f"{committee.name} 是支部。负责单位的要是党委、党工委或党总支")


def _standing(rows: QuerySet[Any], on: date) -> Any:
    return rows.filter(overlapping(on, on)).first()


def _follows(former: Any, rows: QuerySet[Any], on: date, field: str) -> None:
    """On a day there is one; what begins later, or on that very day, has to be put right first."""
    if rows.filter(starts_on__gte=on).exists():
        later = rows.order_by("-starts_on").first()
        raise Unfit("on", f"{later.starts_on} 起已有一条登记，新的从它之后的日期起")


def _hang(unit: Unit, committee: Organisation) -> None:
    """Units of one name under one committee are told apart by nothing else, so they are not brought together."""
    twin = Unit.objects.unscoped(WHY).filter(organisation=committee, name=unit.name).exclude(pk=unit.pk)
    if twin.exists():
        raise Unfit("committee", f"{committee.name} 名下已有一个“{unit.name}”，先核对是不是同一个单位")
    unit.organisation = committee
    unit.save(update_fields=["organisation"])
