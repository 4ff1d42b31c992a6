"""Seeded chance. A case is its seed: the same number gives the same world on every machine.

Hypothesis was tried first. Its search keeps returning to small examples (a third of the worlds had one
organisation and no event) and took 0.15 s to draw one; here a case takes milliseconds, and `shrink.py` makes a
failing one small, which is what Hypothesis would have been for.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


class Dice:
    def __init__(self, seed: int | str):
        self._random = Random(seed)

    def pick[T](self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]

    def some[T](self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Different ones, in any order."""
        return self._random.sample(list(options), min(len(options), self._random.randint(least, most)))

    def chance(self, one_in: int) -> bool:
        return self._random.randrange(one_in) == 0
