"""The base of a member, the practice of an organisation, the use of dues."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.dues.models import Base, Practice, Purpose, Use
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues


@action("dues.rate")
def set_base(*, by: Scope, member: Member, since: date, kind: str, amount: Decimal | None = None) -> Base:
    """核定基数 from a day on; of the same day the later one counts. Raises Unfit when the rate does not allow it.

    The sum itself is not in the log: it is a person's pay.
    """
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    try:
        rate = dues.table(since).rates[kind]
        rate.amount(amount)
    except LookupError as missing:
        raise Unfit(
            "since" if kind else "kind", "选一种交纳类别" if isinstance(missing, KeyError) else str(missing)
        ) from None
    except dues.NotInRange as wrong:
        raise Unfit("amount", str(wrong)) from None
    base, _ = Base.objects.unscoped("of the member found above").update_or_create(
        member=here, since=since, defaults={"kind": kind, "amount": amount if rate.needs_base else None}
    )
    write(
        by=by, action="dues.rate", sentence=f"核定党费基数 {here.name}", thing=base, organisation=here.organisation,
        new={"kind": kind, "since": since.isoformat()}, happened_on=since,
    )  # fmt: skip
    return base


@action("dues.practise")
def practise(
    *,
    by: Scope,
    organisation: Organisation,
    starts_on: date,
    mode: str,
    vote_month: bool,
    branch_relieves: bool,
    basis: str,
    hand_in_every: str = "",
    hand_in_day: int | None = None,
) -> Practice:
    """收缴办法 from a month on, for the organisation and those below it that have none of their own. Raises Unfit."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if hand_in_day and not hand_in_every:
        raise Unfit("hand_in_every", "写了几日前上缴，也选每月还是每季度")
    told = {
        "mode": Practice.Mode(mode), "vote_month": vote_month, "branch_relieves": branch_relieves, "basis": basis,
        "hand_in_every": hand_in_every, "hand_in_day": hand_in_day,
    }  # fmt: skip
    practice, _ = Practice.objects.within(by).update_or_create(
        organisation=here, starts_on=starts_on.replace(day=1), defaults=told
    )
    write(
        by=by, action="dues.practise", sentence=f"登记党费收缴办法 {here.name}", thing=practice, organisation=here,
        new={**told, "mode": str(mode)}, happened_on=starts_on,
    )  # fmt: skip
    return practice


@action("dues.use")
def use(
    *, by: Scope, organisation: Organisation, used_on: date, purpose: str, amount: Decimal, what: str, decided_on: date,
    decided_by: str,
) -> Use:  # fmt: skip
    """党费使用. Raises Unfit for a purpose outside the closed list, or a decision after the use."""
    here, table = reached(Organisation.objects.within(by), organisation.pk), dues.table(used_on)
    if purpose not in table.uses:
        said = "；".join(Purpose(one).label for one in table.uses if one in Purpose.values)
        raise Unfit("purpose", f"党费只能用于这几项（{table.uses_clause}）：{said}")
    if amount <= 0:
        raise Unfit("amount", "金额要大于 0")
    if decided_on > used_on:
        raise Unfit("decided_on", "先集体研究决定，再使用（第二十条）")
    made = Use.objects.create(
        organisation=here, used_on=used_on, purpose=purpose, amount=amount, what=what, decided_on=decided_on,
        decided_by=decided_by,
    )  # fmt: skip
    write(
        by=by, action="dues.use", sentence=f"使用党费 {amount} 元，{made.get_purpose_display()}", thing=made,
        organisation=here, new={"amount": str(amount), "purpose": purpose, "decided_by": decided_by},
        happened_on=used_on,
    )  # fmt: skip
    return made
