"""Effects of a transfer: the letter goes out, the receipt moves the member (`members.transfers`), others leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import Scope
from zhibu.web.members import actions, transfers
from zhibu.web.members.models import LeftKind, Transfer
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.effects import CannotFollow, Done, member_of

MIN_REASON = 2


def send(by: Scope, done: Done) -> dict[str, Any]:
    """To a branch of this installation by its code or its whole name; anything else is an organisation outside."""
    said = str(done.values.get("destination") or "").strip()
    try:
        there = finding.elsewhere(said)
    except finding.NotFound as refusal:
        raise CannotFollow(str(refusal)) from refusal
    until = done.values.get("letter_until")
    sent = transfers.send(
        by=by, member=member_of(done), on=done.on, letter=done.document[:40], to=there,
        outside="" if there else said, valid_until=until if isinstance(until, date) else None, document=done.document,
    )  # fmt: skip
    _goes_to(done, sent.to)
    return {"transfer": sent.pk}


def receive(by: Scope, done: Done) -> dict[str, Any]:
    """The receipt; nothing to do where the receiving side has noted it on the page 转接 already."""
    rows = Transfer.objects.unscoped("the transfer of this case").filter(member=done.case.member_id)
    last = rows.select_related("member", "organisation", "to").order_by("-pk").first()
    if last is None or last.state not in (Transfer.State.SENT, Transfer.State.RECEIVED):
        raise CannotFollow("名册那边没有等接收的转接。先记“开出介绍信”，再记接收")
    if last.state == Transfer.State.SENT:
        transfers.receive(by=by, transfer=last, on=done.on, document=done.document)
    return {}


def give_back(by: Scope, done: Done) -> dict[str, Any]:
    """The receiving side sends the letter back, not without cause; a new one can go out. The member never left."""
    if len(done.record.reason.strip()) < MIN_REASON:
        raise Unfit("reason", "写明退回的正当理由。没有正当理由，不得拒绝接收")
    rows = Transfer.objects.unscoped("the transfer of this case").filter(member=done.case.member_id)
    last = rows.select_related("member", "organisation", "to").order_by("-pk").first()
    if last is not None and last.state == Transfer.State.SENT:
        transfers.refuse(by=by, transfer=last, on=done.on, reason=done.record.reason[:200])
    _goes_to(done, None)
    return {}


def _goes_to(done: Done, there: Organisation | None) -> None:
    """From the letter on the receiving side sees the case, and its step is theirs."""
    done.case.receiver = there
    done.case.save(update_fields=["receiver"])


def take_back(by: Scope, done: Done) -> None:
    """The letter is recalled, if nobody has received it; recalled or refused on the page 转接 it is so already."""
    sent = Transfer.objects.unscoped("the transfer of this record").filter(pk=done.record.effect_old.get("transfer"))
    found = sent.select_related("member", "organisation", "to").first()
    if found is None or found.state == Transfer.State.RECEIVED:
        raise CannotFollow("这次转接已经办结，在这里撤不回。到“转接”一页核对")
    if found.state == Transfer.State.SENT:
        transfers.recall(by=by, transfer=found, on=by.on, reason=f"{done.case.title} {done.case.number} 撤销这一步")
    _goes_to(done, None)


def leave(by: Scope, done: Done) -> dict[str, Any]:
    """By the form of the disposal that the case holds (不合格党员组织处置办法 3)."""
    kind = {"advice": LeftKind.ADVISED, "removal": LeftKind.REMOVED}.get(str(done.values.get("form")), LeftKind.OTHER)
    actions.leave(by=by, member=member_of(done), on=done.on, kind=kind, document=done.document)
    return {}
