"""Opening a round, who is in it, undoing: each an action with its line. Grades and names never stand in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.web.appraisal.grading import method_for
from zhibu.web.appraisal.models import Appraisal, AppraisalLine
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members.history import roster_on
from zhibu.web.members.models import MemberKind
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

Part = AppraisalLine.Part


@action("appraisal.keep")
def open_(*, by: Scope, organisation: Organisation, year: int, roster_on: date) -> Appraisal:
    """Begin the year's appraisal with the roster of a day. Raises Unfit: there is one, nobody is there, the day."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    there = Appraisal.objects.within(by).filter(organisation=here, year=year, cancelled_on=None).first()
    if there:
        raise Unfit("year", f"{year} 年的评议在 {there.roster_on} 已经开始，接着办那一次；开错了的先作废")
    if not date(year, 1, 1) <= roster_on <= by.on:
        raise Unfit("roster_on", f"名册日期在 {year}-01-01 和今天（{by.on}）之间")
    made = Appraisal.objects.create(organisation=here, year=year, roster_on=roster_on, **method_for(here, year))
    if not (many := _enrol(by, made, roster_on)):
        raise Unfit("roster_on", f"{roster_on} 名册上没有党员。先在“党员”里登记，或者换一个日期")
    note(by, "appraisal.keep", made, f"开始{made}，{many} 人", new={"roster_on": roster_on})
    return made


def _enrol(by: Scope, one: Appraisal, on: date) -> int:
    """Rows for those of the roster of a day who have none; gives how many."""
    has = set(AppraisalLine.objects.within(by).filter(appraisal=one).values_list("member", flat=True))
    fresh = [each for each in roster_on(by, on, one.organisation) if each.path == one.organisation.path]
    made = [
        AppraisalLine(
            appraisal=one, member_id=each.pk, part=Part.WHOLE if each.kind == MemberKind.FULL else Part.VOTES
        )
        for each in fresh
        if each.pk not in has
    ]  # fmt: skip
    AppraisalLine.objects.bulk_create(made)
    return len(made)


@action("appraisal.keep")
def enrol(*, by: Scope, appraisal: Appraisal) -> int:
    """Add those who came to the branch since. Nobody is taken out: who left is marked so, with the reason."""
    one = unsettled(by, appraisal)
    many = _enrol(by, one, by.on)
    note(by, "appraisal.keep", one, f"{one}：按 {by.on} 的名册补上 {many} 人")
    return many


@action("appraisal.keep")
def take_part(*, by: Scope, appraisal: Appraisal, told: Mapping[int, Mapping[str, Any]]) -> Appraisal:
    """`told`: key of a row → part, why. Raises Unfit: no reason, a probationary member graded, one has a grade."""
    one = unsettled(by, appraisal)
    changed = []
    for row in rows(by, one):
        part, why = told.get(row.pk, {}).get("part") or row.part, told.get(row.pk, {}).get("why", row.why)
        if (part, why) == (row.part, row.why):
            continue
        _fits(row, part, why)
        row.part, row.why = part, why
        if part not in (Part.WHOLE, Part.VOTES):
            row.excellent = row.passed = row.basic = row.unfit = None
        changed.append(row)
    AppraisalLine.objects.within(by).bulk_update(changed, ["part", "why", "excellent", "passed", "basic", "unfit"])
    note(by, "appraisal.keep", one, f"{one}：登记怎样参加，改了 {len(changed)} 人")
    return one


def _fits(row: AppraisalLine, part: str, why: str) -> None:
    name = row.member.name
    if part in (Part.AWAY, Part.ELSEWHERE) and not why:
        what = "不参加的原因" if part == Part.AWAY else "在哪个党组织参加评议"
        raise Unfit(f"why_{row.pk}", f"{name}：写明{what}")
    if part in AppraisalLine.GRADED and row.member.kind == MemberKind.PROBATIONARY:
        raise Unfit(f"part_{row.pk}", f"{name}是预备党员：参加评议，不评定等次")
    if part not in AppraisalLine.GRADED and row.grade:
        raise Unfit(f"part_{row.pk}", f"{name}已经有等次。先在“提出意见”里清空，再改怎样参加")


@action("appraisal.keep")
def tie(*, by: Scope, appraisal: Appraisal, record: Record | None) -> Appraisal:
    """The activity record of the meeting; None takes it off. An archived one may still get it: it changes no result."""
    one = kept(by, appraisal)
    found = reached(Record.objects.within(by), record.pk) if record else None
    if found and found.organisation_id != one.organisation_id:
        raise Unfit("record", "这条记录是别的党组织的")
    one.record = found
    one.save(update_fields=["record"])
    note(by, "appraisal.keep", one, f"{one}：{f'连上活动记录 {found}' if found else '不再连活动记录'}")
    return one


@action("appraisal.reopen")
def reopen(*, by: Scope, appraisal: Appraisal, reason: str) -> Appraisal:
    """撤回: what was archived or made public may be changed again. Raises Unfit when there is nothing to take back."""
    one = kept(by, appraisal)
    if not (one.archived_on or one.told_from):
        raise Unfit("reason", "还没有通报、归档，不用撤回，直接改")
    old = {"archived_on": one.archived_on, "told_from": one.told_from}
    one.archived_on, one.told_from, one.told_what, one.totals = None, None, "", {}
    one.reopened_on, one.reopened_for = by.on, reason
    one.save()
    note(by, "appraisal.reopen", one, f"撤回{one}的通报和归档：{reason}", old=old, new=dict.fromkeys(old))
    return one


@action("appraisal.reopen")
def cancel(*, by: Scope, appraisal: Appraisal, reason: str) -> Appraisal:
    """作废 a round opened by mistake. Raises Unfit once it was made public or archived."""
    one = unsettled(by, appraisal)
    one.cancelled_on, one.cancelled_for = by.on, reason
    one.save(update_fields=["cancelled_on", "cancelled_for"])
    note(by, "appraisal.reopen", one, f"作废{one}：{reason}", new={"cancelled_on": by.on})
    return one


def kept(by: Scope, appraisal: Appraisal) -> Appraisal:
    """The row as it is now, held."""
    rows = Appraisal.objects.within(by).filter(cancelled_on=None).select_for_update(of=("self",))
    return reached(rows.select_related("organisation"), appraisal.pk, "这次评议已经作废，或者不是本支部的")


def unsettled(by: Scope, appraisal: Appraisal) -> Appraisal:
    """The same, when it may still be changed. Raises Unfit with the way back."""
    one = kept(by, appraisal)
    if one.archived_on:
        raise Unfit("", f"{one.archived_on} 已经归档，不再改动。要改的先写明原因撤回")
    if one.told_from:
        raise Unfit("", f"已经从 {one.told_from} 起在支部内通报。要改的先写明原因撤回")
    return one


def rows(by: Scope, one: Appraisal) -> list[AppraisalLine]:
    return list(AppraisalLine.objects.within(by).filter(appraisal=one).select_related("member"))


def note(by: Scope, action: str, one: Appraisal, sentence: str, **more: Any) -> None:
    """The line of an act: what was done and to how many, never whose grade."""
    write(by=by, action=action, sentence=sentence, thing=one, organisation=one.organisation, happened_on=by.on, **more)
