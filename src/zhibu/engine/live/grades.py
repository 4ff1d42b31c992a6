"""Grades of a peer group as floors: the lowest total of each grade. The same meaning as `scores.graded`, without
looking at every organisation: a grade takes whole ties from the top until one does not fit, so it ends at a total.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from zhibu.engine.scheme import GradeStep
from zhibu.engine.scores import room

Steps = Sequence[GradeStep]
Floors = tuple[int, ...]  # in cents, one for each step, never rising


class Totals(Protocol):
    """The totals of a peer group, in cents."""

    @property
    def size(self) -> int: ...

    def above(self, cents: int) -> int:
        """How many have more."""

    def at(self, place: int) -> int:
        """The total at a place, 0 being the top."""


def floors(totals: Totals, steps: Steps) -> Floors:
    """The lowest total of each grade: a total takes the first grade whose floor it reaches."""
    found: list[int] = []
    taken = 0
    for step in steps:
        least = _least(step)
        full = taken + room(step, totals.size)
        if full < totals.size:
            least = max(least, totals.at(full) + 1)  # the tie at this place does not fit
        least = min(least, found[-1]) if found else least
        found.append(least)
        taken = totals.above(least - 1)
    return tuple(found)


@lru_cache(maxsize=1024)
def _least(step: GradeStep) -> int:
    return 0 if step.min is None else max(0, math.ceil(Fraction(step.min) * 100))


def grade(cents: int, found: Floors, steps: Steps) -> str | None:
    return next((step.grade for step, floor in zip(steps, found, strict=True) if cents >= floor), None)


def regraded(totals: Totals, old: Floors, new: Floors, steps: Steps, apart: Iterable[int]) -> Mapping[Pair, int]:
    """(from, to) → how many of the totals took another grade; those `apart`, each one of the totals, not counted."""
    found: Counter[Pair] = Counter()
    for low, many in _between(totals, sorted({0, *old, *new}), sorted(apart)):
        if (pair := (grade(low, old, steps), grade(low, new, steps))) and pair[0] != pair[1]:
            found[pair] += many
    return +found


def shifted(totals: Totals, gone: Sequence[int], come: Sequence[int], apart: Iterable[int]) -> Mapping[int, int]:
    """Steps down → how many of the totals, when some went from `gone` and stand at `come` now; those `apart`, each one
    of the totals, not counted."""
    found: Counter[int] = Counter()
    for low, many in _between(totals, sorted({0, *gone, *come}), sorted(apart)):
        if steps := sum(one > low for one in come) - sum(one > low for one in gone):
            found[steps] += many
    return +found


Pair = tuple[str | None, str | None]


def _between(totals: Totals, edges: list[int], apart: list[int]) -> Iterator[tuple[int, int]]:
    """(first total, how many) from each edge up to the next."""
    reached = [totals.above(edge - 1) - sum(one >= edge for one in apart) for edge in edges] + [0]
    for at, edge in enumerate(edges):
        yield edge, reached[at] - reached[at + 1]
