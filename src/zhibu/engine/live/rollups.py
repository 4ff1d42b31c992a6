"""The roll-ups of all organisations, moved by differences along the way up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import add

import pyarrow as pa

from zhibu.engine.live.change import Counts, Name
from zhibu.engine.live.counts import Cells, Table
from zhibu.engine.live.tree import Tree

Key = tuple[str, str, str]  # org_id, rulebook, rule


class Rollups:
    def __init__(self, tree: Tree, published: pa.Table):
        self._tree = tree
        table = Table(published)
        self._sums, self._alone = Cells(table, table.counts), Cells(table, table.without_below(tree.parents()))
        self._before: dict[Key, Counts] = {}

    def of(self, org: str) -> Mapping[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        return self._sums.of(org)

    def alone(self, org: str) -> Mapping[Name, Counts]:
        """The same of the organisation's own verdicts."""
        return self._alone.of(org)

    def add(self, org: str, deltas: Mapping[Name, Counts]) -> None:
        """The own verdicts of an organisation have changed by so many."""
        for name, delta in deltas.items():
            self._alone.put(org, name, tuple(map(add, self._alone.cell(org, name), delta)))
        if deltas:
            self._shift([org, *self._tree.upward(org)], deltas)

    def carry(self, org: str, move: Callable[[], None]) -> None:
        """It alone gets another parent, by `move`, and takes what is under it along. Those above it both before and
        after stay as they are."""
        whole, before = self.of(org), list(self._tree.upward(org))
        move()
        after = list(self._tree.upward(org))
        self._shift([one for one in before if one not in after], _less(whole))
        self._shift([one for one in after if one not in before], whole)

    def part(self, org: str) -> None:
        """What is under it, itself included, no longer counts above it. The tree may change then."""
        self._shift(self._tree.upward(org), _less(self.of(org)))
        self._tree.loosen(org)

    def join(self, org: str) -> None:
        """It counts above it again, as the tree is now."""
        self._tree.fasten(org)
        self._shift(self._tree.upward(org), self.of(org))

    def _shift(self, orgs: Iterable[str], deltas: Mapping[Name, Counts]) -> None:
        for org in orgs:
            for name, delta in deltas.items():
                old = self._sums.cell(org, name)
                self._before.setdefault((org, *name), old)
                self._sums.put(org, name, tuple(map(add, old, delta)))

    def moved(self) -> dict[Key, tuple[Counts, Counts]]:
        """(before, after) of every cell touched since the last call that is not what it was."""
        found = {key: (before, self._sums.cell(key[0], key[1:])) for key, before in self._before.items()}
        self._before = {}
        return {key: pair for key, pair in found.items() if pair[0] != pair[1]}


def _less(counts: Mapping[Name, Counts]) -> dict[Name, Counts]:
    return {name: tuple(-one for one in own) for name, own in counts.items()}
