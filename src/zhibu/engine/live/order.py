"""The totals of one peer group in order: who stands above a total, and which total stands at a place.

In cents, ascending, in blocks of a few hundred: a change shifts one block and the sums of the sizes of those after it.
With 300,000 organisations that is some microseconds; a single sorted list would shift megabytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from itertools import accumulate

import numpy as np
import numpy.typing as npt

WIDE = 512
Sums = npt.NDArray[np.int64]


class Order:
    def __init__(self, cents: Iterable[int] = ()):
        ordered = sorted(cents)
        self._blocks = [ordered[at : at + WIDE] for at in range(0, len(ordered), WIDE)]
        self._lasts = [block[-1] for block in self._blocks]
        self._below: Sums | None = None  # each block: how many totals are before it; None when blocks have changed
        self.size = len(ordered)

    def add(self, cents: int) -> None:
        self.size += 1
        if not self._blocks:
            self._blocks, self._lasts, self._below = [[cents]], [cents], None
            return
        at = min(bisect_left(self._lasts, cents), len(self._blocks) - 1)
        block = self._blocks[at]
        insort(block, cents)
        if len(block) > 2 * WIDE:
            self._blocks[at : at + 1] = [block[:WIDE], block[WIDE:]]
            self._lasts[at : at + 1] = [block[WIDE - 1], block[-1]]
            self._below = None
        else:
            self._moved(at, 1)

    def _moved(self, at: int, more: int) -> None:
        self._lasts[at] = self._blocks[at][-1]
        if self._below is not None:
            self._below[at + 1 :] += more

    def remove(self, cents: int) -> None:
        """Raises KeyError when no organisation has that total."""
        at = bisect_left(self._lasts, cents)
        block = self._blocks[at] if at < len(self._blocks) else []
        place = bisect_left(block, cents)
        if place == len(block) or block[place] != cents:
            raise KeyError(cents)
        self.size -= 1
        del block[place]
        if block:
            self._moved(at, -1)
        else:
            del self._blocks[at], self._lasts[at]
            self._below = None

    def above(self, cents: int) -> int:
        """How many have more."""
        at = bisect_right(self._lasts, cents)
        if at == len(self._blocks):
            return 0
        return self.size - int(self._before()[at]) - bisect_right(self._blocks[at], cents)

    def at(self, place: int) -> int:
        """The total at a place, 0 being the top. Raises IndexError beyond the last."""
        if not 0 <= place < self.size:
            raise IndexError(place)
        place = self.size - 1 - place
        at = int(self._before().searchsorted(place, "right")) - 1
        return self._blocks[at][place - int(self._before()[at])]

    def _before(self) -> Sums:
        if self._below is None:
            self._below = np.fromiter(accumulate(map(len, self._blocks[:-1]), initial=0), np.int64)
        return self._below
