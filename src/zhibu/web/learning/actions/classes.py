"""A class is held, changed, called off; trainees are picked from rosters within reach; who came is noted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.learning import queries
from zhibu.web.learning.models import Booking, Trainee, TrainingClass
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

MOST = 500  # trainees of one class


@action("learning.keep")
def hold(*, by: Scope, fields: Mapping[str, Any]) -> TrainingClass:
    """A class of the own organisation. Raises Unfit for its days or the record it names."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    made = TrainingClass.objects.create(organisation=own, **_fit(by, own, fields))
    _write(by, made, f"办培训班：{made.name}", new=_told(made))
    return made


@action("learning.keep")
def change(*, by: Scope, held: TrainingClass, fields: Mapping[str, Any]) -> TrainingClass:
    """Raises Unfit: called off; booked resources would be left behind by other days."""
    kept = _open(by, held)
    old = _told(kept)
    for name, value in _fit(by, kept.organisation, fields).items():
        setattr(kept, name, value)
    outside = kept.bookings.unscoped(queries.WHY).exclude(starts_on__gte=kept.starts_on, ends_on__lte=kept.ends_on)
    if left := outside.select_related("resource").first():
        raise Unfit("starts_on", f"预约的{left.resource.name}在 {left.starts_on} 至 {left.ends_on}，先取消预约")
    kept.save()
    _write(by, kept, f"修改培训班：{kept.name}", old=old, new=_told(kept))
    return kept


@action("learning.keep")
def cancel(*, by: Scope, held: TrainingClass, why: str) -> None:
    """Called off: its hours count no more, what it booked is free. Raises Unfit when it is already."""
    kept = _open(by, held)
    kept.cancelled_on, kept.cancelled_why = by.on, why
    kept.save(update_fields=["cancelled_on", "cancelled_why"])
    for one in Booking.objects.within(by).filter(training_class=kept):
        one.delete()
    _write(by, kept, f"取消培训班：{kept.name}", new={"cancelled_why": why})


@action("learning.keep")
def enrol(*, by: Scope, held: TrainingClass, members: Collection[int]) -> int:
    """Put members on the list; who is there already stays. How many are new. Raises NotAllowed, Unfit."""
    kept = _open(by, held)
    there = set(kept.trainees.unscoped(queries.WHY).values_list("member", flat=True))
    rows = Member.objects.within(by).filter(overlapping(by.on, None, ends="left_on"))
    fresh = [reached(rows, pk, "学员要从管理范围内的在册党员里选") for pk in sorted(set(members) - there)]
    if not members:
        raise Unfit("members", "还没有选学员，在名单前打勾")
    if len(there) + len(fresh) > MOST:
        raise Unfit("members", f"一个班最多 {MOST} 名学员，现在有 {len(there)} 名")
    for one in fresh:
        Trainee.objects.create(training_class=kept, member=one)
    _write(by, kept, f"培训班 {kept.name} 增加学员 {len(fresh)} 人", new={"people": len(fresh)})
    return len(fresh)


@action("learning.keep")
def strike(*, by: Scope, trainee: Trainee) -> None:
    """Take somebody off the list who has not come. Raises Unfit when he has."""
    one = reached(Trainee.objects.within(by).select_for_update(of=("self",)), trainee.pk)
    kept = _open(by, one.training_class)
    if one.attended:
        raise Unfit("members", "已登记参加的，先把“参加”去掉再移出")
    _write(by, kept, f"培训班 {kept.name} 移出学员", new={"people": 1})
    one.delete()


@action("learning.keep")
def attend(*, by: Scope, held: TrainingClass, came: Mapping[int, Decimal | None]) -> None:
    """Who came and for how many hours; None: did not come. Of the trainees in reach; those not named stay as they are.

    Raises Unfit: the class has not begun, or more hours than it has.
    """
    kept = _open(by, held)
    if kept.starts_on > by.on:
        raise Unfit("hours", f"{kept.starts_on} 才开班，开班以后再登记")
    rows = list(queries.trainees(by, kept).select_for_update(of=("self",)).filter(pk__in=came))
    for one in rows:
        hours = came[one.pk]
        if hours is not None and hours > kept.hours:
            raise Unfit("hours", f"{one.member.name}的学时不能超过这个班的 {kept.hours} 学时")
        one.attended, one.hours = hours is not None, hours
        one.save(update_fields=["attended", "hours"])
    there = sum(one.attended is True for one in rows)
    _write(by, kept, f"登记培训班 {kept.name} 到课 {there} 人", new={"people": there})


def _fit(by: Scope, own: Organisation, fields: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(fields)
    if told["ends_on"] < told["starts_on"]:
        raise Unfit("ends_on", "结束日期不能早于开始日期")
    if (told["ends_on"] - told["starts_on"]).days > 366:
        raise Unfit("ends_on", "一个班最长一年，分期的分开登记")
    number = told.pop("record", "")
    rows = Record.objects.within(by).filter(organisation=own, withdrawn_at=None)
    told["record"] = rows.filter(number=number).first() if number else None
    if number and told["record"] is None:
        raise Unfit("record", f"本单位没有编号是 {number} 的活动记录，编号像 2026-000123")
    return told


def _open(by: Scope, held: TrainingClass) -> TrainingClass:
    rows = TrainingClass.objects.within(by).select_for_update(of=("self",)).select_related("organisation", "record")
    kept = reached(rows, held.pk)
    if kept.cancelled_on:
        raise Unfit("name", f"{kept.cancelled_on} 已取消，不再改动")
    return kept


def _told(one: TrainingClass) -> dict[str, Any]:
    names = ("starts_on", "ends_on", "hours", "audience", "form", "channel", "document", "others")
    return {name: getattr(one, name) for name in names}


def _write(by: Scope, one: TrainingClass, sentence: str, **more: Any) -> None:
    write(
        by=by,
        action="learning.keep",
        sentence=sentence,
        thing=one,
        organisation=one.organisation,
        happened_on=one.starts_on,
        **more,
    )
