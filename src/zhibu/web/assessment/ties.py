"""The totals of one peer group in order, from the rows of `Tie`: what rank, median and grade follow from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from zhibu.web.assessment.models import Tie


def cents(total: float) -> int:
    """A total in hundredths of a point; it has two decimals."""
    return round(total * 100)


class Ties:
    """The group from the top. `size`, `above` and `at` are what the engine's grades ask for (engine/live/grades.py)."""

    def __init__(self, year: int, peer_group: str):
        rows = Tie.objects.filter(year=year, peer_group=peer_group).order_by("-cents").values_list("cents", "count")
        self._falling = [-one for one, _ in rows]
        self._upto = list(accumulate(count for _, count in rows))
        self.size = self._upto[-1] if self._upto else 0

    def above(self, cents: int) -> int:
        """How many have more."""
        at = bisect_left(self._falling, -cents)
        return self._upto[at - 1] if at else 0

    def at(self, place: int) -> int:
        """The total at a place, 0 being the top. Raises IndexError beyond the last."""
        return -self._falling[bisect_right(self._upto, place)]
