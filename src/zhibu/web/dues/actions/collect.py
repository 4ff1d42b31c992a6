"""Dues come in: ticked off for a month, several months of one member, a voluntary sum; and a mistake is voided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.dues import reckoning
from zhibu.web.dues.models import Payment
from zhibu.web.dues.queries import valid
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues

WHY = "of members and a branch found within reach"
AHEAD = 3  # months that may be paid in advance: by the quarter, with the branch's consent (art. 12)


@action("dues.collect")
def collect(
    *, by: Scope, branch: Organisation, due: Mapping[int, Sequence[date]], paid_on: date, way: str = Payment.Way.CASH
) -> list[Payment]:
    """Each member (key) has paid these months; the sums are reckoned, not told. What somebody else ticked in the
    meantime is left as it is. One receipt a member. Raises Unfit, naming who.
    """
    here = _locked(by, branch)
    members = {one.pk: one for one in Member.objects.within(by).filter(organisation=here, pk__in=list(due))}
    if len(members) < len(due):
        raise Unfit("members", "有人已不在本支部的名册上，重新打开再收")
    if paid_on > by.on:
        raise Unfit("paid_on", "交纳日期不能在今天以后")
    payers, practices = reckoning.payers(members.values()), reckoning.practices([here.path])
    paid = set(valid(Payment.objects.unscoped(WHY)).filter(member__in=members).values_list("member", "month"))
    made: list[Payment] = []
    receipts = _receipts(here, paid_on.year)
    for pk, months in due.items():
        wanted = [month for month in sorted({one.replace(day=1) for one in months}) if (pk, month) not in paid]
        receipt = receipts(len({one.receipt for one in made})) if wanted else ""
        for month in wanted:
            amount = _sum(members[pk], payers[pk], month, practices.on(here.path, month), by.on)
            made.append(
                Payment(
                    organisation=here,
                    member=members[pk],
                    month=month,
                    paid_on=paid_on,
                    amount=amount,
                    way=Payment.Way(way),
                    collected_by_id=by.user_id,
                    receipt=receipt,
                )
            )
    Payment.objects.bulk_create(made)
    total = sum((one.amount for one in made), Decimal(0))
    people = len({one.member_id for one in made})
    write(
        by=by, action="dues.collect", sentence=f"收缴党费 {people} 人 {total} 元", thing=here, organisation=here,
        new={"rows": len(made), "amount": str(total)}, happened_on=paid_on,
    )  # fmt: skip
    return made


def _sum(member: Member, payer: dues.Payer, month: date, practice: dues.Practice, today: date) -> Decimal:
    ahead = (month.year - today.year) * 12 + month.month - today.month
    if ahead > AHEAD:
        raise Unfit("members", f"{member.name} 的 {month:%Y-%m} 还早，最多提前 {AHEAD} 个月")
    owed = dues.of_month(payer, month, practice)
    if owed.state != "owed" or not owed.amount:
        raise Unfit("members", f"{member.name} 的 {month:%Y-%m} 不用收：{owed.why}")
    return owed.amount


def _locked(by: Scope, branch: Organisation) -> Organisation:
    """The branch, held until the end: two who tick at once come one after the other, and receipts stay in a row."""
    return reached(Organisation.objects.within(by).select_for_update(no_key=True), branch.pk)


def _receipts(here: Organisation, year: int):
    """Receipt numbers of a branch and year: code-year-0001, none given twice."""
    head = f"{here.code}-{year}-"
    last = last_receipt(head)
    return lambda given: f"{head}{last + given + 1:04d}"


def last_receipt(head: str, others: Iterable[str] = ()) -> int:
    """The highest number given behind `head` (code-year-), those of `others` too; 0 for none."""
    rows = Payment.objects.unscoped("receipt numbers of the branch").filter(receipt__startswith=head)
    told = [*rows.values_list("receipt", flat=True).distinct(), *(one for one in others if one.startswith(head))]
    return max((int(one.rsplit("-", 1)[1]) for one in told), default=0)


@action("dues.collect")
def give(*, by: Scope, member: Member, amount: Decimal, paid_on: date, way: str = Payment.Way.CASH) -> Payment:
    """自愿多交: a sum the member chose. From the table's sum on it is 大额党费, to be passed up with a receipt."""
    one = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    here = _locked(by, one.organisation)
    if amount <= 0:
        raise Unfit("amount", "写明自愿交纳多少元")
    if paid_on > by.on:
        raise Unfit("paid_on", "交纳日期不能在今天以后")
    made = Payment.objects.create(
        organisation=here, member=one, kind=Payment.Kind.VOLUNTARY, paid_on=paid_on, amount=amount,
        way=Payment.Way(way), collected_by_id=by.user_id, receipt=_receipts(here, paid_on.year)(0),
    )  # fmt: skip
    write(
        by=by, action="dues.collect", sentence=f"收到自愿交纳的党费 {amount} 元", thing=made, organisation=here,
        new={"amount": str(amount), "kind": "voluntary"}, happened_on=paid_on,
    )  # fmt: skip
    return made


@action("dues.void")
def void(*, by: Scope, payment: Payment, why: str) -> Payment:
    """A payment entered by mistake counts no more; its row and receipt number stay. Raises Unfit once handed in."""
    here = reached(
        Payment.objects.within(by).select_related("organisation").select_for_update(of=("self",)), payment.pk
    )
    if here.voided_on:
        raise Unfit("why", "这笔已经作废")
    if here.hand_in_id:
        raise Unfit("why", "这笔已经上缴，不能作废；多收的退还后在上缴的差额说明里写明")
    here.voided_on, here.voided_why = by.on, why
    here.save(update_fields=["voided_on", "voided_why"])
    write(
        by=by, action="dues.void", sentence=f"作废党费收据 {here.receipt}", thing=here, organisation=here.organisation,
        new={"reason": why, "amount": str(here.amount)},
    )  # fmt: skip
    return here


@action("dues.hand_in")
def pass_up(*, by: Scope, payment: Payment, on: date, receipt: str) -> Payment:
    """大额党费 has gone up; `receipt` is the number of the paper that came back."""
    here = reached(valid(Payment.objects.within(by)).select_related("organisation"), payment.pk)
    if here.kind != Payment.Kind.VOLUNTARY or here.amount < dues.table(here.paid_on).large:
        raise Unfit("receipt", "只有大额党费要单独转交")
    here.passed_up_on, here.passed_up_receipt = on, receipt
    here.save(update_fields=["passed_up_on", "passed_up_receipt"])
    write(
        by=by, action="dues.hand_in", sentence="转交大额党费", thing=here, organisation=here.organisation,
        new={"on": on.isoformat(), "number": receipt}, happened_on=on,
    )  # fmt: skip
    return here
