"""Rounds of the sample county: last year's archived, this year's under way at some branches. Made up."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.access.queries import system_scope
from zhibu.web.appraisal import results, rounds
from zhibu.web.appraisal.models import Appraisal, AppraisalLine, Grade
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Kind, Organisation

WHY = "making the sample county"
BESIDE = 5  # branches of the same town
Rows = dict[int, dict[str, Any]]


def fill(*, branch: Scope, today: date) -> None:
    """`branch`: a secretary's. The rounds of other branches are entered for them."""
    here = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id)
    near = Organisation.objects.unscoped(WHY).filter(
        path__startswith=here.path[: -here.steplen], kind=Kind.BRANCH, dissolved_on=None
    )
    beside = list(near.exclude(pk=here.pk).order_by("path")[:BESIDE])
    last = date(today.year - 1, 12, 1)
    for place in [here, *beside[:-1]]:
        _archived(branch if place == here else system_scope(), place, last)
    for place in beside[:2]:
        _archived(system_scope(), place, today)
    for place in [here, *beside[2:3]]:
        _counted(branch if place == here else system_scope(), place, today)


def _rows(by: Scope, one: Appraisal) -> list[AppraisalLine]:
    return [row for row in rounds.rows(by, one) if row.part == AppraisalLine.Part.WHOLE]


def _counted(by: Scope, place: Organisation, on: date) -> Appraisal | None:
    """Up to the ballots; nothing where nobody is on the roster that day."""
    if not rounds.roster_on(by.doing("appraisal.keep"), on, place):
        return None
    one = rounds.open_(by=by, organisation=place, year=on.year, roster_on=on)
    keeper = by.doing("appraisal.keep")
    people = rounds.rows(keeper, one)
    everybody: Rows = {row.pk: {"self": True, "mutual": True} for row in people}
    results.discuss(by=by, appraisal=one, on=on, told=everybody)
    graded, valid = _rows(keeper, one), len(people)
    sums: Rows = {row.pk: _sums(at, valid) for at, row in enumerate(graded)}
    results.count(
        by=by, appraisal=one, held_on=on, issued=valid, returned=valid, valid=valid, tellers="示例计票人", told=sums
    )
    return one


def _sums(at: int, valid: int) -> dict[str, int]:
    """The first in three mostly the first grade."""
    first = valid - 1 if at % 3 == 0 else valid // 4
    return {Grade.EXCELLENT: first, Grade.PASSED: valid - first, Grade.BASIC: 0, Grade.UNFIT: 0}


def _grade(at: int, most: int) -> str:
    """Of those with most ballots for it, as many as a third of all."""
    return Grade.EXCELLENT if at % 3 == 0 and at // 3 < most else Grade.PASSED


def _archived(by: Scope, place: Organisation, on: date) -> None:
    one = _counted(by, place, on)
    if one is None:
        return
    graded = _rows(by.doing("appraisal.keep"), one)
    most = len(graded) // 3
    grades: Rows = {row.pk: {"grade": _grade(at, most), "opinion": ""} for at, row in enumerate(graded)}
    if len(graded) > most + 2:
        grades[graded[-1].pk] = {"grade": Grade.BASIC, "opinion": "支委结对帮助，半年后再谈一次"}
    results.decide(by=by, appraisal=one, decided_by="committee", decided_on=on, told=grades)
    results.tell(by=by, appraisal=one, on=on, told={row.pk: {"told": True} for row in graded})
    results.make_public(
        by=by, appraisal=one, told_what="excellent", told_from=on, told_where="支部党员大会宣布（示例）"
    )
    results.archive(by=by, appraisal=one)
