"""A side asks, either side writes on, each adds and removes its own files."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.liaison import queries
from zhibu.web.liaison.models import Matter, Message
from zhibu.web.organisations.models import Organisation

OTHERS = "只有联系的双方可以写"


@action("liaison.send")
def send(*, by: Scope, to: Organisation, subject: str, text: str, due_on: date | None) -> Matter:
    """Ask a counterpart of the own organisation. Raises Unfit for another body, or a day that is over."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    there = queries.counterparts(own, by).filter(pk=to.pk).first()
    if there is None:
        raise Unfit("to", "不是本级的联系对象")
    if due_on and due_on < by.on:
        raise Unfit("due_on", "答复期限不能早于今天")
    made = Matter.objects.create(organisation=own, to=there, subject=subject, sent_on=by.on, due_on=due_on)
    Message.objects.create(matter=made, organisation=own, text=text, sent_on=by.on)
    write(
        by=by, action="liaison.send", sentence=f"发给{there.name}：{subject}", thing=made, organisation=own,
        new={"to": there.code, "due_on": due_on}, happened_on=by.on,
    )  # fmt: skip
    return made


@action("liaison.reply")
def reply(*, by: Scope, matter: Matter, text: str) -> Message:
    """Write on, for the own side. The first words of the body asked are the reply. Raises NotAllowed."""
    rows = queries.mine(by).select_for_update(of=("self",))
    kept = reached(rows, matter.pk, OTHERS)
    own = kept.to if kept.to_id == by.organisation_id else kept.organisation
    said = Message.objects.create(matter=kept, organisation=own, text=text, sent_on=by.on)
    first = kept.to_id == own.pk and kept.answered_on is None
    if first:
        kept.answered_on = by.on
        kept.save(update_fields=["answered_on"])
    write(
        by=by, action="liaison.reply", sentence=f"{'答复' if first else '补充'}联系事项：{kept.subject}", thing=said,
        organisation=own, happened_on=by.on,
    )  # fmt: skip
    return said


def attach(*, by: Scope, message: Message, upload: Upload) -> Attachment:
    """Add a file to what the own side wrote; judged before the transaction. Raises NotAllowed, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, message=message, file=file)


@action("liaison.reply")
def _attach(*, by: Scope, message: Message, file: Received) -> Attachment:
    said = _own(by, message)
    kept = files.keep(by=by, thing=said, organisation=said.organisation, file=file)
    _write(by, said, f"联系事项加附件：{said.matter.subject}", kept)
    return kept


@action("liaison.reply")
def detach(*, by: Scope, message: Message, attachment: Attachment) -> None:
    """Take a file of the own side away. Raises NotAllowed."""
    said = _own(by, message)
    _write(by, said, f"联系事项移除附件：{said.matter.subject}", attachment)
    files.remove(attachment=attachment)


def _own(by: Scope, message: Message) -> Message:
    rows = Message.objects.within(by).filter(organisation=by.organisation_id).select_for_update(of=("self",))
    return reached(rows.select_related("matter", "organisation"), message.pk, OTHERS)


def _write(by: Scope, said: Message, sentence: str, kept: Attachment) -> None:
    write(by=by, action="liaison.reply", sentence=sentence, thing=said, organisation=said.organisation, new=kept.told)
