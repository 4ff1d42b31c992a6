"""Hours at something held elsewhere: noted by the branch or above, voided with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.learning.models import OutsideHours
from zhibu.web.members.models import Member

LONGEST = Decimal(400)  # hours of one course; a slip of the pen has more


@action("learning.keep")
def note(
    *, by: Scope, member: Member, what: str, where: str, form: str, channel: str, ended_on: date, hours: Decimal
) -> OutsideHours:
    """Raises Unfit: a day to come, the same entered before, hours nobody has."""
    kept = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    if ended_on > by.on:
        raise Unfit("ended_on", "完成日期不能晚于今天")
    if hours > LONGEST:
        raise Unfit("hours", f"一次最多 {LONGEST} 学时，核对是不是多写了一位")
    rows = OutsideHours.objects.within(by).filter(member=kept, voided_on=None)
    if rows.filter(what=what, where=where, ended_on=ended_on).exists():
        raise Unfit("what", f"{ended_on} 的“{what}”已经登记过")
    made = OutsideHours.objects.create(
        member=kept, what=what, where=where, form=form, channel=channel, ended_on=ended_on, hours=hours
    )
    write(
        by=by, action="learning.keep", sentence=f"登记校外学时 {hours}", thing=made, organisation=kept.organisation,
        new={"hours": hours}, happened_on=ended_on,
    )  # fmt: skip
    return made


@action("learning.keep")
def void(*, by: Scope, row: OutsideHours, why: str) -> None:
    """Raises Unfit when it is void already."""
    rows = OutsideHours.objects.within(by).select_related("member__organisation").select_for_update(of=("self",))
    kept = reached(rows, row.pk)
    if kept.voided_on:
        raise Unfit("why", f"{kept.voided_on} 已作废")
    kept.voided_on, kept.voided_why = by.on, why
    kept.save(update_fields=["voided_on", "voided_why"])
    write(
        by=by, action="learning.keep", sentence=f"作废校外学时 {kept.hours}", thing=kept,
        organisation=kept.member.organisation, new={"voided_why": why}, happened_on=by.on,
    )  # fmt: skip
