"""党小组 (M010): a branch divides its members. A group is the lowest node of the tree; members stay the branch's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.bodies.models import Seat
from zhibu.web.core import announce, turns
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.lifecycle import begin
from zhibu.web.organisations.models import BRANCH_KINDS, Kind, Organisation


@dataclass(slots=True)
class Group:
    place: Organisation
    leader: Member | None = None
    members: list[Member] = field(default_factory=list)  # the leader among them


def groups(scope: Scope, branch: Organisation) -> list[Group]:
    """The groups of a branch, each with those of its members whom the asker may see."""
    found = {place.pk: Group(place) for place in _living(scope, branch)}
    seats = Seat.objects.within(scope).filter(organisation__in=found, member__organisation=branch)
    people = {one.pk: one for one in roster(scope, branch)}
    for seat in seats.order_by("-leads", "member__initials", "pk"):
        if person := people.get(seat.member_id):
            group = found[seat.organisation_id]
            group.members.append(person)
            group.leader = person if seat.leads else group.leader
    return list(found.values())


def roster(scope: Scope, branch: Organisation) -> list[Member]:
    rows = Member.objects.within(scope).filter(organisation=branch, left_on=None)
    return list(rows.order_by("initials", "pk"))


@action("groups.keep")
def keep_group(
    *, by: Scope, branch: Organisation, name: str, leader: Member, members: Sequence[Member],
    group: Organisation | None = None,
) -> Organisation:  # fmt: skip
    """Form a group of a branch, or say anew who is in it. Who is in another group goes over to this one."""
    turns.alone()
    here = reached(Organisation.objects.within(by), branch.pk)
    if here.kind not in BRANCH_KINDS or here.dissolved_on:
        raise Unfit(
            "name",
            f"党小组由党支部编，{here.name} 是{here.get_kind_display()}{'，已撤销' if here.dissolved_on else ''}",
        )
    chosen = {one.pk: one for one in (leader, *members)}
    known = {one.pk for one in roster(by, here)}
    if chosen.keys() - known:
        raise Unfit("members", f"党小组的党员要在{here.name}的名册上")
    there = reached(_living(by, here), group.pk) if group else begin(by, here, name, Kind.GROUP, by.on, "")
    if group and there.name != name:
        raise Unfit("name", f"更名由上级在“{there.name}”一页办理")
    before = list(Seat.objects.within(by).filter(organisation=there).values_list("member", flat=True))
    Seat.objects.within(by).filter(organisation=there).delete()
    Seat.objects.within(by).filter(member__in=chosen).delete()
    Seat.objects.bulk_create(
        [Seat(organisation=there, member=one, leads=one.pk == leader.pk) for one in chosen.values()]
    )
    here.groups = max(here.groups or 0, _living(by, here).count())  # the book may know of more
    here.save(update_fields=["groups"])
    write(
        by=by, action="groups.keep", sentence=f"编党小组 {here.name} {there.name}，{len(chosen)} 人", thing=there,
        organisation=here, old={"people": len(before)}, new={"name": there.name, "people": len(chosen)},
        happened_on=by.on,
    )  # fmt: skip
    announce.facts_changed({here.pk, there.pk})
    return there


def _living(scope: Scope, branch: Organisation):
    return tree.children(branch).within(scope).filter(kind=Kind.GROUP, dissolved_on=None)
