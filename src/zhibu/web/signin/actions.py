"""A host opens the sign-in of a meeting, ticks, takes back, adds guests; who lectured. A member: scanning.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record, Way
from zhibu.web.records.queries import roster
from zhibu.web.signin import sitting
from zhibu.web.signin.models import Guest, Lecture, LectureCount, Meeting, Sign

FIELDS = ("title", "held_on", "types", "category", "opens_at", "closes_at")


@action("signin.host")
def open_(*, by: Scope, fields: Mapping[str, Any], form_key: str = "", record: Record | None = None) -> Meeting:
    """A meeting of the own organisation; `form_key`: of the form of its record, `record`: one already submitted."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if record is not None:
        reached(Record.objects.within(by).filter(organisation=own), record.pk, "只能为本组织的记录登记")
    told = {name: fields[name] for name in FIELDS}
    made = Meeting.objects.create(organisation=own, form_key=form_key, record=record, **told)
    sitting.derive(made)
    _say(by, made, f"登记会议签到：{made.title}", new=told)
    return made


@action("signin.host")
def change(*, by: Scope, meeting: Meeting, fields: Mapping[str, Any]) -> Meeting:
    """Another title, day, time or form; to end the sign-in now, set `closes_at`."""
    kept = _own(by, meeting)
    new = {
        name: fields[name] for name in (*FIELDS, "form_key") if name in fields and getattr(kept, name) != fields[name]
    }
    old = {name: getattr(kept, name) for name in new}
    for name, value in new.items():
        setattr(kept, name, value)
    kept.save()
    sitting.derive(kept)
    _say(by, kept, f"调整会议签到：{kept.title}", old=old, new=new)
    return kept


@action("signin.host")
def remove(*, by: Scope, meeting: Meeting) -> None:
    """One opened by mistake. Raises Unfit when somebody signed in or a record has it."""
    kept = _own(by, meeting)
    noted = kept.sitins.unscoped("of the meeting in hand").exclude(invited=False, attended=None, why="").exists()
    people = [rows.unscoped("of the meeting in hand").exists() for rows in (kept.signs, kept.guests)]
    if kept.record_id or noted or any(people):
        raise Unfit("title", "已经有人签到，或已经用在活动记录里，不能删除；记错的人可以逐个撤下")
    _say(by, kept, f"删除会议签到：{kept.title}", old={"title": kept.title})
    kept.delete()


@action("signin.host")
def tick(*, by: Scope, meeting: Meeting, members: Iterable[int], way: str) -> int:
    """Who was there by the host's word or the paper sheet, also afterwards. Whoever signed in before stays as he is.
    Raises NotAllowed for who is not on the roster of that day. Gives how many were added."""
    kept, wanted = _own(by, meeting), set(members)
    _untaken(kept)
    if way not in (Way.HOST, Way.PAPER):
        raise Unfit("way", "选一项：主持人代记，还是照纸质签到表")
    people = {one.pk for one in roster(by, kept.organisation, kept.held_on).filter(pk__in=wanted)}
    if wanted - people:
        raise NotAllowed(f"有 {len(wanted - people)} 人不在 {kept.held_on} 的党员名册里")
    there = set(kept.signs.unscoped("of the meeting in hand").values_list("member", flat=True))
    added = sorted(people - there)
    Sign.objects.bulk_create(
        [Sign(meeting=kept, member_id=pk, way=way, at=clock.now(), by_id=by.user_id) for pk in added],
        ignore_conflicts=True,
    )
    _say(by, kept, f"{Way(way).label}：{kept.title}，{len(added)} 人", new={"signed": added, "way": way})
    return len(added)


@action("signin.host")
def take_back(*, by: Scope, sign: Sign, reason: str) -> Meeting:
    """Somebody who was not there after all, whoever noted him."""
    row = reached(Sign.objects.within(by).select_related("meeting__organisation", "member"), sign.pk)
    kept = _own(by, row.meeting)
    _untaken(kept)
    old = {"signed": [row.member_id], "way": row.way}
    _say(by, kept, f"撤下一人的签到：{kept.title}，原因：{reason}", old=old, new={"reason": reason})
    row.delete()
    return kept


@action("signin.host")
def invite(*, by: Scope, meeting: Meeting, name: str, branch: str) -> Guest:
    """A guest, found on a roster within reach when name and branch say exactly one, else as typed. Raises Unfit."""
    kept = _own(by, meeting)
    member = _found(by.doing("members.view"), name, branch)
    if member and member.organisation_id == kept.organisation_id:
        raise Unfit("name", f"{name}在本支部名册上，不算来宾；在名单里代记就可以")
    rows = kept.guests.unscoped("of the meeting in hand")
    if rows.filter(Q(member=member) if member else Q(name=name, branch=branch)).exists():
        raise Unfit("name", f"{name}已经记在来宾里")
    made = Guest.objects.create(
        meeting=kept, member=member, name=name, branch=member.organisation.name if member else branch, way=Way.HOST,
        at=clock.now(), by_id=by.user_id,
    )  # fmt: skip
    _say(by, kept, f"登记来宾：{kept.title}", new={"guest": made.pk})
    return made


@action("signin.host")
def drop_guest(*, by: Scope, guest: Guest) -> Meeting:
    row = reached(Guest.objects.within(by).select_related("meeting__organisation"), guest.pk)
    kept = _own(by, row.meeting)
    _say(by, kept, f"撤下来宾：{kept.title}", old={"guest": row.pk})
    row.delete()
    return kept


@action("signin.host")
def lectured(*, by: Scope, record: Record, members: Iterable[int]) -> int:
    """Who of the roster gave the lecture of a record of the own organisation; nobody takes it back. Raises Unfit."""
    rows = Record.objects.within(by).filter(organisation=by.organisation_id, withdrawn_at=None)
    kept, wanted = reached(rows.select_related("organisation"), record.pk, "只能为本组织的记录登记"), set(members)
    if "party_lecture" not in kept.types:
        raise Unfit("members", "这条记录没有算作党课；先修改记录，在“算作”里勾选党课")
    people = {one.pk for one in roster(by, kept.organisation, kept.held_on).filter(pk__in=wanted)}
    if wanted - people:
        raise NotAllowed(f"有 {len(wanted - people)} 人不在 {kept.held_on} 的党员名册里")
    before = Lecture.objects.unscoped("of the record in hand").filter(record=kept)
    old = sorted(before.values_list("member", flat=True))
    before.exclude(member__in=people).delete()
    Lecture.objects.bulk_create([Lecture(record=kept, member_id=pk) for pk in sorted(people - set(old))])
    write(
        by=by, action="signin.host", sentence=f"登记讲党课的人：{kept.number}，{len(people)} 人", thing=kept,
        organisation=kept.organisation, old={"lecturers": old}, new={"lecturers": sorted(people)},
        happened_on=kept.held_on,
    )  # fmt: skip
    return len(people)


@action("signin.require")
def require(*, by: Scope, organisation: Organisation, year: int, times: int, basis: str) -> LectureCount:
    """How often leaders lecture in a year, for an organisation and those below; set again, it replaces the old one."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    keys = {"organisation": place, "year": year}
    row = LectureCount.objects.within(by).filter(**keys).first() or LectureCount(**keys)
    old = {"times": row.times, "basis": row.basis} if row.pk else {}
    row.times, row.basis = times, basis
    row.save()
    write(
        by=by, action="signin.require", sentence=f"{year} 年领导干部讲党课每人 {times} 次", thing=row,
        organisation=place, old=old, new={"times": times, "basis": basis}, happened_on=by.on,
    )  # fmt: skip
    return row


def _found(scope: Scope, name: str, branch: str) -> Member | None:
    """The one member of this name in a branch of this name, short name or code, within reach."""
    place = Q(organisation__name=branch) | Q(organisation__short_name=branch) | Q(organisation__code=branch)
    rows = Member.objects.within(scope).filter(place, name=name, left_on=None).select_related("organisation")[:2]
    found = list(rows)
    return found[0] if len(found) == 1 else None


def _own(by: Scope, meeting: Meeting) -> Meeting:
    rows = Meeting.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation", "record")
    return reached(rows, meeting.pk, "只能办本组织的会议签到")


def _untaken(meeting: Meeting) -> None:
    """Once a record holds the attendance, it is corrected there. Raises Unfit."""
    if meeting.is_taken:
        raise Unfit("members", f"到会情况已经写进活动记录 {meeting.record}，在那条记录里修改")


def _say(by: Scope, meeting: Meeting, sentence: str, **values: Any) -> None:
    write(
        by=by, action="signin.host", sentence=sentence, thing=meeting, organisation=meeting.organisation,
        happened_on=meeting.held_on, **values,
    )  # fmt: skip
