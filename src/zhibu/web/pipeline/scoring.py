"""A published score taken apart: the engine's own arithmetic over the kept verdicts, line by line.

The page that explains a score shows these numbers; `breakdown` uses the functions that computed it (engine/scores.py),
so the lines cannot say anything else than the total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from zhibu.engine.live import grades
from zhibu.engine.scheme import Dimension
from zhibu.engine.scores import dimension_score, round_score, total_score
from zhibu.web.assessment.models import Score
from zhibu.web.assessment.queries import Standing
from zhibu.web.assessment.ties import cents
from zhibu.web.duties.models import Verdict
from zhibu.web.regulations.library import scheme_of
from zhibu.web.regulations.models import Scheme as SchemeRow
from zhibu.web.regulations.queries import scheme_for

CONCLUDED = ("met", "late", "missed")


@dataclass(frozen=True, slots=True)
class Item:
    """One rule inside a dimension: points earned and possible over its concluded periods, and its share of 100."""

    rulebook: str
    rule: str
    earned: Fraction
    most: Fraction
    should: Fraction  # of 100
    verdicts: tuple[Verdict, ...]

    @property
    def got(self) -> Fraction:
        return self.should * self.earned / self.most if self.most else Fraction(0)


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension; `score` is None when nothing in it has a conclusion yet."""

    id: str
    title: str
    weight: Fraction
    earned: Fraction
    most: Fraction
    score: Fraction | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    parts: tuple[Part, ...]
    weights: Fraction  # of the dimensions present
    bonus: Fraction
    deduction: Fraction
    total: Fraction  # rounded as published

    @property
    def present(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.score is not None)


def breakdown(score: Score, verdicts: Iterable[Verdict]) -> Breakdown | None:
    """Take `score` apart with all verdicts of its organisation and year; None without a scheme."""
    scheme = scheme_for(score.year)
    concluded = [_exact(one) for one in verdicts if one.status in CONCLUDED]
    raw = [dimension_score(one, concluded) for one in scheme.dimensions] if scheme else []
    if scheme is None or all(part is None for part in raw):
        return None
    weights = sum((Fraction(one.weight) for one, part in zip(scheme.dimensions, raw, strict=True) if part is not None))
    bonus, deduction = Fraction(str(score.bonus)), Fraction(str(score.deduction))
    return Breakdown(
        tuple(_part(one, part, concluded, weights) for one, part in zip(scheme.dimensions, raw, strict=True)),
        Fraction(weights),
        bonus,
        deduction,
        total_score(scheme, raw, bonus, deduction),
    )


def grade(place: Standing, row: SchemeRow | None) -> str:
    """The grade of the year's scheme (`scheme_row`) at that place of the peer group; empty where none fits."""
    if row is None:
        return ""
    steps = scheme_of(row.text).grades
    return grades.grade(cents(place.score.total), grades.floors(place.ties, steps), steps) or ""


@dataclass(frozen=True, slots=True)
class _Exact:
    """A kept verdict with exact numbers, as the engine's functions take it."""

    row: Verdict
    rulebook: str
    rule: str
    status: str
    points: Fraction
    max_points: Fraction


def _exact(row: Verdict) -> _Exact:
    points, most = Fraction(str(row.points or 0)), Fraction(str(row.max_points))
    return _Exact(row, row.rulebook, row.rule, row.status, points, most)


def _part(dimension: Dimension, raw: Fraction | None, concluded: list[_Exact], weights: Fraction) -> Part:
    own = [one for one in concluded if any(pattern.fits(one.rulebook, one.rule) for pattern in dimension.rules)]
    most = sum((one.max_points for one in own), Fraction(0))
    share = 100 * Fraction(dimension.weight) / weights / most if most else Fraction(0)
    groups: dict[tuple[str, str], list[_Exact]] = defaultdict(list)
    for one in own:
        groups[one.rulebook, one.rule].append(one)
    return Part(
        *(dimension.id, dimension.title, Fraction(dimension.weight)),
        earned=sum((one.points for one in own), Fraction(0)),
        most=most,
        score=None if raw is None else round_score(raw),
        items=tuple(_item(name, found, share) for name, found in groups.items()),
    )


def _item(name: tuple[str, str], found: list[_Exact], share: Fraction) -> Item:
    most = sum((one.max_points for one in found), Fraction(0))
    earned = sum((one.points for one in found), Fraction(0))
    return Item(*name, earned, most, share * most, tuple(one.row for one in found))
