"""Three faults of organisation life: pointed out, answered, withdrawn; a person decides about repeated ones."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.review.actions.decide import said, signature
from zhibu.web.review.models import Fault, FaultCall

OWN = "只能答复指出本组织的问题"


@action("review.mark")
def mark(*, by: Scope, organisation: Organisation, kind: str, text: str, record: Record | None = None) -> Fault:
    """Point a fault out. Only 不经常 is of an organisation without a record. Raises NotAllowed, Unfit."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    if kind not in Fault.Kind.values:
        raise Unfit("kind", "选一项：不经常、不认真、不严肃")
    if record is None and kind != Fault.Kind.IRREGULAR:
        raise Unfit("kind", "不认真、不严肃要指明是哪一条活动记录")
    if record is not None:
        record = reached(Record.objects.within(by).filter(organisation=place, withdrawn_at=None), record.pk)
    text = said(text, "写一句具体情况")
    office = Organisation.objects.unscoped("the own office").get(pk=by.organisation_id)
    made = Fault.objects.create(
        organisation=place, record=record, office=office, kind=kind, text=text, marked_on=by.on,
        by_id=by.user_id or None, title=signature(by, office),
    )  # fmt: skip
    about = f"（{record.number}）" if record else ""
    _write(by, "review.mark", f"指出{made.get_kind_display()}{about}：{text}", made, new={"kind": kind})
    return made


@action("review.mark")
def withdraw(*, by: Scope, fault: Fault, reason: str) -> Fault:
    """Take it back, with the reason; it stays readable and counts no more. Raises NotAllowed, Unfit."""
    here = reached(Fault.objects.within(by).select_related("organisation"), fault.pk)
    reason = said(reason, "写明为什么撤回")[:200]
    if here.withdrawn_on or here.call_id:
        raise NotAllowed("已经撤回，或者已经作过决定")
    here.withdrawn_on, here.withdrawn_reason = by.on, reason
    here.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    _write(by, "review.mark", f"撤回指出的{here.get_kind_display()}：{reason}", here)
    return here


@action("review.answer")
def answer(*, by: Scope, fault: Fault, text: str) -> Fault:
    """The organisation's own answer, once. Raises NotAllowed, Unfit."""
    rows = Fault.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    here = reached(rows.select_for_update(of=("self",)), fault.pk, OWN)
    if here.answered_on or here.withdrawn_on:
        raise Unfit("text", "已经答复过，或者上级已撤回")
    here.answer, here.answered_on = said(text, "写一句情况和打算"), by.on
    here.save(update_fields=["answer", "answered_on"])
    _write(by, "review.answer", f"答复指出的{here.get_kind_display()}：{here.answer}", here)
    return here


@action("review.call")
def call(*, by: Scope, organisation: Organisation, take: bool, text: str, due_on: date | None = None) -> FaultCall:
    """Decide about all open faults of an organisation: put in order by a day, or not. Raises NotAllowed, Unfit."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    text = said(text, "列入的写要求，不列入的写理由")
    if take and (due_on is None or due_on < by.on):
        raise Unfit("due_on", "整改期限最早是今天")
    faults = Fault.objects.within(by).filter(organisation=place, call=None, withdrawn_on=None)
    keys = list(faults.values_list("pk", flat=True))
    if not keys:
        raise NotAllowed("没有要决定的问题，可能别人已经决定了")
    office = Organisation.objects.unscoped("the own office").get(pk=by.organisation_id)
    made = FaultCall.objects.create(
        organisation=place, office=office, take=take, text=text, due_on=due_on if take else None, at=clock.now(),
        by_id=by.user_id or None, title=signature(by, office),
    )  # fmt: skip
    Fault.objects.unscoped("found within the scope").filter(pk__in=keys, call=None).update(call=made)
    word = f"列入整改，{due_on} 前" if take else "不列入整改"
    _write(by, "review.call", f"{word}：{text}", made, new={"faults": keys})
    return made


@action("review.answer")
def report(*, by: Scope, call: FaultCall, text: str) -> FaultCall:
    """The organisation says what it put in order. Raises NotAllowed, Unfit."""
    rows = (
        FaultCall.objects.within(by).filter(organisation=by.organisation_id, take=True).select_related("organisation")
    )
    here = reached(rows, call.pk, OWN)
    if here.closed_on:
        raise Unfit("text", f"{here.closed_on} 已经销号")
    here.report, here.reported_on = said(text, "写一句整改情况", longest=500), by.on
    here.save(update_fields=["report", "reported_on"])
    _write(by, "review.answer", f"报告整改情况：{here.report}", here)
    return here


@action("review.call")
def close(*, by: Scope, call: FaultCall) -> FaultCall:
    """The committee takes it for put in order. Raises NotAllowed: no report yet, closed before."""
    here = reached(FaultCall.objects.within(by).select_related("organisation"), call.pk)
    if not here.open or not here.reported_on:
        raise NotAllowed("支部还没有报告整改情况，或者已经销号")
    here.closed_on = by.on
    here.save(update_fields=["closed_on"])
    _write(by, "review.call", "销号：组织生活的问题已整改", here)
    return here


def _write(by: Scope, name: str, sentence: str, thing: Fault | FaultCall, **values: object) -> None:
    write(by=by, action=name, sentence=sentence[:300], thing=thing, organisation=thing.organisation,
          happened_on=by.on, **values)  # fmt: skip
