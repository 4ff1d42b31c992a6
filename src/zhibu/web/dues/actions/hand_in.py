"""上缴: the payments not yet handed in go to the superior; a difference needs its reason."""

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
    *, by: Scope, branch: Organisation, handed_on: date, amount: Decimal, voucher: str = "", note: str = ""
) -> HandIn:
    """`amount` is what was really handed over. Raises Unfit when it differs from the ledger and `note` says nothing."""
    here = reached(Organisation.objects.within(by).select_for_update(no_key=True), branch.pk)
    if handed_on > by.on:
        raise Unfit("handed_on", "上缴日期不能在今天以后")
    rows = list(queries.to_hand_in(by, here).filter(paid_on__lte=handed_on))
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
