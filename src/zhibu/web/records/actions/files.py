"""Photos and papers of a record: always optional, never counted (product.md: no compulsory photos)."""

from __future__ import annotations

from zhibu.web.audit.actions import NotAllowed, action
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.records.actions.entry import Refused, own_only, say
from zhibu.web.records.models import Record


def attach(*, by: Scope, record: Record, upload: Upload) -> Attachment:
    """Add a file to a record. Raises NotAllowed, Refused, or the files' own Refused; then nothing is kept.

    The file is judged before the transaction, which others would wait for.
    """
    if not by.may("records.attach"):
        raise NotAllowed(f"“{by.title}”不能做这件事")
    own_only(by, record.organisation)
    with received(upload) as file:
        return _attach(by=by, record=record, file=file)


attach.action_name = "records.attach"  # type: ignore[attr-defined]


@action("records.attach")
def _attach(*, by: Scope, record: Record, file: Received) -> Attachment:
    record = _open(by, record)
    kept = files.keep(by=by, thing=record, organisation=record.organisation, file=file)
    say(by, "records.attach", f"给活动记录 {record.number} 加附件 {kept.name}", record, new=_told(kept))
    return kept


@action("records.detach")
def detach(*, by: Scope, record: Record, attachment: Attachment) -> None:
    """Take a file of a record away for good. Raises Refused."""
    record = _open(by, record)
    files.remove(attachment=attachment)
    say(by, "records.detach", f"移除活动记录 {record.number} 的附件 {attachment.name}", record, old=_told(attachment))


def _open(by: Scope, record: Record) -> Record:
    """The record, locked: two uploads at once keep to the limit."""
    own_only(by, record.organisation)
    rows = Record.objects.unscoped("found within the scope").select_for_update(of=("self",))
    stored = rows.select_related("organisation").get(pk=record.pk)
    if stored.withdrawn_at:
        raise Refused(f"{record.number} 已撤回，不能再改附件")
    return stored


def _told(file: Attachment) -> dict[str, str | int]:
    return {"name": file.name, "kind": file.kind, "size": file.size, "digest": file.digest}
