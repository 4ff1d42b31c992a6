"""From the self-appraisal to the archive: each step an action; what can't be is refused with its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhibu.web.appraisal import counting
from zhibu.web.appraisal.models import Appraisal, AppraisalLine, Grade
from zhibu.web.appraisal.rounds import kept, note, rows, unsettled
from zhibu.web.audit.actions import Unfit, action
from zhibu.web.core.scope import Scope

Part = AppraisalLine.Part
Told = Mapping[int, Mapping[str, Any]]  # key of a row → what was typed for it
SHOWN = 5  # names in one sentence


@action("appraisal.keep")
def discuss(*, by: Scope, appraisal: Appraisal, on: date, told: Told) -> Appraisal:
    """`told`: self, mutual: whether that is done. `on` is the day of those ticked now."""
    one = unsettled(by, appraisal)
    _day(by, one, "on", on, one.roster_on, "名册日期")
    changed = []
    for row in rows(by, one):
        if row.part == Part.AWAY or row.pk not in told:
            continue
        for name, column in (("self", "self_on"), ("mutual", "mutual_on")):
            setattr(row, column, (getattr(row, column) or on) if told[row.pk].get(name) else None)
        changed.append(row)
    AppraisalLine.objects.within(by).bulk_update(changed, ["self_on", "mutual_on"])
    done = sum(bool(row.self_on) for row in changed), sum(bool(row.mutual_on) for row in changed)
    note(by, "appraisal.keep", one, f"{one}：自评 {done[0]} 人，互评 {done[1]} 人")
    return one


@action("appraisal.keep")
def count(
    *, by: Scope, appraisal: Appraisal, held_on: date, issued: int, returned: int, valid: int, tellers: str, told: Told
) -> Appraisal:
    """What the tellers counted. `told`: ballots by grade; a row with none stays uncounted.

    Raises Unfit: the slip does not add up, somebody has more ballots than were valid, the day.
    """
    one = unsettled(by, appraisal)
    _day(by, one, "held_on", held_on, one.roster_on, "名册日期")
    if fault := counting.slip(issued, returned, valid):
        raise Unfit(*fault)
    changed, graded = [], list(one.grades)
    for row in rows(by, one):
        given = told.get(row.pk, {})
        if row.part != Part.WHOLE:
            continue
        counted = any(given.get(name) is not None for name in graded)
        for grade in Grade.values:
            setattr(row, grade, (given.get(grade) or 0) if counted else None)
        changed.append(row)
    _sums(valid, changed, graded)
    one.held_on, one.issued, one.returned, one.valid, one.tellers = held_on, issued, returned, valid, tellers
    one.save(update_fields=["held_on", "issued", "returned", "valid", "tellers"])
    AppraisalLine.objects.within(by).bulk_update(changed, Grade.values)
    said = f"{one}：计票，发出 {issued} 张、收回 {returned} 张、有效 {valid} 张"
    note(by, "appraisal.keep", one, said, new={"issued": issued, "returned": returned, "valid": valid})
    return one


def _sums(valid: int, changed: Iterable[AppraisalLine], graded: list[str]) -> None:
    sums = {row.pk: {name: row.ballots[name] for name in graded} for row in changed if row.counted}
    names = {row.pk: row.member.name for row in changed}
    for key, told in sums.items():
        for sentence in counting.surplus(valid, {names[key]: told}):
            raise Unfit(f"{graded[0]}_{key}", sentence)


@action("appraisal.keep")
def decide(*, by: Scope, appraisal: Appraisal, decided_by: str, decided_on: date, told: Told) -> Appraisal:
    """The opinion of the committee or the meeting. `told`: grade, opinion. Who gets another grade is told anew.

    Raises Unfit: ballots are not counted, a grade that is not used, somebody who is not graded, the day.
    """
    one = unsettled(by, appraisal)
    if one.held_on is None:
        raise Unfit("", "还没有登记计票。先填发出、收回、有效各多少张，再提出意见")
    _day(by, one, "decided_on", decided_on, one.held_on, "投票日期")
    changed = []
    for row in rows(by, one):
        given = told.get(row.pk, {})
        grade, opinion = given.get("grade", row.grade), given.get("opinion", row.opinion)
        if grade and (grade not in one.grades or row.part not in AppraisalLine.GRADED):
            raise Unfit(f"grade_{row.pk}", f"{row.member.name}不评定等次：{row.get_part_display()}")
        if (grade, opinion) != (row.grade, row.opinion):
            row.grade, row.opinion, row.told_on = grade, opinion, None
            changed.append(row)
    AppraisalLine.objects.within(by).bulk_update(changed, ["grade", "opinion", "told_on"])
    one.decided_by, one.decided_on = decided_by, decided_on
    one.save(update_fields=["decided_by", "decided_on"])
    said = f"{one}：{one.get_decided_by_display()}提出意见，登记或改了 {len(changed)} 人"
    note(by, "appraisal.keep", one, said, new={"decided_on": decided_on})
    return one


@action("appraisal.keep")
def tell(*, by: Scope, appraisal: Appraisal, on: date, told: Told) -> Appraisal:
    """`told`: whether the member was told. Raises Unfit: somebody who has no grade yet, the day."""
    one = unsettled(by, appraisal)
    if one.decided_on is None:
        raise Unfit("", "还没有提出意见，先定等次，再告知本人")
    _day(by, one, "on", on, one.decided_on, "提出意见的日期")
    changed = []
    for row in rows(by, one):
        ticked = told.get(row.pk, {}).get("told")
        if ticked and not row.grade:
            raise Unfit(f"told_{row.pk}", f"{row.member.name}还没有等次，先在“提出意见”里定")
        if row.pk in told:
            row.told_on = (row.told_on or on) if ticked else None
            changed.append(row)
    AppraisalLine.objects.within(by).bulk_update(changed, ["told_on"])
    many = sum(bool(row.told_on) for row in changed)
    note(by, "appraisal.keep", one, f"{one}：已告知本人 {many} 人")
    return one


@action("appraisal.keep")
def make_public(*, by: Scope, appraisal: Appraisal, told_what: str, told_from: date, told_where: str) -> Appraisal:
    """What the branch's members are told, and from when. From then on grades and ballots are settled.

    Raises Unfit: somebody has no grade or was not told first, the day.
    """
    one = unsettled(by, appraisal)
    found = rows(by, one)
    for words, left in (("没有等次", missing(found)), ("没有告知本人", untold(found))):
        if left:
            raise Unfit("", f"还有 {len(left)} 人{words}：{names(left)}。补上以后再通报")
    if one.decided_on is None:
        raise Unfit("", "还没有提出意见")
    if told_from < one.decided_on:
        raise Unfit("told_from", f"{told_from} 早于提出意见的日期 {one.decided_on}")
    one.told_what, one.told_from, one.told_where = told_what, told_from, told_where
    one.save(update_fields=["told_what", "told_from", "told_where"])
    said = f"{one}：从 {told_from} 起在支部内通报{one.get_told_what_display()}"
    note(by, "appraisal.keep", one, said, new={"told_from": told_from, "told_what": told_what})
    return one


@action("appraisal.keep")
def archive(*, by: Scope, appraisal: Appraisal) -> Appraisal:
    """Nothing changes from now on but by a withdrawal with its reason. Raises Unfit: not public yet, archived."""
    one = kept(by, appraisal)
    if one.archived_on:
        raise Unfit("", f"{one.archived_on} 已经归档")
    if one.told_from is None or one.told_from > by.on:
        raise Unfit(
            "",
            "还没有在支部内通报。通报以后再归档"
            if one.told_from is None
            else f"从 {one.told_from} 起通报，到那天再归档",
        )
    one.archived_on, one.totals = by.on, totals(rows(by, one))
    one.save(update_fields=["archived_on", "totals"])
    note(by, "appraisal.keep", one, f"{one}归档", new={"archived_on": by.on})
    return one


def missing(found: Iterable[AppraisalLine]) -> list[AppraisalLine]:
    """Who is to be graded and has no grade."""
    return [row for row in found if row.part in AppraisalLine.GRADED and not row.grade]


def untold(found: Iterable[AppraisalLine]) -> list[AppraisalLine]:
    return [row for row in found if row.grade and not row.told_on]


def totals(found: Iterable[AppraisalLine]) -> dict[str, int]:
    """How many took part, were graded, and have each grade."""
    found = list(found)
    grades = Counter(row.grade for row in found if row.grade)
    return {"present": sum(row.part != Part.AWAY for row in found), "graded": grades.total()} | {
        grade: grades[grade] for grade in Grade.values
    }


def names(found: list[AppraisalLine]) -> str:
    """张三、李四等"""
    return "、".join(row.member.name for row in found[:SHOWN]) + ("等" if len(found) > SHOWN else "")


def _day(by: Scope, one: Appraisal, field: str, on: date, since: date, what: str) -> None:
    if not since <= on <= by.on:
        raise Unfit(field, f"日期在{what} {since} 和今天（{by.on}）之间")
