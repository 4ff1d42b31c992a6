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
        self._scheme = scheme
        points = _points(bounds)
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
        earned = zip(self._scheme.dimensions, sums[::2], sums[1::2], strict=True)
        parts = [scores.weighed(dimension.weight, own, most) for dimension, own, most in earned]
        return scores.whole(self._scheme, org, group, parts, adjusted)

    def sure(self, numbers: Numbers) -> bool:
        """There are no verdicts of rules whose versions give different points."""
        return self.always or not numbers[self._unsure].any()


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
