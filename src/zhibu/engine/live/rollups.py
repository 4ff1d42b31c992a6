"""The roll-ups of all organisations, moved by differences along the way up; until then at rest in their table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from zhibu.engine.live.change import NONE, Counts, Name
from zhibu.engine.live.resting import ByText, Resting
from zhibu.engine.live.tree import Tree
from zhibu.engine.results import STATUSES

Key = tuple[str, str, str]  # org_id, rulebook, rule


class Rollups:
    def __init__(self, tree: Tree, published: pa.Table):
        self._tree = tree
        self._published = ByText(Resting(published), "org_id")
        self._sums: dict[str, dict[Name, Counts]] = {}
        self._before: dict[Key, Counts] = {}

    def of(self, org: str) -> Mapping[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        return self._awake(org)

    def _awake(self, org: str) -> dict[Name, Counts]:
        if org not in self._sums:
            rows = self._published.get(org, ())
            self._sums[org] = {(row["rulebook"], row["rule"]): tuple(row[name] for name in STATUSES) for row in rows}
        return self._sums[org]

    def add(self, org: str, deltas: Mapping[Name, Counts]) -> None:
        """The own verdicts of an organisation have changed by so many."""
        if deltas:
            self._shift([org, *self._tree.upward(org)], deltas, 1)

    def part(self, org: str) -> None:
        """What is under it, itself included, no longer counts above it. The tree may change then."""
        self._shift(self._tree.upward(org), self.of(org), -1)
        self._tree.loosen(org)

    def join(self, org: str) -> None:
        """It counts above it again, as the tree is now."""
        self._tree.fasten(org)
        self._shift(self._tree.upward(org), self.of(org), 1)

    def _shift(self, orgs: Iterable[str], deltas: Mapping[Name, Counts], sign: int) -> None:
        for org in orgs:
            sums = self._awake(org)
            for name, delta in deltas.items():
                old = sums.get(name, NONE)
                self._before.setdefault((org, *name), old)
                sums[name] = tuple(old[at] + sign * delta[at] for at in range(len(STATUSES)))
                if not any(sums[name]):
                    del sums[name]

    def moved(self) -> dict[Key, tuple[Counts, Counts]]:
        """(before, after) of every cell touched since the last call that is not what it was."""
        after = {key: self.of(key[0]).get(key[1:], NONE) for key in self._before}
        found = {key: (before, after[key]) for key, before in self._before.items() if before != after[key]}
        self._before = {}
        return found
