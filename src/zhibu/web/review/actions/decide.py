"""A reviewer accepts or returns a record, takes that back within a day, sets a thing aside; the branch resubmits."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.actions import reviewing
from zhibu.web.records.models import Record
from zhibu.web.review import listening
from zhibu.web.review.models import Decision, RecordReview, Snooze
from zhibu.web.review.offices import named

UNDOABLE = timedelta(hours=24)
LONGEST = timedelta(days=92)  # of a new date
Kind = Decision.Kind
TAKE_BACK = {Kind.ACCEPT: "accepted", Kind.RETURN: "returned"}


@action("review.decide")
def accept(*, by: Scope, record: Record, version: int) -> Decision:
    """✓ for the version the reviewer read. Raises NotAllowed: out of reach, changed meanwhile, somebody was first."""
    held = _held(by, record)
    if not reviewing.accept(held.record, version):
        raise NotAllowed(_late(by, held.record, version))
    return _decide(by, held, Kind.ACCEPT, version, "", None)


@action("review.decide")
def return_(*, by: Scope, record: Record, version: int, text: str, back_by: date) -> Decision:
    """↩ with what is missing and a new date. The record counts for nothing until it is back. Raises as `accept`,
    Unfit for the sentence or the date."""
    held, text = _held(by, record), said(text, "写一句缺什么、怎样补。没有原因不能退回")
    if not by.on <= back_by <= by.on + LONGEST:
        raise Unfit("back_by", f"补充期限在 {by.on} 到 {by.on + LONGEST} 之间")
    who = signature(by, held.office)
    if not reviewing.give_back(held.record, version, why=text, who=who, back_by=back_by):
        raise NotAllowed(_late(by, held.record, version))
    return _decide(by, held, Kind.RETURN, version, text, back_by)


@action("review.decide")
def undo(*, by: Scope, record: Record) -> Decision:
    """The last decision is taken back, within a day and while the branch has not acted on it. Raises NotAllowed."""
    held = _held(by, record)
    last = last_decision(by, held.record)
    if last is None or last.undone_at or not last.decided:
        raise NotAllowed("没有可以撤销的审核意见")
    if clock.now() - last.at > UNDOABLE:
        raise NotAllowed("审核意见作出已超过 24 小时，不能撤销")
    if not reviewing.undo(held.record, TAKE_BACK[Kind(last.kind)]):
        raise NotAllowed("支部已经重新提交或撤回，不能撤销")
    last.undone_at = clock.now()
    last.save(update_fields=["undone_at"])
    _write(by, held, f"撤销审核意见“{last.get_kind_display()}”", old={"text": last.text})
    return last


@action("review.decide")
def snooze(*, by: Scope, key: str, until: date) -> Snooze:
    """Set a waiting thing aside for the own office until a day. Raises Unfit."""
    if not by.on < until <= by.on + LONGEST:
        raise Unfit("until", f"选 {by.on + timedelta(days=1)} 到 {by.on + LONGEST} 之间的一天")
    own = Organisation.objects.unscoped("the own office").get(pk=by.organisation_id)
    rows = Snooze.objects.unscoped("of the own office")
    kept, _ = rows.update_or_create(organisation=own, key=key[:80], defaults={"until": until})
    write(by=by, action="review.decide", sentence=f"以后再办，到 {until}：{key}"[:300], thing=kept, organisation=own,
          new={"until": until}, happened_on=by.on)  # fmt: skip
    return kept


@action("review.resubmit")
def resubmit(*, by: Scope, record: Record, text: str) -> None:
    """Nothing to change, or an attachment was added: the branch says so in a sentence. Raises Unfit, NotAllowed."""
    rows = Record.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    here, text = reached(rows, record.pk, "只能重新提交本组织的记录"), said(text, "写一句补了什么，或者为什么不用改")
    if not here.returned or not listening.come_back(by, here, text):
        raise NotAllowed(f"{here.number} 没有被退回，或者已经重新提交")
    write(
        by=by, action="review.resubmit", sentence=f"重新提交 {here.number}：{text}"[:300], thing=here,
        organisation=here.organisation, happened_on=by.on,
    )  # fmt: skip


def said(text: str, missing: str, *, longest: int = 300) -> str:
    """The sentence, in one line and not too long. Raises Unfit with `missing` where there is none."""
    if not (words := " ".join(text.split())[:longest]):
        raise Unfit("text", missing)
    return words


def signature(by: Scope, office: Organisation) -> str:
    """大营镇党委 王某: as it stands beside the sentence for the branch."""
    person = User.objects.filter(pk=by.user_id).values_list("name", flat=True).first()
    return f"{named(office)} {person or '系统'}"[:160]


def last_decision(by: Scope, record: Record) -> Decision | None:
    return Decision.objects.within(by).filter(record=record).order_by("-at", "-pk").first()


def _held(by: Scope, record: Record) -> RecordReview:
    rows = RecordReview.objects.within(by).select_related("record__organisation", "office")
    found = rows.filter(record=record).first()
    if found is None:
        raise NotAllowed("不在本级审核的范围内")
    return found


def _late(by: Scope, record: Record, version: int) -> str:
    """Why this reviewer came too late, in words: somebody decided, the branch edited or withdrew."""
    now = Record.objects.within(by).get(pk=record.pk)
    if now.withdrawn_at:
        return f"{now.number} 支部已撤回"
    if now.waiting and now.version != version:
        return f"{now.number} 支部刚修改过，看过新的再定"
    last = last_decision(by, now)
    if last is None or last.undone_at:
        return f"{now.number} 现在不等审核"
    return f"{now.number} 已由{last.title}在 {timezone.localtime(last.at):%H:%M} {last.get_kind_display()}"


def _decide(
    by: Scope, held: RecordReview, kind: Decision.Kind, version: int, text: str, back_by: date | None
) -> Decision:
    made = Decision.objects.create(
        record=held.record, office=held.office, kind=kind, text=text, back_by=back_by, version=version,
        asked_at=held.waiting_since, at=clock.now(), by_id=by.user_id or None, title=signature(by, held.office),
    )  # fmt: skip
    _write(by, held, f"{made.get_kind_display()}{f'：{text}' if text else ''}", new={"back_by": back_by, "text": text})
    return made


def _write(by: Scope, held: RecordReview, sentence: str, **values: object) -> None:
    record = held.record
    write(
        by=by, action="review.decide", sentence=f"审核 {record.number}，{sentence}"[:300], thing=record,
        organisation=record.organisation, happened_on=by.on, **values,
    )  # fmt: skip
