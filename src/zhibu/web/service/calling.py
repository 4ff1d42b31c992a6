"""招募 (M307, M308): opened with its posts, signed up for, assigned, on and off duty by the host, closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import charge
from zhibu.web.burden.loads import branches
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.service import queries
from zhibu.web.service.commitments import myself
from zhibu.web.service.models import Call, CallPost, Shift, SignUp

State = SignUp.State
HOST = "只有发起招募的党组织可以安排"


@action("service.call")
def open_(
    *, by: Scope, kind: str, title: str, task: str, place: str, starts_on: date, ends_on: date,
    posts: list[tuple[str, int]], minutes: int | None = None,
) -> Call:  # fmt: skip
    """By the own organisation. `minutes`: what telling its members costs a branch below, as its sender has weighed it.
    Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if not by.on <= ends_on or ends_on < starts_on:
        raise Unfit("ends_on", f"结束日期不早于开始日期，也不早于今天（{by.on}）")
    made = Call.objects.create(
        organisation=own, kind=kind, title=title, task=task, place=place, starts_on=starts_on, ends_on=ends_on
    )
    for name, needed in posts:
        CallPost.objects.create(call=made, name=name, needed=needed)
    needed = sum(many for _, many in posts)
    if minutes:
        charge(
            by=by, thing=made, kind="招募", title=title, units=branches(by, own.path).count(), minutes=minutes,
            starts_on=by.on, ends_on=max(starts_on, by.on), to={"kinds": list(BRANCH_KINDS)},
        )  # fmt: skip
    _write(
        by,
        "service.call",
        f"发起招募：{title}，{len(posts)} 个岗位 {needed} 人",
        made,
        made,
        new={"needed": needed, "minutes": minutes},
    )
    return made


@action("me.serve")
def sign_up(*, by: Scope, call: Call, post: CallPost | None = None) -> SignUp:
    """For an open call that reaches oneself. Raises Unfit."""
    member = myself(by)
    here = reached(queries.calls_to(member).filter(ends_on__gte=by.on), call.pk, "这次招募已经结束，或者不在招募范围内")
    old = SignUp.objects.unscoped(queries.OWN).filter(call=here, member=member).first()
    if old and old.state != State.CANCELLED:
        raise Unfit("", f"已经报过名：{old.get_state_display()}")
    if post is not None:
        post = reached(CallPost.objects.unscoped(queries.REACHED).filter(call=here), post.pk, "没有这个岗位")
    row = old or SignUp(call=here, member=member)
    row.post, row.signed_on, row.state = post, by.on, State.SIGNED
    row.save()
    _write(by, "me.serve", f"报名：{here.title}", row, here)
    return row


@action("me.serve")
def cancel(*, by: Scope, sign_up: SignUp) -> SignUp:
    """One's own, before the first duty. Raises Unfit."""
    rows = SignUp.objects.unscoped(queries.OWN).filter(member=myself(by), state__in=[State.SIGNED, State.ASSIGNED])
    here = reached(rows.select_related("call__organisation"), sign_up.pk)
    if here.shifts.unscoped(queries.OWN).exists():
        raise Unfit("", "已经上过岗，请告诉发起单位")
    here.state = State.CANCELLED
    here.save(update_fields=["state"])
    _write(by, "me.serve", f"取消报名：{here.call.title}", here, here.call)
    return here


@action("service.call")
def assign(*, by: Scope, sign_up: SignUp, post: CallPost) -> SignUp:
    """A post of the call; more people than needed may be given it. Raises Unfit."""
    here = _signed(by, sign_up)
    there = reached(CallPost.objects.within(by).filter(call=here.call), post.pk)
    here.post, here.state = there, State.ASSIGNED
    here.save(update_fields=["post", "state"])
    _write(by, "service.call", f"安排岗位：{here.call.title}，{there.name}", here, here.call)
    return here


@action("service.call")
def decline(*, by: Scope, sign_up: SignUp) -> SignUp:
    here = _signed(by, sign_up)
    here.state = State.DECLINED
    here.save(update_fields=["state"])
    _write(by, "service.call", f"没有安排：{here.call.title}", here, here.call)
    return here


@action("service.call")
def go_on(*, by: Scope, sign_up: SignUp, at: time) -> Shift:
    """On duty from now, as the host notes it. Raises Unfit."""
    here = _signed(by, sign_up)
    if here.state != State.ASSIGNED:
        raise Unfit("", "先安排岗位")
    if here.shifts.unscoped(HOST).filter(hours=None).exists():
        raise Unfit("", "已经在岗")
    what = f"{here.call.title}：{here.post.name}" if here.post else here.call.title
    made = Shift.objects.create(
        organisation=here.call.organisation, member=here.member, sign_up=here, on=by.on, what=what[:100], began=at
    )
    _write(by, "service.call", f"上岗：{here.call.title}", made, here.call, new={"began": f"{at:%H:%M}"})
    return made


@action("service.call")
def go_off(*, by: Scope, sign_up: SignUp, at: time) -> Shift:
    """Off duty: the hours follow, past midnight too, in tenths. Raises Unfit."""
    here = _signed(by, sign_up)
    shift = here.shifts.unscoped(HOST).filter(hours=None).first()
    if shift is None or shift.began is None:
        raise Unfit("", "现在没有在岗")
    shift.ended, shift.hours = at, hours(shift.began, at)
    shift.state, shift.answered_on = Shift.State.CONFIRMED, by.on
    shift.save(update_fields=["ended", "hours", "state", "answered_on"])
    _write(by, "service.call", f"下岗：{here.call.title}", shift, here.call, new={"hours": str(shift.hours)})
    return shift


def hours(began: time, ended: time) -> Decimal:
    """From one time of day to the next such time of the other, at least a tenth."""
    day = date(2000, 1, 1)
    spent = datetime.combine(day, ended) - datetime.combine(day, began)
    spent += timedelta(days=1) if spent < timedelta(0) else timedelta(0)
    return max(queries.TENTH, (Decimal(spent.seconds) / 3600).quantize(queries.TENTH, ROUND_HALF_UP))


@action("service.call")
def close(*, by: Scope, call: Call, report: str, served: int | None) -> Call:
    """With a sentence; people and hours are counted from the shifts. Raises Unfit."""
    here = _hosted(by, call)
    if on_duty := Shift.objects.within(by).filter(sign_up__call=here, hours=None).count():
        raise Unfit("report", f"还有 {on_duty} 人在岗，先记下岗")
    here.closed_on, here.report, here.served = by.on, report, served
    here.save(update_fields=["closed_on", "report", "served"])
    counts = queries.counts_of(here)
    new = {"people": counts["came"], "hours": str(counts["hours"]), "served": served}
    _write(by, "service.call", f"招募结束：{here.title}", here, here, new=new)
    return here


def _hosted(by: Scope, call: Call) -> Call:
    rows = Call.objects.within(by).filter(organisation=by.organisation_id, closed_on=None)
    return reached(rows.select_for_update(of=("self",)).select_related("organisation"), call.pk, HOST)


def _signed(by: Scope, sign_up: SignUp) -> SignUp:
    rows = SignUp.objects.within(by).filter(call__organisation=by.organisation_id, call__closed_on=None)
    rows = rows.exclude(state=State.CANCELLED).select_related("call__organisation", "member", "post")
    return reached(rows.select_for_update(of=("self",)), sign_up.pk, HOST)


def _write(by: Scope, name: str, sentence: str, thing: object, call: Call, new: dict | None = None) -> None:
    write(by=by, action=name, sentence=sentence, thing=thing, organisation=call.organisation, new=new)  # type: ignore[arg-type]
