"""到社区报到 (M300): asked by the member or the own branch, accepted by the community; hours it confirms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.service import queries
from zhibu.web.service.commitments import myself
from zhibu.web.service.models import Registration, Shift

State = Registration.State
LIVE = (State.ASKED, State.ACCEPTED)
SIDES = "the community's, or a member's own"


@action("service.keep")
def register(*, by: Scope, member: Member, community: Organisation) -> Registration:
    """A member of the own organisation. Raises Unfit."""
    here = reached(queries.roster(by).select_related("organisation"), member.pk, "只能登记本党组织的党员")
    return _register(by, "service.keep", here, community)


@action("me.serve")
def register_own(*, by: Scope, community: Organisation) -> Registration:
    """Oneself. Raises Unfit."""
    return _register(by, "me.serve", myself(by), community)


def _register(by: Scope, name: str, member: Member, community: Organisation) -> Registration:
    if community.sector != Sector.COMMUNITY or community.pk == member.organisation_id:
        raise Unfit("community", f"{community.name}不是社区党组织，写居住地社区党组织的全称或代码")
    if Registration.objects.unscoped(SIDES).filter(member=member, state__in=LIVE).exists():
        raise Unfit("community", "已经报到，或者正等社区接收；搬家的先结束原来的")
    made = Registration.objects.create(organisation=community, member=member, asked_on=by.on)
    write(
        by=by, action=name, sentence=f"到社区报到：{community.name}", thing=made, organisation=member.organisation,
        new={"to": community.code},
    )  # fmt: skip
    return made


@action("service.accept")
def accept(*, by: Scope, registration: Registration) -> Registration:
    return _answer(by, registration, State.ACCEPTED, "")


@action("service.accept")
def refuse(*, by: Scope, registration: Registration, reason: str) -> Registration:
    return _answer(by, registration, State.REFUSED, reason)


def _answer(by: Scope, registration: Registration, state: str, reason: str) -> Registration:
    rows = Registration.objects.within(by).filter(organisation=by.organisation_id)
    here = reached(rows.select_for_update(of=("self",)).select_related("organisation"), registration.pk)
    if here.state != State.ASKED:
        raise Unfit("", f"这次报到{here.get_state_display()}，不用再答复")
    here.state, here.reason, here.answered_on = state, reason, by.on
    here.save(update_fields=["state", "reason", "answered_on"])
    word = "接收" if state == State.ACCEPTED else "没有接收"
    _write(by, "service.accept", f"{word}社区报到", here, {"reason": reason} if reason else None)
    return here


@action("me.serve")
def end_own(*, by: Scope, registration: Registration) -> Registration:
    """One moved away, or asked by mistake."""
    rows = Registration.objects.unscoped(SIDES).filter(member=myself(by), state__in=LIVE)
    here = reached(rows.select_for_update(of=("self",)).select_related("organisation"), registration.pk)
    here.state, here.ended_on = State.ENDED, by.on
    here.save(update_fields=["state", "ended_on"])
    _write(by, "me.serve", "结束社区报到", here, {"ended_on": by.on})
    return here


@action("me.serve")
def note_own(*, by: Scope, on: date, what: str, hours: Decimal) -> Shift:
    """Service at the community where one is registered; it waits for the community. Raises Unfit."""
    rows = Registration.objects.unscoped(SIDES).filter(member=myself(by), state=State.ACCEPTED)
    if (here := rows.select_related("organisation", "member").first()) is None:
        raise Unfit("", "社区接收报到以后再登记服务")
    return _note(by, "me.serve", here, on, what, hours, Shift.State.NOTED)


@action("service.accept")
def note(*, by: Scope, registration: Registration, on: date, what: str, hours: Decimal) -> Shift:
    """By the community itself, which is its confirmation too. Raises Unfit."""
    rows = Registration.objects.within(by).filter(organisation=by.organisation_id, state=State.ACCEPTED)
    here = reached(rows.select_related("organisation", "member"), registration.pk)
    return _note(by, "service.accept", here, on, what, hours, Shift.State.CONFIRMED)


def _note(by: Scope, name: str, here: Registration, on: date, what: str, hours: Decimal, state: str) -> Shift:
    first = here.answered_on or here.asked_on
    if not first <= on <= by.on:
        raise Unfit("on", f"日期在接收报到（{first}）和今天（{by.on}）之间")
    made = Shift.objects.create(
        organisation=here.organisation, member=here.member, registration=here, on=on, what=what, hours=hours,
        state=state, answered_on=by.on if state == Shift.State.CONFIRMED else None,
    )  # fmt: skip
    write(
        by=by, action=name, sentence=f"登记志愿服务：{what}", thing=made, organisation=here.organisation,
        new={"hours": str(hours)}, happened_on=on,
    )  # fmt: skip
    return made


@action("service.accept")
def confirm(*, by: Scope, shift: Shift) -> Shift:
    return _settle(by, shift, Shift.State.CONFIRMED, "")


@action("service.accept")
def give_back(*, by: Scope, shift: Shift, reason: str) -> Shift:
    return _settle(by, shift, Shift.State.RETURNED, reason)


def _settle(by: Scope, shift: Shift, state: str, reason: str) -> Shift:
    rows = queries.waiting_shifts(by).select_related("organisation", "member")
    here = reached(rows.select_for_update(of=("self",)), shift.pk)
    if by.user_id and here.member.user_id == by.user_id:
        raise Unfit("", "自己的服务由社区另一个人确认")
    here.state, here.reason, here.answered_on = state, reason, by.on
    here.save(update_fields=["state", "reason", "answered_on"])
    word = "确认志愿服务" if state == Shift.State.CONFIRMED else "没有确认志愿服务"
    _write(by, "service.accept", f"{word}：{here.what}", here, {"reason": reason} if reason else None)
    return here


def _write(by: Scope, name: str, sentence: str, here: Registration | Shift, new: dict | None) -> None:
    write(by=by, action=name, sentence=sentence, thing=here, organisation=here.organisation, new=new)
