"""The roll-ups of all organisations, moved by differences along the way up.

Kept are the sums of those with others under them; the roll-up of any other is its own verdicts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from zhibu.engine.live.change import NONE, Counts, Name
from zhibu.engine.live.tree import Tree
from zhibu.engine.results import STATUSES

Own = Callable[[str], Mapping[Name, Counts]]


class Rollups:
    """`own` counts an organisation's own verdicts as of now, by rule."""

    def __init__(self, tree: Tree, own: Own, sums: Iterable[tuple[str, Name, Counts]]):
        self._tree, self._own = tree, own
        self._sums: dict[str, dict[Name, Counts]] = defaultdict(dict)
        for org, name, counts in sums:
            if tree.has_below(org):
                self._sums[org][name] = counts
        self._before: dict[tuple[str, str, str], Counts] = {}

    def of(self, org: str) -> Mapping[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        return self._sums[org] if org in self._sums else self._own(org)

    def add(self, org: str, deltas: Mapping[Name, Counts]) -> None:
        """The own verdicts of an organisation have changed by so many."""
        if not deltas:
            return
        if org not in self._sums:
            own = self._own(org)
            for name, delta in deltas.items():
                self._before.setdefault((org, *name), _sum(own.get(name, NONE), delta, -1))
        self._shift([org, *self._tree.upward(org)], deltas, 1)

    def part(self, org: str) -> None:
        """What is under it, itself included, no longer counts above it. The tree may change then."""
        self._shift(self._tree.upward(org), self.of(org), -1)
        self._tree.loosen(org)

    def join(self, org: str) -> None:
        """It counts above it again, as the tree is now."""
        self._tree.fasten(org)
        for above in self._tree.upward(org):
            if above not in self._sums:
                self._sums[above] = dict(self._own(above))
        self._shift(self._tree.upward(org), self.of(org), 1)

    def _shift(self, orgs: Iterable[str], deltas: Mapping[Name, Counts], sign: int) -> None:
        for org in orgs:
            sums = self._sums.get(org)
            if sums is None:
                continue
            for name, delta in deltas.items():
                old = sums.get(name, NONE)
                self._before.setdefault((org, *name), old)
                sums[name] = _sum(old, delta, sign)
                if not any(sums[name]):
                    del sums[name]

    def moved(self) -> dict[tuple[str, str, str], tuple[Counts, Counts]]:
        """(before, after) of every cell touched since the last call that is not what it was."""
        found = {}
        for (org, *name), before in self._before.items():
            after = self.of(org).get((name[0], name[1]), NONE)
            if after != before:
                found[org, name[0], name[1]] = (before, after)
        self._before = {}
        return found


def _sum(counts: Counts, delta: Counts, sign: int) -> Counts:
    return tuple(counts[at] + sign * delta[at] for at in range(len(STATUSES)))
