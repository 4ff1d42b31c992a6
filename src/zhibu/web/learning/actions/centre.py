"""The leaders' study group of a committee: who sits in it, what is planned, what was held, what is shown below."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.learning.models import CentreAttendance, CentreSeat, CentreSession
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

State = CentreAttendance.State


@action("learning.centre")
def seat(*, by: Scope, name: str, post: str, starts_on: date) -> CentreSeat:
    """Raises Unfit: a branch has no such group; the name is there."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if own.kind in BRANCH_KINDS:
        raise Unfit("name", "中心组设在党委、党组；支部的学习记在活动记录里")
    if CentreSeat.objects.within(by).filter(held(by.on), organisation=own, name=name).exists():
        raise Unfit("name", f"{name}已在名单里；同名的，在姓名后写职务区分")
    made = CentreSeat.objects.create(organisation=own, name=name, post=post, starts_on=starts_on)
    _write(by, f"中心组成员：{name}", made, starts_on)
    return made


@action("learning.centre")
def unseat(*, by: Scope, seat: CentreSeat) -> None:
    """From tomorrow on no longer in the group."""
    kept = reached(CentreSeat.objects.within(by).filter(ends_on=None).select_related("organisation"), seat.pk)
    kept.ends_on = max(by.on, kept.starts_on)
    kept.save(update_fields=["ends_on"])
    _write(by, f"不再是中心组成员：{kept.name}", kept, kept.ends_on)


@action("learning.centre")
def plan_session(*, by: Scope, topic: str, planned_on: date, speakers: str) -> CentreSession:
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if own.kind in BRANCH_KINDS:
        raise Unfit("topic", "中心组设在党委、党组；支部的学习记在活动记录里")
    made = CentreSession.objects.create(organisation=own, topic=topic, planned_on=planned_on, speakers=speakers)
    _write(by, f"计划中心组学习：{topic}", made, planned_on)
    return made


@action("learning.centre")
def unplan(*, by: Scope, session: CentreSession) -> None:
    """Raises Unfit when it was held."""
    kept = _session(by, session)
    if kept.held_on:
        raise Unfit("topic", f"{kept.held_on} 已经学习过，不能删")
    _write(by, f"删去计划：{kept.topic}", kept, by.on)
    kept.delete()


@action("learning.centre")
def hold_session(
    *, by: Scope, session: CentreSession, held_on: date, place: str, speakers: str, summary: str,
    present: Collection[int],
) -> CentreSession:  # fmt: skip
    """What was held and who was there: `present` are keys of seats; the others of that day were on leave.

    Written again it replaces what stood there; the first day of entry stays. Raises Unfit: a day to come, nobody there.
    """
    kept = _session(by, session)
    if held_on > by.on:
        raise Unfit("held_on", "学习日期不能晚于今天")
    seats = list(CentreSeat.objects.within(by).filter(held(held_on), organisation=kept.organisation))
    if seats and not any(one.pk in present for one in seats):
        raise Unfit("held_on", "勾上到会的成员")
    kept.held_on, kept.place, kept.speakers, kept.summary = held_on, place, speakers, summary
    kept.recorded_on = kept.recorded_on or by.on
    kept.save()
    for row in CentreAttendance.objects.within(by).filter(session=kept):
        row.delete()
    for one in seats:
        state = State.PRESENT if one.pk in present else State.LEAVE
        CentreAttendance.objects.create(session=kept, seat=one, state=state)
    _write(by, f"中心组学习：{kept.topic}", kept, held_on)
    return kept


@action("learning.centre")
def show(*, by: Scope, session: CentreSession) -> bool:
    """Let those below read it as an example, or no longer. Raises Unfit before it was held."""
    kept = _session(by, session)
    if not kept.held_on:
        raise Unfit("topic", "还没有学习，登记以后再公开")
    kept.example = not kept.example
    kept.save(update_fields=["example"])
    _write(by, f"{'公开' if kept.example else '不再公开'}中心组学习示范：{kept.topic}", kept, by.on)
    return kept.example


def _session(by: Scope, session: CentreSession) -> CentreSession:
    rows = CentreSession.objects.within(by).select_for_update(of=("self",)).select_related("organisation")
    return reached(rows, session.pk)


def _write(by: Scope, sentence: str, thing: CentreSeat | CentreSession, on: date) -> None:
    write(
        by=by, action="learning.centre", sentence=sentence, thing=thing, organisation=thing.organisation, happened_on=on
    )
