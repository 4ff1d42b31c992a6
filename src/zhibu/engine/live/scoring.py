"""Scores from how many verdicts of each status there are of each rule: the same as `scores.score` makes of verdicts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from zhibu.engine import scores
from zhibu.engine.facts.numbers import number
from zhibu.engine.live.change import Name
from zhibu.engine.live.counts import Numbers
from zhibu.engine.plan import Bound
from zhibu.engine.results import STATUSES
from zhibu.engine.rulebooks.model import Points
from zhibu.engine.scheme import Dimension, Scheme
from zhibu.engine.verdict import CONCLUDED

Worth = Mapping[Name, Sequence[int]]


class Scoring:
    """`rules`: the names of the rows of all numbers."""

    def __init__(self, scheme: Scheme, bounds: Iterable[Bound], rules: Sequence[Name]):
        points, weights = _points(bounds), [number(one.weight) for one in scheme.dimensions]
        self._unit = math.lcm(*(one.denominator for one in weights))
        self._weights = [int(one * self._unit) for one in weights]
        self._unsure = np.array([name not in points for name in rules])
        self.always = not self._unsure.any()  # whether any numbers would be sure
        self._lines = [_line(rules, _worth(one, points), most) for one in scheme.dimensions for most in (False, True)]
        highest = max((abs(value) for line in self._lines for value in line), default=0)
        fits = highest * 2**31 * len(rules) * len(STATUSES) < 2**63
        self._worth: npt.NDArray[Any] = np.array(self._lines, np.int64 if fits else object)

    def score(
        self, org: str, group: str | None, numbers: Numbers, adjusted: tuple[Fraction, Fraction]
    ) -> scores.Score | None:
        """Only for numbers that are `sure`. None when no dimension is present."""
        sums = (self._worth @ numbers.ravel()).tolist() if self._lines else []
        parts = [*zip(self._weights, sums[::2], sums[1::2], strict=True)]
        present = [one for one in parts if one[2]]
        if not present:
            return None
        dimensions = [scores.rounded(weight * own, self._unit * most) if most else None for weight, own, most in parts]
        bonus, deduction = adjusted
        total = _total(present, bonus - deduction)
        rounded = scores.round_score(bonus), scores.round_score(deduction)
        return scores.Score(org, group, tuple(dimensions), *rounded, total)

    def sure(self, numbers: Numbers) -> bool:
        """There are no verdicts of rules whose versions give different points."""
        return self.always or not numbers[self._unsure].any()


def _total(present: Sequence[tuple[int, int, int]], extra: Fraction) -> Fraction:
    """`scores.total_score` in whole numbers, from (weight, points earned, most that could have been)."""
    common = math.lcm(*[most for _, _, most in present])
    earned = sum([weight * own * (common // most) for weight, own, most in present])
    below = common * sum([weight for weight, _, _ in present])
    above = 100 * earned * extra.denominator + extra.numerator * below
    return scores.rounded(max(above, 0), below * extra.denominator)


def _points(bounds: Iterable[Bound]) -> dict[Name, Points]:
    """By rule, where all its versions give the same points."""
    found: dict[Name, set[Points]] = defaultdict(set)
    for bound in bounds:
        if bound.rule.subject == "organisation":
            found[bound.rule.rulebook, bound.rule.id].add(bound.rule.points)
    return {name: points.pop() for name, points in found.items() if len(points) == 1}


def _worth(dimension: Dimension, points: Mapping[Name, Points]) -> Worth:
    """By rule of the dimension, the points of CONCLUDED in whole numbers of one unit."""
    own = {name: one for name, one in points.items() if any(pattern.fits(*name) for pattern in dimension.rules)}
    exact = {name: [number(getattr(one, status)) for status in CONCLUDED] for name, one in own.items()}
    units = math.lcm(*(value.denominator for values in exact.values() for value in values))
    return {name: [int(value * units) for value in values] for name, values in exact.items()}


def _line(rules: Sequence[Name], worth: Worth, most: bool) -> list[int]:
    """What each of the numbers adds to the points earned, or to the most that could have been."""
    line = []
    for name in rules:
        points = dict(zip(CONCLUDED, worth.get(name, (0,) * len(CONCLUDED)), strict=True))
        line += [points["met" if most else status] if status in points else 0 for status in STATUSES]
    return line
