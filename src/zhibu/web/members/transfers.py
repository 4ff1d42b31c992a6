"""转接组织关系 in two halves. From the letter to the receipt the member stays on the old roster, and the old branch
stays responsible (教育管理工作条例 25, text). The roster changes on the day of the receipt: nobody is lost or counted
twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.members import history
from zhibu.web.members.life import PLACES
from zhibu.web.members.models import LeftKind, Member, MemberChange, Transfer
from zhibu.web.organisations.models import Organisation

State = Transfer.State


@action("members.move")
def send(
    *, by: Scope, member: Member, on: date, letter: str, to: Organisation | None = None, outside: str = "",
    valid_until: date | None = None, document: str = "",
) -> Transfer:  # fmt: skip
    """The letter goes out, to a branch of this installation or (by name) outside. Raises Unfit."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    history.check_day(here, on)
    if (to is None) == (not outside):
        raise Unfit("to", "接收的党组织填一项：本系统的填代码，外系统的填名称")
    if to and (to.pk == here.organisation_id or to.kind not in PLACES or to.dissolved_on):
        raise Unfit("to", f"{to.name} 不能接收，选另一个党支部")
    if valid_until and valid_until < on:
        raise Unfit("valid_until", "有效期不能早于转出日期")
    if waiting := Transfer.objects.unscoped(history.WHY).filter(member=here, state=State.SENT).first():
        raise Unfit("letter", f"{here.name} 的转接（{waiting.letter}）还没有办结，先撤回或等对方接收")
    transfer = Transfer.objects.create(
        member=here, organisation=here.organisation, to=to, outside=outside, letter=letter, sent_on=on,
        valid_until=valid_until,
    )  # fmt: skip
    _tell(by, f"转出组织关系 1 人，等 {whither(transfer)} 接收", transfer, on, document)
    return transfer


@action("members.move")
def receive(*, by: Scope, transfer: Transfer, on: date, document: str = "") -> Transfer:
    """The receipt. The receiving side notes it; of an organisation outside, the sending side, and the member leaves."""
    here = _open(by, transfer, receiving=True)
    member = here.member
    history.check_day(member, on)
    if on < here.sent_on:
        raise Unfit("on", f"{here.sent_on} 才转出，接收日期不能更早")
    if here.to is None:
        history.noted(member, MemberChange.What.LEFT, on, here.letter)
        member.left_on, member.left_kind = on, LeftKind.OUTSIDE
        member.save(update_fields=["left_on", "left_kind"])
        announce.roster_left(member.pk, here.organisation_id, on, here.letter)
    else:
        history.change(member, MemberChange.What.MOVED, on, here.letter, organisation=here.to, arrived_on=on,
                       branch_post="")  # fmt: skip
        announce.roster_left(member.pk, here.organisation_id, on - history.DAY, here.letter)
        announce.member_moved(by, member.pk, here.to.pk, on)
    _close(by, here, State.RECEIVED, on, document, f"接收组织关系 1 人：{here.organisation.name} 转到 {whither(here)}")
    announce.facts_changed({here.organisation_id, member.organisation_id})
    return here


@action("members.move")
def refuse(*, by: Scope, transfer: Transfer, on: date, reason: str, document: str = "") -> Transfer:
    """Not without cause (教育管理工作条例 25). The member was on the old roster all the time and stays there."""
    here = _open(by, transfer, receiving=True)
    _close(by, here, State.REFUSED, on, reason, f"退回组织关系 1 人：{reason}", document)
    return here


@action("members.move")
def recall(*, by: Scope, transfer: Transfer, on: date, reason: str, document: str = "") -> Transfer:
    """The sending side takes the letter back."""
    here = _open(by, transfer, receiving=False)
    _close(by, here, State.RECALLED, on, reason, f"撤回组织关系 1 人：{reason}", document)
    return here


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """An open transfer as the list shows it."""

    transfer: Transfer
    days: int  # since it was sent
    expired: bool
    may_receive: bool
    may_recall: bool


def seen(scope: Scope) -> QuerySet[Transfer]:
    """Transfers from or to an organisation of the reach: both sides and their common superior see the same row."""
    rows = Transfer.objects.unscoped("both sides see a transfer")
    mine = scope.where("organisation__path") | scope.where("to__path")
    return rows.filter(mine).select_related("member", "organisation", "to").order_by("state", "sent_on", "pk")


def waiting(scope: Scope) -> list[OnTheWay]:
    """转出未接收, the longest waiting first."""
    return [shown(scope, one) for one in seen(scope).filter(state=State.SENT).order_by("sent_on", "pk")]


def shown(scope: Scope, one: Transfer) -> OnTheWay:
    mover = scope.doing("members.move")
    open_ = one.state == State.SENT
    sends, receives = mover.reaches(one.organisation.path), mover.reaches(_receiver(one).path)
    expired = bool(open_ and one.valid_until and one.valid_until < scope.on)
    return OnTheWay(one, (scope.on - one.sent_on).days, expired, open_ and receives, open_ and sends)


def whither(transfer: Transfer) -> str:
    return transfer.to.name if transfer.to else transfer.outside


def _receiver(transfer: Transfer) -> Organisation:
    """Whose reach may note the receipt."""
    return transfer.to or transfer.organisation


def _open(by: Scope, transfer: Transfer, *, receiving: bool) -> Transfer:
    here = reached(seen(by).select_for_update(of=("self",)), transfer.pk)
    place = _receiver(here) if receiving else here.organisation
    if not by.reaches(place.path):
        raise NotAllowed(f"这一步由{place.name}或其上级办理")
    if here.state != State.SENT:
        raise NotAllowed(f"这次转接{here.get_state_display()}，不用再办")
    return here


def _close(by: Scope, here: Transfer, state: State, on: date, answer: str, sentence: str, document: str = "") -> None:
    if on < here.sent_on:
        raise Unfit("on", f"{here.sent_on} 才转出，办结日期不能更早")
    here.state, here.closed_on, here.answer = state, on, answer
    here.save(update_fields=["state", "closed_on", "answer"])
    _tell(by, sentence, here, on, document or answer)


def _tell(by: Scope, sentence: str, transfer: Transfer, on: date, document: str) -> None:
    new = {"letter": transfer.letter, "to": whither(transfer), "state": transfer.state, "document": document}
    write(by=by, action="members.move", sentence=sentence, thing=transfer, organisation=transfer.organisation, new=new,
          happened_on=on)  # fmt: skip
