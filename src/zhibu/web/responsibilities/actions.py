"""Issuing a charter, giving its items to bodies, asking how far they are. Each with its audit line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import charge
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.responsibilities import queries
from zhibu.web.responsibilities.models import Charge, Charter, Holder, Item
from zhibu.web.responsibilities.naming import Named, found

MOST_ITEMS = 200


@action("responsibilities.keep")
def keep(*, by: Scope, charter: Charter | None, facts: dict[str, Any]) -> Charter:
    """Issue a charter at the post's own organisation, or change one in its reach. `facts`: columns by name.

    Raises Unfit: it would end before it starts, or begin after something was given by it.
    """
    if charter is None:
        own = reached(Organisation.objects.within(by), by.organisation_id)
        kept, old = Charter(organisation=own), {}
    else:
        kept = _charter(by, charter)
        old = {name: getattr(kept, name) for name in facts if getattr(kept, name) != facts[name]}
    if facts["ends_on"] and facts["ends_on"] < facts["starts_on"]:
        raise Unfit("ends_on", f"到哪天止要在 {facts['starts_on']} 或以后")
    if charter and Charge.objects.within(by).filter(item__charter=kept, given_on__lt=facts["starts_on"]).exists():
        raise Unfit("starts_on", "在这以前已经交办过职责，从哪天起不能再晚")
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.save()
    write(
        by=by, action="responsibilities.keep", sentence=f"{'修改' if charter else '制定'}职责清单：{kept.title}",
        thing=kept, organisation=kept.organisation, old=old,
        new={name: facts[name] for name in (old or facts)}, happened_on=kept.starts_on,
    )  # fmt: skip
    return kept


def _charter(by: Scope, charter: Charter) -> Charter:
    return reached(Charter.objects.within(by).select_for_update(of=("self",)), charter.pk)


@action("responsibilities.keep")
def add_items(*, by: Scope, charter: Charter, texts: Sequence[str], facts: dict[str, Any]) -> int:
    """Write items that share their clock. `facts`: heading, clause, due_on, due_days, needs_proof. Gives how many.

    Raises Unfit: one stands there already, or there would be more than MOST_ITEMS.
    """
    kept = _charter(by, charter)
    there = Item.objects.within(by).filter(charter=kept)
    if there.count() + len(texts) > MOST_ITEMS:
        raise Unfit("texts", f"一份清单最多 {MOST_ITEMS} 条，分成几份")
    if twice := there.filter(text__in=texts, heading=facts["heading"]).first():
        raise Unfit("texts", f"清单里已经有“{twice.text[:30]}”")
    last = there.aggregate(last=Max("position"))["last"] or 0
    for position, text in enumerate(texts, last + 1):
        Item.objects.create(charter=kept, position=position, text=text, **facts)
    write(
        by=by, action="responsibilities.keep", sentence=f"写入职责 {len(texts)} 条：{kept.title}", thing=kept,
        organisation=kept.organisation,
    )  # fmt: skip
    return len(texts)


@action("responsibilities.keep")
def change_item(*, by: Scope, item: Item, facts: dict[str, Any] | None) -> None:
    """Put other `facts` (text, heading, clause, due_on, due_days, needs_proof), or take it out (None).

    Raises Unfit once it was given to a body: what somebody answers for is not rewritten behind them.
    """
    kept = reached(Item.objects.within(by).select_for_update(of=("self",)), item.pk)
    if Charge.objects.within(by).filter(item=kept).exists():
        raise Unfit("", "这一条已经交办，不能再改。有变化的，收回以后另写一条")
    old = {} if facts is None else {name: getattr(kept, name) for name in facts if getattr(kept, name) != facts[name]}
    write(
        by=by, action="responsibilities.keep", sentence=f"{'修改' if facts else '删去'}职责：{kept.text}", thing=kept,
        organisation=kept.charter.organisation, old=old, new={name: facts[name] for name in old} if facts else {},
    )  # fmt: skip
    if facts is None:
        kept.delete()
        return
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.save()


@action("responsibilities.keep")
def give(
    *, by: Scope, charter: Charter, kind: str, bodies: Sequence[Named], items: Collection[int], given_on: date
) -> int:
    """Give items (their keys) to bodies; what one has already is not given twice. Gives the number of charges made.

    Raises Unfit: nothing chosen, nothing new, a day the charter doesn't hold on, a body out of reach, no founding day.
    """
    kept = _charter(by, charter)
    if given_on < kept.starts_on or (kept.ends_on and given_on > kept.ends_on):
        until = f"到 {kept.ends_on}" if kept.ends_on else ""
        raise Unfit("given_on", f"清单从 {kept.starts_on} 起{until}有效，交办日期要在这以内")
    if given_on > by.on:
        raise Unfit("given_on", "交办日期还没有到")
    chosen = list(Item.objects.within(by).filter(charter=kept, pk__in=items))
    if not chosen:
        raise Unfit("items", "至少选一条职责")
    holders = [_holder(by, kept, kind, one) for one in found(by, kept, bodies)]
    held = Charge.objects.within(by).filter(holder__in=holders, item__in=chosen, withdrawn_on=None)
    has = set(held.values_list("holder", "item"))
    made = Charge.objects.bulk_create(
        Charge(
            organisation=holder.place or kept.organisation, item=item, holder=holder, given_on=given_on,
            due_on=due_on(kept, item, holder, given_on),
        )
        for holder in holders
        for item in chosen
        if (holder.pk, item.pk) not in has
    )  # fmt: skip
    if not made:
        raise Unfit("bodies", "这些单位都已经有这几条职责了")
    write(
        by=by, action="responsibilities.keep", sentence=f"交办职责 {len(made)} 项：{kept.title}", thing=kept,
        organisation=kept.organisation, happened_on=given_on,
    )  # fmt: skip
    return len(made)


def _holder(by: Scope, charter: Charter, kind: str, one: tuple[str, Organisation | None]) -> Holder:
    """The one its keeper has already, else a new one."""
    name, place = one
    kept = Holder.objects.within(by).filter(organisation=charter.organisation, name=name, gone_on=None)
    known = (kept.filter(place=place) if not name else kept).select_related("place").first()
    if known and place and known.place_id != place.pk:
        raise Unfit("bodies", f"“{known}”登记的党组织是{known.place or '没有'}，和这里写的不同。先在“承担单位”里改")
    return known or Holder.objects.create(organisation=charter.organisation, kind=kind, name=name, place=place)


def due_on(charter: Charter, item: Item, holder: Holder, given_on: date) -> date | None:
    """The day by which the item is due of this holder; None: it holds for good. Raises Unfit without a founding day."""
    if item.due_days is None:
        return item.due_on
    first: date | None = given_on
    if charter.kind == Charter.Kind.START:
        first = holder.place.founded_on if holder.place and not holder.name else None
        if first is None:
            raise Unfit("bodies", f"“{holder}”没有成立日期，期限算不出来。写党组织代码，成立日期在“组织”里登记")
    assert first is not None
    return first + timedelta(days=item.due_days)


@action("responsibilities.keep")
def withdraw(*, by: Scope, charge: Charge, reason: str) -> Charge:
    """Take a charge back; what was told stays. Raises Unfit when it was taken back before."""
    kept = reached(Charge.objects.within(by).select_for_update(of=("self",)), charge.pk)
    reached(Charter.objects.within(by), kept.item.charter_id, "这份清单是上级的，由上级收回")
    if kept.withdrawn_on:
        raise Unfit("", f"{kept.withdrawn_on} 已经收回")
    kept.withdrawn_on, kept.reason = by.on, reason
    kept.save(update_fields=["withdrawn_on", "reason"])
    write(
        by=by, action="responsibilities.keep", sentence=f"收回职责：{kept.holder}：{kept.item.text}", thing=kept,
        organisation=kept.organisation, new={"reason": reason}, happened_on=by.on,
    )  # fmt: skip
    return kept


@action("responsibilities.keep")
def ask(*, by: Scope, charter: Charter, report_by: date, minutes: int | None = None) -> Charter:
    """Ask every body with something open to tell by a day how far it is. `minutes`: what it costs one, as its sender
    has weighed it. Raises Unfit: a day that is over, or the last time asked for has not run out yet."""
    kept = _charter(by, charter)
    if report_by <= by.on:
        raise Unfit("report_by", "要在今天以后")
    if kept.report_by and kept.report_by >= by.on:
        raise Unfit("report_by", f"已经请它们在 {kept.report_by} 前报进展，过了这天再发下一次")
    kept.asked_on, kept.report_by = by.on, report_by
    kept.save(update_fields=["asked_on", "report_by"])
    if minutes:
        asked = list(queries.asked(by, kept).values_list("pk", flat=True))
        charge(
            by=by, thing=kept, kind="职责进展", title=kept.title, units=len(asked), minutes=minutes, starts_on=by.on,
            ends_on=report_by, to={"units": asked}, part=f"{report_by}",
        )  # fmt: skip
    write(
        by=by, action="responsibilities.keep", sentence=f"请各单位报进展：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"report_by": report_by, "minutes": minutes}, happened_on=by.on,
    )  # fmt: skip
    return kept
