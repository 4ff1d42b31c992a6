"""A record is taken back with a reason, and within a day may be put back. Its number is never given again."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from zhibu.web.audit.actions import action
from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.records.actions.entry import Refused, own_only, say, since
from zhibu.web.records.models import Record

RESTORABLE = timedelta(hours=24)


@action("records.withdraw")
def withdraw(*, by: Scope, record: Record, reason: str) -> Record:
    """Take the record out of every count; it stays readable with its reason. Raises Refused."""
    own_only(by, record.organisation)
    reason = reason.strip()[:200]
    if not reason:
        raise Refused("填写撤回原因")
    if not _still(record, withdrawn=False).update(withdrawn_at=clock.now(), withdrawn_reason=reason):
        raise Refused(f"{record.number} 已经撤回")
    return _done(by, record, "records.withdraw", f"撤回活动记录 {record.number}：{reason}")


@action("records.withdraw")
def restore(*, by: Scope, record: Record) -> Record:
    """Undo a withdrawal of the last 24 hours; the first day of entry stands. Raises Refused."""
    own_only(by, record.organisation)
    recent = _still(record, withdrawn=True).filter(withdrawn_at__gt=clock.now() - RESTORABLE)
    if not recent.update(withdrawn_at=None, withdrawn_reason=""):
        raise Refused("撤回已超过 24 小时，不能恢复；可以另记一条")
    return _done(by, record, "records.restore", f"恢复活动记录 {record.number}")


def _still(record: Record, *, withdrawn: bool) -> QuerySet[Record]:
    """For a compare and set without the scope's join (see `edit._save`); `own_only` has been asked already."""
    return Record.objects.unscoped("own_only").filter(pk=record.pk, withdrawn_at__isnull=not withdrawn)


def _done(by: Scope, record: Record, name: str, sentence: str) -> Record:
    stored = Record.objects.within(by).select_related("organisation").get(pk=record.pk)
    old, new = (
        {"withdrawn_at": one.withdrawn_at, "withdrawn_reason": one.withdrawn_reason} for one in (record, stored)
    )
    say(by, name, sentence, stored, old=old, new=new)
    announce.facts_changed({stored.organisation_id}, since(stored))
    return stored
