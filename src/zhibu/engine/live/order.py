"""The totals of one peer group in order: who stands above a total, and which total stands at a place.

In cents, ascending, in blocks of a few hundred: a change shifts one block and the sums of the sizes of those after it.
With 300,000 organisations that is some microseconds; a single sorted list would shift megabytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from itertools import accumulate

WIDE = 512


class Order:
    def __init__(self, cents: Iterable[int] = ()):
        ordered = sorted(cents)
        self._blocks = [ordered[at : at + WIDE] for at in range(0, len(ordered), WIDE)]
        self._lasts = [block[-1] for block in self._blocks]
        self._below: list[int] | None = None  # each block: how many totals are before it; None when they have moved
        self.size = len(ordered)

    def add(self, cents: int) -> None:
        self.size += 1
        self._below = None
        if not self._blocks:
            self._blocks, self._lasts = [[cents]], [cents]
            return
        at = min(bisect_left(self._lasts, cents), len(self._blocks) - 1)
        block = self._blocks[at]
        insort(block, cents)
        if len(block) > 2 * WIDE:
            self._blocks[at : at + 1] = [block[:WIDE], block[WIDE:]]
            self._lasts[at : at + 1] = [block[WIDE - 1], block[-1]]
        else:
            self._lasts[at] = block[-1]

    def remove(self, cents: int) -> None:
        """Raises KeyError when no organisation has that total."""
        at = bisect_left(self._lasts, cents)
        block = self._blocks[at] if at < len(self._blocks) else []
        place = bisect_left(block, cents)
        if place == len(block) or block[place] != cents:
            raise KeyError(cents)
        self.size -= 1
        self._below = None
        del block[place]
        if block:
            self._lasts[at] = block[-1]
        else:
            del self._blocks[at], self._lasts[at]

    def above(self, cents: int) -> int:
        """How many have more."""
        at = bisect_right(self._lasts, cents)
        if at == len(self._blocks):
            return 0
        return self.size - self._before()[at] - bisect_right(self._blocks[at], cents)

    def at(self, place: int) -> int:
        """The total at a place, 0 being the top. Raises IndexError beyond the last."""
        if not 0 <= place < self.size:
            raise IndexError(place)
        place = self.size - 1 - place
        at = bisect_right(self._before(), place) - 1
        return self._blocks[at][place - self._before()[at]]

    def _before(self) -> list[int]:
        if self._below is None:
            self._below = list(accumulate(map(len, self._blocks[:-1]), initial=0))
        return self._below
