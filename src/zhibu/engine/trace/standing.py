"""Why a rank and a grade are what they are: who is above, what each grade asked, how its places were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.scheme import GradeStep, Scheme
from zhibu.engine.scores import climbed, room, ties

NAMED = 3  # organisations of a tie named one by one


@dataclass(frozen=True, slots=True)
class Rung:
    """A grade as it met this organisation. `places` None: no limit; `given`: to organisations above.

    `closed_at`: the tie of `closing` organisations that did not fit any more; `closed_by`: those that may be named.
    `taken`: this is the organisation's grade.
    """

    grade: str
    min: Decimal | None
    max_share: Decimal | None
    places: int | None
    given: int
    reached: bool
    closed_at: Fraction | None
    closing: int
    closed_by: tuple[str, ...]
    taken: bool
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`column`: the scheme's peer group; None: everybody is in one. `rungs`: from the top, to the one taken."""

    column: str | None
    peer_group: str | None
    rank: int
    group_size: int
    tied: int
    grade: str | None
    rungs: tuple[Rung, ...]


def standing(
    scheme: Scheme, subject_id: str, peer_group: str | None, totals: Mapping[str, Fraction], *, named: bool = True
) -> Standing:
    """`totals`: the published total of every organisation of the peer group, this one's included.

    Unless `named`, no other organisation is named: the reader may not know their totals.
    """
    own = totals[subject_id]
    higher = sum(total > own for total in totals.values())
    rungs = _rungs(scheme.grades, own, totals, named)
    return Standing(
        column=scheme.peer_group,
        peer_group=peer_group,
        rank=higher + 1,
        group_size=len(totals),
        tied=sum(total == own for total in totals.values()),
        grade=next((rung.grade for rung in rungs if rung.taken), None),
        rungs=rungs,
    )


def _rungs(
    steps: tuple[GradeStep, ...], own: Fraction, totals: Mapping[str, Fraction], named: bool
) -> tuple[Rung, ...]:
    given, closed_at, taken = dict.fromkeys(range(len(steps)), 0), dict[int, Fraction](), None
    at = {id(step): place for place, step in enumerate(steps)}
    for total, size, closed, grade in climbed(ties(totals.values()), steps):
        closed_at |= {at[id(step)]: total for step in closed}
        if total == own:
            taken = at[id(grade)] if grade else None
            break
        if grade:
            given[at[id(grade)]] += size
    shown = steps if taken is None else steps[: taken + 1]
    return tuple(
        _rung(step, own, given[place], closed_at.get(place), totals, place == taken, named)
        for place, step in enumerate(shown)
    )


def _rung(
    step: GradeStep,
    own: Fraction,
    given: int,
    closed_at: Fraction | None,
    totals: Mapping[str, Fraction],
    taken: bool,
    named: bool,
) -> Rung:
    reached = step.min is None or own >= Fraction(step.min)
    closing = sorted(org for org, total in totals.items() if total == closed_at)
    limit = None if step.max_share is None else room(step, len(totals))
    parts = [_demand(step, reached), _room(step, limit, given, len(totals)) if reached else ""]
    if reached and closed_at is not None:
        parts.append(_closing(closed_at, closing, own, named))
    return Rung(
        grade=step.grade,
        min=step.min,
        max_share=step.max_share,
        places=limit,
        given=given,
        reached=reached,
        closed_at=closed_at,
        closing=len(closing),
        closed_by=tuple(closing) if named else (),
        taken=taken,
        text="；".join(part for part in parts if part) + ("：评为此等次" if taken else ""),
    )


def _demand(step: GradeStep, reached: bool) -> str:
    if step.min is None:
        return "没有分数线"
    return f"要 {step.min} 分以上，{'达到' if reached else '没有达到'}"


def _room(step: GradeStep, limit: int | None, given: int, size: int) -> str:
    if limit is None:
        return ""
    return f"名额 {limit} 个（{step.max_share} × {size} 向下取整），前面已给 {given} 个"


def _closing(closed_at: Fraction, closing: list[str], own: Fraction, named: bool) -> str:
    more = " 等" if len(closing) > NAMED else ""
    names = f"（{'、'.join(closing[:NAMED])}{more}）" if named else ""
    whose = "本组织所在的" if closed_at == own else ""
    return f"{whose} {closed_at:.2f} 分共 {len(closing)} 个{names}，放不下，从这里起不再给".strip()
