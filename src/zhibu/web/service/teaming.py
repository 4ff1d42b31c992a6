"""党员服务队 (M306): founded, joined, sent somewhere, what it did there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.service import queries
from zhibu.web.service.models import Call, Dispatch, Team, TeamMember

OWN = "只有服务队所在的党组织可以登记"


@action("service.keep")
def found(*, by: Scope, name: str, purpose: str, founded_on: date) -> Team:
    """At the own organisation. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if Team.objects.within(by).filter(organisation=own, name=name, ended_on=None).exists():
        raise Unfit("name", f"已有“{name}”")
    made = Team.objects.create(organisation=own, name=name, purpose=purpose, founded_on=founded_on)
    _write(by, f"成立服务队：{name}", made, made)
    return made


@action("service.keep")
def join(*, by: Scope, team: Team, member: Member, since: date) -> TeamMember:
    """Somebody of the roster within reach. Raises Unfit."""
    here = _team(by, team)
    there = reached(Member.objects.within(by).filter(left_on=None), member.pk)
    if TeamMember.objects.within(by).filter(team=here, member=there, until=None).exists():
        raise Unfit("member", f"{there.name}已在这个队里")
    if not here.founded_on <= since <= by.on:
        raise Unfit("since", f"日期在 {here.founded_on} 和今天（{by.on}）之间")
    made = TeamMember.objects.create(team=here, member=there, since=since)
    _write(by, f"加入服务队：{here.name}", made, here)
    return made


@action("service.keep")
def leave(*, by: Scope, seat: TeamMember) -> TeamMember:
    rows = TeamMember.objects.within(by).filter(team__organisation=by.organisation_id, until=None)
    here = reached(rows.select_related("team__organisation"), seat.pk, OWN)
    here.until = max(by.on, here.since)
    here.save(update_fields=["until"])
    _write(by, f"离开服务队：{here.team.name}", here, here.team)
    return here


@action("service.keep")
def send(*, by: Scope, team: Team, task: str, place: str, on: date, call: Call | None = None) -> Dispatch:
    """`call`: an open one that reaches the own organisation."""
    here = _team(by, team)
    if call is not None:
        call = reached(queries.calls(by).filter(closed_on=None), call.pk, "这次招募已经结束")
    made = Dispatch.objects.create(team=here, call=call, task=task, place=place, on=on)
    _write(by, f"派出服务队：{here.name}，{task}", made, here, {"place": place}, on)
    return made


@action("service.keep")
def log(*, by: Scope, dispatch: Dispatch, people: int, hours: Decimal, result: str) -> Dispatch:
    """What it did. Raises Unfit before the day."""
    rows = Dispatch.objects.within(by).filter(team__organisation=by.organisation_id, closed_on=None)
    here = reached(rows.select_related("team__organisation"), dispatch.pk, OWN)
    if here.on > by.on:
        raise Unfit("result", f"{here.on} 才去，回来以后再记")
    here.people, here.hours, here.result, here.closed_on = people, hours, result, by.on
    here.save(update_fields=["people", "hours", "result", "closed_on"])
    _write(by, f"服务队记录：{here.team.name}，{here.task}", here, here.team, {"people": people}, here.on)
    return here


@action("service.keep")
def disband(*, by: Scope, team: Team) -> Team:
    here = _team(by, team)
    here.ended_on = by.on
    here.save(update_fields=["ended_on"])
    _write(by, f"解散服务队：{here.name}", here, here, {"ended_on": by.on})
    return here


def _team(by: Scope, team: Team) -> Team:
    rows = Team.objects.within(by).filter(organisation=by.organisation_id, ended_on=None)
    return reached(rows.select_related("organisation"), team.pk, OWN)


def _write(
    by: Scope, sentence: str, thing: object, team: Team, new: dict | None = None, on: date | None = None
) -> None:
    write(
        by=by, action="service.keep", sentence=sentence, thing=thing, organisation=team.organisation, new=new,  # type: ignore[arg-type]
        happened_on=on,
    )  # fmt: skip
