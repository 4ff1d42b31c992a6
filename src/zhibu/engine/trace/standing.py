"""Why a rank and a grade are what they are: who is above, what each grade asked, how its places were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.scheme import GradeStep, Scheme
from zhibu.engine.scores import climbed, places

NAMED = 3  # organisations of a tie named one by one


@dataclass(frozen=True, slots=True)
class Rung:
    """A grade as it met this organisation. `places` None: no limit; `given`: to organisations above.

    `closed_at`, `closed_by`: the tie that did not fit any more. `taken`: this is the organisation's grade.
    """

    grade: str
    min: Decimal | None
    max_share: Decimal | None
    places: int | None
    given: int
    reached: bool
    closed_at: Fraction | None
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


def standing(scheme: Scheme, subject_id: str, peer_group: str | None, totals: Mapping[str, Fraction]) -> Standing:
    """`totals`: the published total of every organisation of the peer group, this one's included."""
    own = totals[subject_id]
    higher = sum(total > own for total in totals.values())
    rungs = _rungs(scheme.grades, own, totals)
    return Standing(
        column=scheme.peer_group,
        peer_group=peer_group,
        rank=higher + 1,
        group_size=len(totals),
        tied=sum(total == own for total in totals.values()),
        grade=next((rung.grade for rung in rungs if rung.taken), None),
        rungs=rungs,
    )


def _rungs(steps: tuple[GradeStep, ...], own: Fraction, totals: Mapping[str, Fraction]) -> tuple[Rung, ...]:
    given, closed_at, taken = dict.fromkeys(range(len(steps)), 0), dict[int, Fraction](), None
    at = {id(step): place for place, step in enumerate(steps)}
    for total, size, closed, grade in climbed(list(totals.values()), steps):
        closed_at |= {at[id(step)]: total for step in closed}
        if total == own:
            taken = at[id(grade)] if grade else None
            break
        if grade:
            given[at[id(grade)]] += size
    shown = steps if taken is None else steps[: taken + 1]
    return tuple(
        _rung(step, own, given[place], closed_at.get(place), totals, place == taken) for place, step in enumerate(shown)
    )


def _rung(
    step: GradeStep, own: Fraction, given: int, closed_at: Fraction | None, totals: Mapping[str, Fraction], taken: bool
) -> Rung:
    reached = step.min is None or own >= Fraction(step.min)
    closed_by = tuple(sorted(org for org, total in totals.items() if total == closed_at))
    limit = None if step.max_share is None else places(step, len(totals))
    parts = [_demand(step, reached), _room(step, limit, given, len(totals)) if reached else ""]
    if reached and closed_at is not None:
        parts.append(_closing(closed_at, closed_by, own))
    text = "；".join(part for part in parts if part) + ("：评为此等次" if taken else "")
    return Rung(step.grade, step.min, step.max_share, limit, given, reached, closed_at, closed_by, taken, text)


def _demand(step: GradeStep, reached: bool) -> str:
    if step.min is None:
        return "没有分数线"
    return f"要 {step.min} 分以上，{'达到' if reached else '没有达到'}"


def _room(step: GradeStep, limit: int | None, given: int, size: int) -> str:
    if limit is None:
        return ""
    return f"名额 {limit} 个（{step.max_share} × {size} 向下取整），前面已给 {given} 个"


def _closing(closed_at: Fraction, closed_by: tuple[str, ...], own: Fraction) -> str:
    named = "、".join(closed_by[:NAMED]) + (f" 等 {len(closed_by)} 个" if len(closed_by) > NAMED else "")
    who = "本组织所在的" if closed_at == own else ""
    return f"{who} {float(closed_at):.2f} 分（{named}）放不下，从这里起不再给".strip()
