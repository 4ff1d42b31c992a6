"""Offices estimate, branches answer, county forms are registered and withdrawn; other apps say what they send down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.book import Book
from zhibu.web.burden.estimates import minutes
from zhibu.web.burden.models import MOST, BurdenAnswer, CountyForm, Estimate, Every, FormSheet, SentDown
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.form_checks import Checked

WHY = "of the thing in hand"


# --- minutes


@action("burden.estimate")
def estimate(*, by: Scope, told: Mapping[str, int], note: str = "") -> int:
    """Minutes for keys, said by the own office today; those that were the same are left out. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    rows = Estimate.objects.within(by).filter(organisation=own, key__in=told).order_by("on", "pk")
    before = {row.key: row.minutes for row in rows}
    new = {key: value for key, value in told.items() if before.get(key) != value}
    if (wrong := next((value for value in new.values() if not 1 <= value <= MOST), None)) is not None:
        raise Unfit("minutes", f"{wrong} 分钟不行，写 1 到 {MOST} 的整数")
    if foreign := next((key for key in new if not _own_key(own, key)), None):
        raise NotAllowed(f"{foreign} 不是本级下发的")
    if not new:
        raise Unfit("minutes", "没有改动")
    Estimate.objects.bulk_create(
        [Estimate(organisation=own, key=key, minutes=value, on=by.on, note=note) for key, value in new.items()]
    )
    old = {key: before[key] for key in new if key in before}
    write(
        by=by, action="burden.estimate", sentence=f"估计负担分钟 {len(new)} 项", thing=None, organisation=own,
        old={"minutes": old}, new={"minutes": new}, happened_on=by.on,
    )  # fmt: skip
    return len(new)


@action("burden.estimate")
def take(*, by: Scope, told: Book) -> int:
    """The minutes of a file published with rulebooks; those it said before are left out."""
    rows = Estimate.objects.unscoped("of published files").filter(organisation=None, who=told.who)
    before = {row.key: row.minutes for row in rows.order_by("on", "pk")}
    new = {key: value for key, value in told.minutes.items() if before.get(key) != value}
    Estimate.objects.bulk_create(
        [Estimate(who=told.who, key=key, minutes=value, on=told.on, note=told.note) for key, value in new.items()]
    )
    write(
        by=by, action="burden.estimate", sentence=f"收下 {told.who} 估的负担分钟 {len(new)} 项", thing=None,
        organisation=None, new={"minutes": new}, happened_on=told.on,
    )  # fmt: skip
    return len(new)


def _own_key(own: Organisation, key: str) -> bool:
    """Rules and pages are anybody's who may estimate; what was sent down is its sender's."""
    kind, _, name = key.partition(":")
    if kind in ("rule", "page"):
        return bool(name)
    rows = SentDown.objects.unscoped(WHY).filter(organisation=own)
    return kind == "sent" and name.isdecimal() and rows.filter(pk=int(name[:18])).exists()


@action("burden.answer")
def answer(*, by: Scope, key: str, says: str) -> BurdenAnswer:
    """The own branch says how long it really takes; a later answer replaces the earlier one. Empty takes it back."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if not (key.startswith("sent:") or minutes({key})):
        raise Unfit("key", "这件事还没有估时，没有可答复的")
    rows = BurdenAnswer.objects.within(by).filter(organisation=own, key=key)
    old = rows.values_list("says", flat=True).first() or ""
    made = BurdenAnswer(organisation=own, key=key, says=says, on=by.on)
    rows.delete()
    if says:
        made.save()
    write(
        by=by, action="burden.answer", sentence=f"答复用时：{made.get_says_display() or '撤回'}", thing=made,
        organisation=own, old={"says": old}, new={"says": says, "estimated": key}, happened_on=by.on,
    )  # fmt: skip
    return made


# --- forms


@action("burden.issue")
def register(*, by: Scope, checked: Checked, units: Sequence[Organisation]) -> CountyForm:
    """A form of the own office that its checker passed. Raises Unfit: the same id is in use."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if CountyForm.objects.within(by).filter(organisation=own, form=checked.id, withdrawn_on=None).exists():
        raise Unfit("text", f"代号 {checked.id} 已经登记过；改了内容的，先收回原来的")
    made = CountyForm.objects.create(
        organisation=own, form=checked.id, title=checked.title, text=checked.text, until=checked.until,
        fields=[list(field) for field in checked.fields], registered_on=by.on, asked=checked.asked, every=checked.every,
    )  # fmt: skip
    FormSheet.objects.bulk_create(FormSheet(organisation=one, form=made) for one in units)
    charge(
        by=by, thing=made, kind="表", title=checked.title, units=len(units), minutes=checked.minutes,
        every=checked.every, starts_on=by.on, ends_on=checked.until, to={"units": [unit.pk for unit in units]},
    )  # fmt: skip
    write(
        by=by, action="burden.issue", sentence=f"登记下发的表：{checked.title}", thing=made, organisation=own,
        new={"minutes": checked.minutes, "units": len(units), "until": checked.until}, happened_on=by.on,
    )  # fmt: skip
    return made


@action("burden.issue")
def withdraw(*, by: Scope, sent: CountyForm, reason: str) -> CountyForm:
    """Nobody fills it in any more. Raises Unfit."""
    rows = CountyForm.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    kept = reached(rows, sent.pk, "只能收回本级下发的表")
    if kept.withdrawn_on:
        raise Unfit("reason", f"{kept.withdrawn_on} 已经收回")
    kept.withdrawn_on, kept.withdrawn_why = by.on, reason
    kept.save(update_fields=["withdrawn_on", "withdrawn_why"])
    lift(by=by, thing=kept)
    write(
        by=by, action="burden.issue", sentence=f"收回下发的表：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"withdrawn_why": reason}, happened_on=by.on,
    )  # fmt: skip
    return kept


# --- what other apps send down; inside their own actions, whose audit line tells of it


def charge(
    *, by: Scope, thing: models.Model, kind: str, title: str, units: int, minutes: int, starts_on: date,
    ends_on: date | None = None, every: str = Every.ONCE, to: Mapping[str, Any] | None = None, part: str = "",
) -> SentDown:  # fmt: skip
    """Keep, or keep anew, what a thing of the own organisation costs those it is sent to.

    `part`: which time it asks, of a thing that asks again and again, each time for itself.
    """
    told = {
        "organisation_id": by.organisation_id, "kind": kind, "title": title, "units": units, "minutes": minutes,
        "every": every, "starts_on": starts_on, "ends_on": ends_on, "to": dict(to or {}), "withdrawn_on": None,
    }  # fmt: skip
    rows = SentDown.objects.unscoped(WHY)
    made, _ = rows.update_or_create(
        thing=thing._meta.label_lower, thing_id=thing.pk, part=part, defaults=told,
        create_defaults=told | {"sent_on": by.on},
    )  # fmt: skip
    return made


def alter(*, thing: models.Model, **changed: Any) -> None:
    """Other days, other units. What was never weighed stays so."""
    _rows(thing).update(**changed)


def lift(*, by: Scope, thing: models.Model) -> None:
    """It is asked no more: taken back, as if it had not been asked from this month on."""
    _rows(thing).update(withdrawn_on=by.on)


def spare(*, by: Scope, thing: models.Model, units: Collection[int]) -> None:
    """Some of those it was sent to need not do it any more; where none is left it is taken back."""
    for row in _rows(thing).filter(withdrawn_on=None):
        asked = row.to.get("units", [])
        if left := [pk for pk in asked if pk not in units]:
            row.to, row.units = row.to | {"units": left}, len(left)
        elif asked:  # an empty list would be all below
            row.withdrawn_on = by.on
        row.save(update_fields=["to", "units", "withdrawn_on"])


def finish(*, by: Scope, thing: models.Model) -> None:
    """It ended before its last day: what was done for it was done by today, and nothing comes after."""
    _rows(thing).filter(models.Q(ends_on=None) | models.Q(ends_on__gt=by.on)).update(ends_on=by.on)


def _rows(thing: models.Model) -> models.QuerySet[SentDown]:
    return SentDown.objects.unscoped(WHY).filter(thing=thing._meta.label_lower, thing_id=thing.pk)
