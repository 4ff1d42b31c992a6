"""A branch's round brought to a step, as its secretary would."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.appraisal import queries, results, rounds
from zhibu.web.appraisal.models import Appraisal, AppraisalLine
from zhibu.web.conftest import TODAY, Cast

WHY = "test"
SINCE = date(2026, 11, 1)


def begin(cast: Cast, who: str = "secretary", year: int = 2026, on: date = SINCE) -> Appraisal:
    here = cast.neighbour if who == "neighbour" else cast.branch
    return rounds.open_(by=cast.scope(who), organisation=here, year=year, roster_on=on)


def lines(one: Appraisal) -> list[AppraisalLine]:
    rows = AppraisalLine.objects.unscoped(WHY).filter(appraisal=one).select_related("member")
    return list(rows.order_by("member__initials", "member__name", "pk"))


def each(one: Appraisal, **values: Any) -> dict[int, dict[str, Any]]:
    return {row.pk: dict(values) for row in lines(one)}


def counted(cast: Cast, one: Appraisal, valid: int = 7, **sums: int) -> Appraisal:
    given = sums or {"excellent": 2, "passed": 5}
    return results.count(
        by=cast.scope("secretary"), appraisal=one, held_on=date(2026, 11, 10), issued=8, returned=8, valid=valid,
        tellers="张计票", told=each(one, **given),
    )  # fmt: skip


def decided(cast: Cast, one: Appraisal, grades: tuple[str, ...] = ("passed",) * 8) -> Appraisal:
    told = {row.pk: {"grade": grade, "opinion": "继续努力"} for row, grade in zip(lines(one), grades, strict=True)}
    return results.decide(
        by=cast.scope("secretary"), appraisal=one, decided_by="committee", decided_on=date(2026, 11, 12), told=told
    )


def told(cast: Cast, one: Appraisal) -> Appraisal:
    return results.tell(by=cast.scope("secretary"), appraisal=one, on=TODAY, told=each(one, told=True))


def made_public(cast: Cast, one: Appraisal, what: str = "excellent") -> Appraisal:
    return results.make_public(
        by=cast.scope("secretary"), appraisal=one, told_what=what, told_from=TODAY, told_where="支部党员大会宣布"
    )


def archived(cast: Cast, grades: tuple[str, ...] = ("passed",) * 8) -> Appraisal:
    one = begin(cast)
    for step in (counted, lambda cast, one: decided(cast, one, grades), told, made_public):
        step(cast, one)
    return results.archive(by=cast.scope("secretary"), appraisal=one)


def standing(cast: Cast, one: Appraisal) -> queries.Standing:
    scope = cast.scope("secretary").doing("appraisal.members")
    return queries.standing(Appraisal.objects.unscoped(WHY).get(pk=one.pk), queries.lines(scope, one))
