"""The roll-ups of all organisations, moved by differences along the way up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pyarrow as pa

from zhibu.engine.live.change import Counts, Name
from zhibu.engine.live.counts import Numbers, Published, Sums
from zhibu.engine.live.tree import Tree

Key = tuple[str, str, str]  # org_id, rulebook, rule
EVERY = slice(None)


class Rollups:
    def __init__(self, tree: Tree, table: pa.Table, rules: Iterable[Name]):
        """`table` as published; `rules`: of which there may be verdicts."""
        published = Published(table, rules)
        self._tree, self.rules = tree, published.names
        self._rows = {name: row for row, name in enumerate(published.names)}
        self._sums, self._alone = Sums(published, published.cells), Sums(published, published.alone(tree.parents()))
        self._before: dict[str, Numbers] = {}  # of the organisations moved since the last call of `moved`

    def of(self, org: str) -> dict[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        return self._sums.of(org)

    def alone(self, org: str) -> Numbers:
        """Of the organisation's own verdicts, a row for each of the rules."""
        return self._alone.numbers(org)

    def add(self, org: str, deltas: Mapping[Name, Counts]) -> None:
        """The own verdicts of an organisation have changed by so many."""
        if deltas:
            rows = [self._rows[name] for name in deltas]
            moved = np.array(list(deltas.values()), np.int32)
            self._alone.numbers(org)[rows] += moved
            self._shift([org, *self._tree.upward(org)], moved, rows)

    def carry(self, org: str, move: Callable[[], None]) -> None:
        """It alone gets another parent, by `move`, and takes what is under it along. Those above it both before and
        after stay as they are."""
        whole, before = self._sums.numbers(org), list(self._tree.upward(org))
        move()
        after = list(self._tree.upward(org))
        self._shift([one for one in before if one not in after], -whole)
        self._shift([one for one in after if one not in before], whole)

    def part(self, org: str) -> None:
        """What is under it, itself included, no longer counts above it. The tree may change then."""
        self._shift(self._tree.upward(org), -self._sums.numbers(org))
        self._tree.loosen(org)

    def join(self, org: str) -> None:
        """It counts above it again, as the tree is now."""
        self._tree.fasten(org)
        self._shift(self._tree.upward(org), self._sums.numbers(org))

    def _shift(self, orgs: Iterable[str], moved: Numbers, rows: list[int] | slice = EVERY) -> None:
        for org in orgs:
            numbers = self._sums.numbers(org)
            if org not in self._before:
                self._before[org] = numbers.copy()
            numbers[rows] += moved

    def moved(self) -> dict[Key, tuple[Counts, Counts]]:
        """(before, after) of every cell touched since the last call that is not what it was."""
        found = {}
        for org, old in self._before.items():
            new = self._sums.numbers(org)
            rows = sorted(set((old != new).nonzero()[0].tolist()))
            for row, before, after in zip(rows, old[rows].tolist(), new[rows].tolist(), strict=True):
                found[org, *self.rules[row]] = (tuple(before), tuple(after))
        self._before = {}
        return found
