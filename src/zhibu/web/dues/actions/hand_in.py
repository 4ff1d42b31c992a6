"""上缴: the payments not yet handed in go to the superior, who counts and confirms, or returns them with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.dues import queries
from zhibu.web.dues.models import HandIn, Payment
from zhibu.web.organisations.models import Organisation


@action("dues.hand_in")
def hand_in(
    *,
    by: Scope,
    branch: Organisation,
    handed_on: date,
    amount: Decimal,
    voucher: str = "",
    note: str = "",
    upto: date | None = None,
) -> HandIn:
    """`amount` in yuan is what was really handed over; `upto`: only the dues of months up to this one. Raises
    Unfit when it differs from the ledger and `note` says nothing.
    """
    here = reached(Organisation.objects.within(by).select_for_update(no_key=True), branch.pk)
    if handed_on > by.on:
        raise Unfit("handed_on", "上缴日期不能在今天以后")
    rows = list(queries.to_hand_in(by, here, upto).filter(paid_on__lte=handed_on))
    if not rows:
        raise Unfit("handed_on", "到这一天没有还未上缴的党费")
    due = sum((one.amount for one in rows), queries.NOTHING)
    if amount != due and not note.strip():
        more = "多" if amount > due else "少"
        raise Unfit(
            "note", f"台账 {len(rows)} 笔合计 {due} 元，实际{more} {abs(amount - due)} 元。核对下面各笔，写明差在哪里"
        )
    months = sorted(one.month for one in rows if one.month)
    made = HandIn.objects.create(
        organisation=here, handed_on=handed_on, due=due, amount=amount, voucher=voucher, note=note.strip(),
        first=months[0] if months else None, last=months[-1] if months else None,
    )  # fmt: skip
    Payment.objects.within(by).filter(pk__in=[one.pk for one in rows]).update(hand_in=made)
    write(
        by=by, action="dues.hand_in", sentence=f"上缴党费 {amount} 元", thing=made, organisation=here,
        new={"due": str(due), "amount": str(amount), "rows": len(rows), "note": note}, happened_on=handed_on,
    )  # fmt: skip
    return made


@action("dues.receive")
def receive(*, by: Scope, hand_in: HandIn, on: date, received: Decimal, receipt: str = "", answer: str = "") -> HandIn:
    """核收: the superior counted `received` yuan. Raises Unfit when that differs from what the branch told and `answer`
    does not say why.
    """
    here = _waiting(by, hand_in, on)
    if received != here.amount and not answer.strip():
        more = "多" if received > here.amount else "少"
        raise Unfit(
            "answer",
            f"支部登记 {here.amount} 元，点收{more} {abs(received - here.amount)} 元。写明差在哪里；说不清的退回支部",
        )
    here.received, here.receipt = received, receipt
    return _answered(by, here, HandIn.State.RECEIVED, on, answer, f"核收党费 {received} 元")


@action("dues.receive")
def send_back(*, by: Scope, hand_in: HandIn, on: date, answer: str) -> HandIn:
    """退回: the hand-in counts no more, and its payments wait to be handed in again. Raises Unfit."""
    here = _waiting(by, hand_in, on)
    if not answer.strip():
        raise Unfit("answer", "写明为什么退回、要支部改什么")
    rows = Payment.objects.unscoped("payments of a hand-in found within reach").filter(hand_in=here)
    rows.update(hand_in=None)
    return _answered(by, here, HandIn.State.RETURNED, on, answer, f"退回上缴的党费 {here.amount} 元")


def _waiting(by: Scope, hand_in: HandIn, on: date) -> HandIn:
    rows = HandIn.objects.within(by).select_related("organisation").select_for_update(of=("self",))
    here = reached(rows, hand_in.pk)
    if here.state != HandIn.State.SENT:
        raise Unfit("on", f"已于 {here.answered_on} {here.get_state_display()}，重新打开看看")
    if not here.handed_on <= on <= by.on:
        raise Unfit("on", f"日期在上缴的 {here.handed_on} 和今天之间")
    return here


def _answered(by: Scope, here: HandIn, state: HandIn.State, on: date, answer: str, sentence: str) -> HandIn:
    here.state, here.answered_on, here.answer = state, on, answer.strip()
    here.save(update_fields=["state", "answered_on", "answer", "received", "receipt"])
    write(
        by=by, action="dues.receive", sentence=sentence, thing=here, organisation=here.organisation,
        old={"state": HandIn.State.SENT.value},
        new={"state": state.value, "amount": str(here.amount), "answer": here.answer,
             "received": str(here.received) if here.received is not None else None, "receipt": here.receipt},
        happened_on=on,
    )  # fmt: skip
    return here
