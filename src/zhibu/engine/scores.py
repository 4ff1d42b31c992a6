"""Scores, ranks and grades of organisations under a scheme (engine.md section 4). Serves the meaning."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any

import pyarrow as pa

from zhibu.engine.conditions import Row
from zhibu.engine.facts.numbers import number
from zhibu.engine.measures import added
from zhibu.engine.plan import Plan
from zhibu.engine.results import scores_schema
from zhibu.engine.scheme import Dimension, GradeStep, Scheme
from zhibu.engine.verdict import CONCLUDED, Verdict

NOTHING = (Fraction(0), Fraction(0))  # neither bonus nor deduction


@dataclass(frozen=True, slots=True)
class Score:
    """All numbers rounded to two places, as they are written, ranked and graded."""

    org_id: str
    peer_group: str | None
    dimensions: tuple[Fraction | None, ...]
    bonus: Fraction
    deduction: Fraction
    total: Fraction


def table(plan: Plan, verdicts: Iterable[Verdict]) -> pa.Table:
    """The scores table; without a scheme, one without rows and dimensions."""
    scheme = plan.scheme
    if scheme is None:
        return scores_schema([]).empty_table()
    rows = []
    for _, group in _grouped(scored(plan, scheme, verdicts)):
        grades = graded([one.total for one in group], scheme.grades)
        rows += [_row(scheme, one, group, grades[one.total]) for one in group]
    schema = scores_schema([dimension.id for dimension in scheme.dimensions])
    return pa.Table.from_pylist(sorted(rows, key=lambda row: str(row["org_id"])), schema=schema)


def _grouped(found: list[Score]) -> Iterable[tuple[object, list[Score]]]:
    groups = defaultdict(list)
    for one in found:
        groups[one.peer_group].append(one)
    return groups.items()


def _row(scheme: Scheme, one: Score, group: list[Score], grade: str | None) -> dict[str, Any]:
    rank = 1 + sum(other.total > one.total for other in group)
    return row(scheme, one) | {"rank": rank, "group_size": len(group), "grade": grade}


def row(scheme: Scheme, one: Score) -> dict[str, Any]:
    """The cells of one row of the scores table, without its place in the group."""
    names = [dimension.id for dimension in scheme.dimensions]
    parts = {name: None if value is None else float(value) for name, value in zip(names, one.dimensions, strict=True)}
    numbers = {"bonus": float(one.bonus), "deduction": float(one.deduction), "total": float(one.total)}
    return {"org_id": one.org_id, "peer_group": one.peer_group} | parts | numbers


def scored(plan: Plan, scheme: Scheme, verdicts: Iterable[Verdict]) -> list[Score]:
    """One score per organisation with at least one dimension present."""
    own = defaultdict(list)
    for verdict in verdicts:
        if verdict.subject == "organisation" and verdict.status in CONCLUDED:
            own[verdict.subject_id].append(verdict)
    groups, extra = peer_groups(plan), adjustments(plan, scheme)
    found = [score(scheme, org, groups.get(org), rows, extra.get(org, NOTHING)) for org, rows in own.items()]
    return [one for one in found if one is not None]


def score(
    scheme: Scheme, org: str, group: str | None, verdicts: Iterable[Verdict], extra: tuple[Fraction, Fraction]
) -> Score | None:
    """The score of one organisation from its verdicts and its (bonus, deduction); None when no dimension is present."""
    rows = [one for one in verdicts if one.status in CONCLUDED]
    return whole(scheme, org, group, [dimension_score(dimension, rows) for dimension in scheme.dimensions], extra)


def whole(
    scheme: Scheme, org: str, group: str | None, parts: list[Fraction | None], extra: tuple[Fraction, Fraction]
) -> Score | None:
    """The score from its dimensions, not rounded; None when none is present."""
    if all(part is None for part in parts):
        return None
    bonus, deduction = extra
    total = total_score(scheme, parts, bonus, deduction)
    rounded = tuple(None if part is None else round_score(part) for part in parts)
    return Score(org, group, rounded, round_score(bonus), round_score(deduction), total)


def dimension_score(dimension: Dimension, verdicts: Iterable[Verdict]) -> Fraction | None:
    """weight × Σ points ÷ Σ max_points over the concluded verdicts of its rules; None when absent. Not rounded."""
    concluded = [one for one in verdicts if one.status in CONCLUDED]
    names = {(one.rulebook, one.rule) for one in concluded}
    counting = {name for name in names if any(pattern.fits(*name) for pattern in dimension.rules)}
    own = [one for one in concluded if (one.rulebook, one.rule) in counting]
    earned = added([one.points for one in own if one.points is not None])
    return weighed(dimension.weight, earned, added([one.max_points for one in own]))


@lru_cache(maxsize=65536)
def weighed(weight: Decimal, earned: Fraction | int, most: Fraction | int) -> Fraction | None:
    """The score of a dimension, not rounded; None when there was nothing to earn."""
    return None if most == 0 else Fraction(weight) * earned / most


def total_score(scheme: Scheme, parts: list[Fraction | None], bonus: Fraction, deduction: Fraction) -> Fraction:
    """100 × Σ dimension scores ÷ Σ weights present, + bonus − deduction, not below 0; rounded once, at the end."""
    present = [(one, part) for one, part in zip(scheme.dimensions, parts, strict=True) if part is not None]
    weights, points = added([number(one.weight) for one, _ in present]), added([part for _, part in present])
    total = added([100 * points / weights, bonus, -deduction])
    return round_score(max(total, NOTHING[0]))


def round_score(value: Fraction) -> Fraction:
    """Half-up to 9 decimals (which drops the noise of floats), then half-up to 2."""
    return rounded(value.numerator, value.denominator)


def rounded(above: int, below: int) -> Fraction:
    """The same of a fraction that need not be in lowest terms."""
    nine = (2 * 10**9 * above + below) // (2 * below)
    return _cents((2 * 10**2 * nine + 10**9) // (2 * 10**9))


@lru_cache(maxsize=65536)
def _cents(hundredths: int) -> Fraction:
    return Fraction(hundredths, 100)


def adjustments(plan: Plan, scheme: Scheme) -> dict[str, tuple[Fraction, Fraction]]:
    """(bonus, deduction) by organisation, both ≥ 0, capped; those dated in the window and not after `as_of`."""
    own = defaultdict(list)
    for row in plan.facts["adjustments"].to_pylist():
        own[row["subject_id"]].append(row)
    return {org: adjusted(plan, scheme, rows) for org, rows in own.items()}


def adjusted(plan: Plan, scheme: Scheme, rows: Iterable[Row]) -> tuple[Fraction, Fraction]:
    """(bonus, deduction) from the adjustments of one organisation."""
    sums = [Fraction(0), Fraction(0)]
    for row in rows:
        if plan.window[0] <= row["on"] <= plan.day:
            points = number(row["points"])
            sums[points < 0] += abs(points)
    return _capped(sums[0], scheme.bonus_cap), _capped(sums[1], scheme.deduction_cap)


def _capped(value: Fraction, cap: Any) -> Fraction:
    return value if cap is None else min(value, number(cap))


def peer_groups(plan: Plan) -> dict[str, str | None]:
    """The peer group of every organisation with a row on the evaluation day."""
    return dict(zip(plan.tree["org_id"].to_pylist(), plan.tree["peer_group"].to_pylist(), strict=True))


def graded(totals: list[Fraction], steps: tuple[GradeStep, ...]) -> dict[Fraction, str | None]:
    """The grade of each total of a group."""
    return graded_ties(ties(totals), steps)


def ties(totals: Iterable[Fraction]) -> list[tuple[Fraction, int]]:
    """The different totals from the highest, and how many have each."""
    return [(total, len(list(tie))) for total, tie in groupby(sorted(totals, reverse=True))]


def graded_ties(group: list[tuple[Fraction, int]], steps: tuple[GradeStep, ...]) -> dict[Fraction, str | None]:
    """The same from `ties`, going down tie by tie from the highest (engine.md section 4)."""
    return {total: taken.grade if taken else None for total, _, _, taken in climbed(group, steps)}


Tie = tuple[Fraction, int, tuple[GradeStep, ...], GradeStep | None]


def climbed(group: list[tuple[Fraction, int]], steps: tuple[GradeStep, ...]) -> Iterator[Tie]:
    """Tie by tie from the top: the total, how many share it, the steps it closes (too many for the places left), and
    the step it takes, if any."""
    everyone = sum(size for _, size in group)
    left = [room(step, everyone) for step in steps]
    is_open = [True] * len(steps)
    for total, size in group:
        closed: list[GradeStep] = []
        taken = None
        for at, step in enumerate(steps):
            if not is_open[at] or (step.min is not None and total < Fraction(step.min)):
                continue
            if size <= left[at]:
                left[at] -= size
                taken = step
                break
            is_open[at] = False
            closed.append(step)
        yield total, size, tuple(closed), taken


@lru_cache(maxsize=1024)
def room(step: GradeStep, size: int) -> int:
    """How many organisations of a group of that size the grade holds."""
    return size if step.max_share is None else math.floor(Fraction(step.max_share) * size)
