"""Files of a report: added and removed by the owner while who gave the task has not accepted it."""

from __future__ import annotations

from zhibu.web.audit.actions import NotAllowed, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.tasks.models import TaskStep
from zhibu.web.tasks.queries import SIDES

OTHERS = "办结以前，只有报的单位可以加减附件"


def attach(*, by: Scope, step: TaskStep, upload: Upload) -> Attachment:
    """Judged before the transaction. Raises NotAllowed, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, step=step, file=file)


@action("tasks.report")
def _attach(*, by: Scope, step: TaskStep, file: Received) -> Attachment:
    said = _own(by, step)
    kept = files.keep(by=by, thing=said, organisation=said.organisation, file=file)
    _write(by, said, f"任务加附件：{said.task}", kept)
    return kept


@action("tasks.report")
def detach(*, by: Scope, step: TaskStep, attachment: Attachment) -> None:
    """Raises NotAllowed."""
    said = _own(by, step)
    _write(by, said, f"任务移除附件：{said.task}", attachment)
    files.remove(attachment=attachment)


def may_change(by: Scope, step: TaskStep) -> bool:
    told = (TaskStep.What.REPORTED, TaskStep.What.PROGRESS)
    ours = step.organisation_id == by.organisation_id == step.task.owner_id
    return ours and step.what in told and step.task.open and not step.undone_on and by.may("tasks.report")


def _own(by: Scope, step: TaskStep) -> TaskStep:
    rows = TaskStep.objects.unscoped(SIDES).filter(organisation=by.organisation_id, task__owner=by.organisation_id)
    said = reached(rows.select_for_update(of=("self",)).select_related("task__order", "organisation"), step.pk, OTHERS)
    if not may_change(by, said):
        raise NotAllowed(OTHERS)
    return said


def _write(by: Scope, said: TaskStep, sentence: str, kept: Attachment) -> None:
    write(by=by, action="tasks.report", sentence=sentence, thing=said, organisation=said.organisation, new=kept.told)
