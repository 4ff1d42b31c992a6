"""A record was entered or edited: it is put up for review where the superior wants that, and comes back there."""

from __future__ import annotations

from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations import tree
from zhibu.web.records.actions import reviewing
from zhibu.web.records.models import Record, Review
from zhibu.web.review.models import Decision, Filing, RecordReview
from zhibu.web.review.offices import keeper, named, setting_of, why_reviewed

Kind = Decision.Kind


def recorded(by: Scope, record_id: int, first: bool) -> None:
    """Listener of `core.announce`, inside the transaction of the entry or edit."""
    record = Record.objects.unscoped("the one just written").select_related("organisation").get(pk=record_id)
    if first:
        put_up(record)
    elif record.review == Review.RETURNED:
        _resubmit(by, record)
    elif record.review == Review.ACCEPTED:
        _again(by, record)


def come_back(by: Scope, record: Record, text: str) -> bool:
    """Resubmitted, by an edit or with a sentence. Whether it was returned until now; who calls writes the line."""
    held = RecordReview.objects.unscoped("of the record in hand").select_related("office").get(record=record)
    if not reviewing.resubmit(record, clock.today()):
        return False
    _wait(held)
    _step(by, held, record, Kind.RESUBMIT, text)
    return True


def put_up(record: Record) -> None:
    """Where the setting of the superior asks for it. The line of the submission tells of it."""
    setting = setting_of(record.organisation.path)
    if setting is None or not (why := why_reviewed(setting, record)):
        return
    RecordReview.objects.create(record=record, office=setting.organisation, why=why, waiting_since=clock.now())
    reviewing.put_up(record, Review.NONE)


def _resubmit(by: Scope, record: Record) -> None:
    """An edit of a returned record is its resubmission."""
    if come_back(by, record, ""):
        write(
            by=by, action="review.resubmit", sentence=f"重新提交 {record.number}：已修改", thing=record,
            organisation=record.organisation, happened_on=clock.today(),
        )  # fmt: skip


def _again(by: Scope, record: Record) -> None:
    """An accepted record was changed: what was accepted is no longer what stands there."""
    setting = setting_of(record.organisation.path)
    if setting is None or not setting.on or not reviewing.put_up(record, Review.ACCEPTED):
        return
    held = RecordReview.objects.unscoped("of the record in hand").select_related("office").get(record=record)
    held.office = setting.organisation
    held.save(update_fields=["office"])
    _wait(held)
    _step(by, held, record, Kind.AGAIN, "")


def _wait(held: RecordReview) -> None:
    held.waiting_since = clock.now()
    held.save(update_fields=["waiting_since"])


def _step(by: Scope, held: RecordReview, record: Record, kind: str, text: str) -> None:
    Decision.objects.create(
        record=record, office=held.office, kind=kind, text=text, version=record.version, at=clock.now(),
        by_id=by.user_id or None, title=named(record.organisation)[:160],
    )  # fmt: skip


def moved(organisation_id: int, old_path: str, new_path: str) -> None:
    """Listener of `core.announce`: what waits below who got another superior waits there."""
    held = RecordReview.objects.unscoped("of who moved").filter(subtree("record__organisation__path", new_path))
    for one in held.filter(record__review__in=(Review.WAITING, Review.RETURNED)).select_related("record__organisation"):
        one.office = keeper(one.record.organisation) or one.office
        one.save(update_fields=["office"])
    filed = (
        Filing.objects.unscoped("of who moved").filter(organisation=organisation_id).exclude(stage=Filing.Stage.DONE)
    )
    for filing in filed.select_related("organisation"):
        filing.office = tree.superior(filing.organisation) or filing.office
        filing.save(update_fields=["office"])
