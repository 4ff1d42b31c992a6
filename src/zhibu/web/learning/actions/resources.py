"""Training resources are entered and closed; a class books one for days on which nobody else has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.learning import queries
from zhibu.web.learning.models import Booking, Resource, TrainingClass
from zhibu.web.organisations.models import Organisation


@action("learning.resources")
def keep_resource(*, by: Scope, resource: Resource | None, fields: Mapping[str, Any]) -> Resource:
    """Enter one for the own organisation and those below, or change one. Raises Unfit for a name that is there."""
    if resource is None:
        kept = Resource(organisation=reached(Organisation.objects.within(by), by.organisation_id))
    else:
        kept = reached(Resource.objects.within(by).select_related("organisation"), resource.pk)
    told = dict(fields)
    closed = told.pop("closed")
    told["closed_on"] = (kept.closed_on or by.on) if closed else None
    same = Resource.objects.within(by).filter(organisation=kept.organisation, kind=told["kind"], name=told["name"])
    if same.exclude(pk=kept.pk).exists():
        raise Unfit("name", f"已经登记过“{told['name']}”")
    for name, value in told.items():
        setattr(kept, name, value)
    kept.save()
    write(
        by=by, action="learning.resources", sentence=f"登记培训资源：{kept.name}", thing=kept,
        organisation=kept.organisation, new={"kind": kept.kind, "closed_on": kept.closed_on},
    )  # fmt: skip
    return kept


@action("learning.keep")
def book(*, by: Scope, held: TrainingClass, resource: Resource, starts_on: date, ends_on: date) -> Booking:
    """Take a resource for days of the class. Raises Unfit: other days, closed, somebody has it, too few seats."""
    rows = TrainingClass.objects.within(by).select_for_update(of=("self",)).select_related("organisation")
    kept = reached(rows, held.pk)
    there = reached(queries.resources(by).select_for_update(of=("self",)), resource.pk, "资源目录里没有这一项")
    if kept.cancelled_on:
        raise Unfit("resource", f"{kept.cancelled_on} 已取消，不用预约")
    if not kept.starts_on <= starts_on <= ends_on <= kept.ends_on:
        raise Unfit("starts_on", f"预约要在开班的日子里：{kept.starts_on} 至 {kept.ends_on}")
    if there.closed_on:
        raise Unfit("resource", f"{there.name}从 {there.closed_on} 起停用")
    if other := queries.taken(there, starts_on, ends_on).first():
        raise Unfit("resource", f"{there.name}在 {other.starts_on} 至 {other.ends_on} 已有安排，换日子或换一处")
    if there.capacity and (people := _people(kept)) > there.capacity:
        raise Unfit("resource", f"{there.name}容纳 {there.capacity} 人，这个班现有 {people} 人")
    made = Booking.objects.create(resource=there, training_class=kept, starts_on=starts_on, ends_on=ends_on)
    _write(by, kept, f"预约{there.name}", made)
    return made


@action("learning.keep")
def release(*, by: Scope, booking: Booking) -> None:
    rows = Booking.objects.within(by).select_related("training_class__organisation", "resource")
    kept = reached(rows, booking.pk)
    _write(by, kept.training_class, f"取消预约{kept.resource.name}", kept)
    kept.delete()


def _people(held: TrainingClass) -> int:
    return held.others + held.trainees.unscoped(queries.WHY).count()


def _write(by: Scope, held: TrainingClass, sentence: str, one: Booking) -> None:
    write(
        by=by, action="learning.keep", sentence=f"{sentence}：{held.name}", thing=held, organisation=held.organisation,
        new={"starts_on": one.starts_on, "ends_on": one.ends_on},
    )  # fmt: skip
