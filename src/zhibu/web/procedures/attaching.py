"""Files of a step's record come and go, each with its line."""

from __future__ import annotations

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.procedures.models import StepRecord


def attach(*, by: Scope, record: StepRecord, upload: Upload) -> Attachment:
    """Add a file. It is judged before the transaction, which takes seconds. Raises NotAllowed, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, record=record, file=file)


@action("procedures.record")
def _attach(*, by: Scope, record: StepRecord, file: Received) -> Attachment:
    row = _row(by, record)
    kept = files.keep(by=by, thing=row, organisation=row.case.organisation, file=file)
    _write(by, row, f"{row.case.title} {row.case.number}：“{row.title}”加附件", kept)
    return kept


@action("procedures.record")
def detach(*, by: Scope, record: StepRecord, attachment: Attachment) -> None:
    """Take a file away. Raises NotAllowed."""
    row = _row(by, record)
    _write(by, row, f"{row.case.title} {row.case.number}：“{row.title}”移除附件", attachment)
    files.remove(attachment=attachment)


def _row(by: Scope, record: StepRecord) -> StepRecord:
    rows = StepRecord.objects.within(by).select_for_update(of=("self",)).select_related("case__organisation")
    return reached(rows, record.pk)


def _write(by: Scope, row: StepRecord, sentence: str, kept: Attachment) -> None:
    write(
        by=by, action="procedures.record", sentence=sentence, thing=row, organisation=row.case.organisation,
        new=kept.told,
    )  # fmt: skip
