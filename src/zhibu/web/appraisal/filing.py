"""Papers of a round: the signed tally, the minutes, a self-appraisal. All of them optional, counted nowhere."""

from __future__ import annotations

from zhibu.web.appraisal.models import Appraisal
from zhibu.web.appraisal.rounds import kept, note
from zhibu.web.audit.actions import NotAllowed, action
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received


def attach(*, by: Scope, appraisal: Appraisal, upload: Upload) -> Attachment:
    """Add a paper; judged before the transaction. Raises NotAllowed, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, appraisal=appraisal, file=file)


@action("appraisal.keep")
def _attach(*, by: Scope, appraisal: Appraisal, file: Received) -> Attachment:
    one = _open(by, appraisal)
    made = files.keep(by=by, thing=one, organisation=one.organisation, file=file)
    note(by, "appraisal.keep", one, f"{one}：加附件", new=made.told)
    return made


@action("appraisal.keep")
def detach(*, by: Scope, appraisal: Appraisal, attachment: Attachment) -> None:
    """Take a paper away. Raises NotAllowed once archived."""
    one = _open(by, appraisal)
    note(by, "appraisal.keep", one, f"{one}：移除附件", new=attachment.told)
    files.remove(attachment=attachment)


def _open(by: Scope, appraisal: Appraisal) -> Appraisal:
    one = kept(by, appraisal)
    if one.archived_on:
        raise NotAllowed(f"{one.archived_on} 已经归档，附件不再改动。要改的先写明原因撤回")
    return one
