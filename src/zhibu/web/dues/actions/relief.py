"""减免 in two steps: the branch has studied it and asks; the next committee decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.dues import reckoning
from zhibu.web.dues.models import Base, PayerKind, Relief
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation


@action("dues.relieve")
def ask(
    *, by: Scope, member: Member, since: date, until: date, amount: Decimal, reason: str, studied_on: date
) -> Relief:
    """The branch has studied it. Where the practice lets the branch decide for the retired, it is decided at once."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    if until < since:
        raise Unfit("until", "止月不能早于起月")
    if studied_on > by.on:
        raise Unfit("studied_on", "支部研究日期不能在今天以后")
    if amount < 0:
        raise Unfit("amount", "免交写 0，减交写减为每月多少元")
    asked = Relief(
        member=here, since=since.replace(day=1), until=until, amount=amount, reason=reason, studied_on=studied_on
    )
    if _branch_decides(here, asked.since):
        asked.state, asked.decided_on, asked.decided_by = Relief.State.APPROVED, studied_on, here.organisation.name
    asked.save()
    new = {"since": asked.since.isoformat(), "until": until.isoformat(), "state": asked.state}
    write(
        by=by, action="dues.relieve", sentence=f"支部研究党费减免 {here.name}", thing=asked,
        organisation=here.organisation, new=new, happened_on=studied_on,
    )  # fmt: skip
    return asked


def _branch_decides(member: Member, month: date) -> bool:
    """Central organs 2021: for the retired the branch alone decides (suppl. 1); only where the practice says so."""
    practice = reckoning.practices([member.organisation.path]).row(member.organisation.path, month)
    if practice is None or not practice.branch_relieves:
        return False
    rows = Base.objects.unscoped("of the member found before").filter(member=member, since__lte=month)
    kind = rows.order_by("-since").values_list("kind", flat=True).first()
    return kind == PayerKind.RETIRED


@action("dues.decide")
def decide(*, by: Scope, relief: Relief, approve: bool, decided_on: date, document: str) -> Relief:
    """The next committee approves or not, once. Raises Unfit."""
    rows = Relief.objects.within(by).select_for_update(of=("self",)).select_related("member__organisation")
    here = reached(rows, relief.pk)
    if here.state != Relief.State.ASKED:
        raise Unfit("decided_on", "这项减免已经有了决定")
    if not here.studied_on <= decided_on <= by.on:
        raise Unfit("decided_on", f"决定日期在支部研究（{here.studied_on}）以后、今天以前")
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    here.state = Relief.State.APPROVED if approve else Relief.State.REFUSED
    here.decided_on, here.document, here.decided_by = decided_on, document, place.name if place else by.title
    here.save(update_fields=["state", "decided_on", "document", "decided_by"])
    said = "批准" if approve else "不批准"
    write(
        by=by, action="dues.decide", sentence=f"{said}党费减免 {here.member.name}", thing=here,
        organisation=here.member.organisation, new={"state": here.state, "document": document}, happened_on=decided_on,
    )  # fmt: skip
    return here
