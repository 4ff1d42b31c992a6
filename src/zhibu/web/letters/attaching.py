"""Scans of the signed paper: added and removed by who issued the letter."""

from __future__ import annotations

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.letters import queries
from zhibu.web.letters.issuing import ISSUERS
from zhibu.web.letters.models import Letter


def attach(*, by: Scope, letter: Letter, upload: Upload) -> Attachment:
    """Judged before the transaction. Raises NotAllowed, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, letter=letter, file=file)


@action("letters.sign")
def _attach(*, by: Scope, letter: Letter, file: Received) -> Attachment:
    own = _own(by, letter)
    kept = files.keep(by=by, thing=own, organisation=own.organisation, file=file)
    _write(by, own, f"责任书加签字件：{own}", kept)
    return kept


@action("letters.sign")
def detach(*, by: Scope, letter: Letter, attachment: Attachment) -> None:
    """Raises NotAllowed, Unfit."""
    own = _own(by, letter)
    if own.state == Letter.State.WITHDRAWN:
        raise Unfit("", "责任书已撤回，签字件留着备查")
    _write(by, own, f"责任书移除签字件：{own}", attachment)
    files.remove(attachment=attachment)


def _own(by: Scope, letter: Letter) -> Letter:
    return reached(queries.issued(by).select_for_update(of=("self",)), letter.pk, ISSUERS)


def _write(by: Scope, own: Letter, sentence: str, kept: Attachment) -> None:
    write(by=by, action="letters.sign", sentence=sentence, thing=own, organisation=own.organisation, new=kept.told)
