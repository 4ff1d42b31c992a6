"""A leading body puts an item on its agenda, takes it off, names who is in charge."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.agendas import queries
from zhibu.web.agendas.models import AgendaItem, InCharge
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.offices.models import Tenure
from zhibu.web.organisations.models import Organisation

DAY = timedelta(days=1)
OURS = "只能改本组织的"


@action("agendas.keep")
def put(*, by: Scope, kind: str, title: str, every: int, starts_on: date, document: str = "") -> AgendaItem:
    """A recurring item of the own body. Raises Unfit: it is no leading body, the kind is taken."""
    own = _own(by)
    if kind not in queries.kinds():
        raise Unfit("kind", "选列出的活动类型")
    if AgendaItem.objects.within(by).filter(organisation=own, kind=kind, ends_on=None).exists():
        raise Unfit("kind", "这类活动已有固定议题。要改期限的，先停用那一条")
    made = AgendaItem.objects.create(
        organisation=own, kind=kind, title=title, every=every, starts_on=starts_on, document=document
    )
    _write(by, made, f"列固定议题：{title}，{every} 个月一次", new={"kind": kind, "every": every}, on=starts_on)
    return made


@action("agendas.keep")
def take_off(*, by: Scope, item: AgendaItem) -> AgendaItem:
    """From tomorrow it is no longer asked; one put on today goes today. Raises NotAllowed."""
    rows = AgendaItem.objects.within(by).filter(organisation=by.organisation_id, ends_on=None)
    here = reached(rows.select_related("organisation"), item.pk, OURS)
    here.ends_on = max(by.on, here.starts_on)
    here.save(update_fields=["ends_on"])
    _write(by, here, f"停用固定议题：{here.title}", new={"ends_on": here.ends_on})
    return here


@action("agendas.keep")
def restore(*, by: Scope, item: AgendaItem) -> AgendaItem:
    """The taking off undone. Raises NotAllowed, Unfit."""
    rows = AgendaItem.objects.within(by).filter(organisation=by.organisation_id).exclude(ends_on=None)
    here = reached(rows.select_related("organisation"), item.pk, OURS)
    if AgendaItem.objects.within(by).filter(organisation=here.organisation, kind=here.kind, ends_on=None).exists():
        raise Unfit("kind", "这类活动已有另一条固定议题")
    here.ends_on = None
    here.save(update_fields=["ends_on"])
    _write(by, here, f"恢复固定议题：{here.title}", new={"ends_on": None})
    return here


@action("agendas.keep")
def name_person(*, by: Scope, tenure: Tenure, starts_on: date, document: str = "") -> InCharge:
    """Who of the body is in charge of Party work from a day on; who was, ends the day before. Raises Unfit."""
    own = _own(by)
    rows = Tenure.objects.within(by).filter(held(by.on), office__organisation=own)
    if (chosen := rows.filter(pk=tenure.pk).first()) is None:
        raise Unfit("tenure", "选本组织在任的人")
    before = InCharge.objects.within(by).filter(organisation=own, ends_on=None).first()
    if before and before.starts_on >= starts_on:
        raise Unfit("starts_on", f"现在的分管负责人从 {before.starts_on} 起，新的要在那以后")
    if before:
        before.ends_on = starts_on - DAY
        before.save(update_fields=["ends_on"])
    made = InCharge.objects.create(organisation=own, tenure=chosen, starts_on=starts_on, document=document)
    _write(by, made, "明确党建工作分管负责人", new={"tenure": chosen.pk, "starts_on": starts_on}, on=starts_on)
    return made


@action("agendas.keep")
def unname(*, by: Scope, person: InCharge) -> None:
    """Named by mistake: the latest naming is taken back, who was in charge before is again. Raises NotAllowed."""
    own = _own(by)
    rows = InCharge.objects.within(by).filter(organisation=own, ends_on=None)
    here = reached(rows.select_related("organisation"), person.pk, "只能撤回最近一次")
    before = InCharge.objects.within(by).filter(organisation=own, ends_on=here.starts_on - DAY).first()
    _write(by, here, "撤回党建工作分管负责人", old={"tenure": here.tenure_id, "starts_on": here.starts_on})
    here.delete()
    if before:
        before.ends_on = None
        before.save(update_fields=["ends_on"])


def _own(by: Scope) -> Organisation:
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if own.kind not in queries.LEADING:
        raise Unfit("", f"{own.name} 是{own.get_kind_display()}。议事日程由党组、党委、党工委安排")
    return own


def _write(by: Scope, thing: AgendaItem | InCharge, sentence: str, on: date | None = None, **values: object) -> None:
    write(
        by=by, action="agendas.keep", sentence=sentence, thing=thing, organisation=thing.organisation,
        happened_on=on or by.on, **values,
    )  # fmt: skip
