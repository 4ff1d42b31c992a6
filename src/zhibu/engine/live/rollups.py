"""The roll-ups of all organisations, moved by differences along the way up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhibu.engine.live.change import Counts, Name
from zhibu.engine.live.counts import Numbers, Published, Sums
from zhibu.engine.live.tree import Tree

Places = npt.NDArray[np.int64]
Key = tuple[str, str, str]  # org_id, rulebook, rule
Shift = tuple[list[str], list[int], tuple[Places, Places], Numbers]  # organisations, rows, their cells, what was there


class Rollups:
    def __init__(self, tree: Tree, table: pa.Table, rules: Iterable[Name]):
        """`table` as published; `rules`: of which there may be verdicts."""
        published = Published(table, rules)
        self._tree, self.rules = tree, published.names
        self._rows = {name: row for row, name in enumerate(published.names)}
        self._sums, self._alone = Sums(published, published.cells), Sums(published, published.alone(tree.parents()))
        self._shifts: list[Shift] = []  # since the last call of `moved`

    def of(self, org: str) -> dict[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        return self._sums.of(org)

    def alone(self, org: str) -> Numbers:
        """Of the organisation's own verdicts, a row for each of the rules."""
        found: Numbers = self._alone.numbers[self._alone.place(org)]
        return found

    def add(self, org: str, deltas: Mapping[Name, Counts]) -> None:
        """The own verdicts of an organisation have changed by so many."""
        if deltas:
            rows, moved = [self._rows[name] for name in deltas], np.array(list(deltas.values()), np.int32)
            self.alone(org)[rows] += moved
            self._shift([org, *self._tree.upward(org)], rows, moved)

    def carry(self, org: str, move: Callable[[], None]) -> None:
        """It alone gets another parent, by `move`, and takes what is under it along. Those above it both before and
        after stay as they are."""
        (rows, whole), before = self._whole(org), list(self._tree.upward(org))
        move()
        after = list(self._tree.upward(org))
        self._shift([one for one in before if one not in after], rows, -whole)
        self._shift([one for one in after if one not in before], rows, whole)

    def part(self, org: str) -> None:
        """What is under it, itself included, no longer counts above it. The tree may change then."""
        rows, whole = self._whole(org)
        self._shift(list(self._tree.upward(org)), rows, -whole)
        self._tree.loosen(org)

    def join(self, org: str) -> None:
        """It counts above it again, as the tree is now."""
        self._tree.fasten(org)
        self._shift(list(self._tree.upward(org)), *self._whole(org))

    def _whole(self, org: str) -> tuple[list[int], Numbers]:
        """The rows with verdicts, and their numbers."""
        numbers = self._sums.numbers[self._sums.place(org)]
        rows = numbers.any(axis=1).nonzero()[0]
        return rows.tolist(), numbers[rows]

    def _shift(self, orgs: list[str], rows: list[int], moved: Numbers) -> None:
        if orgs and rows:
            cells = np.array([self._sums.place(org) for org in orgs])[:, None], np.array(rows)
            before = self._sums.numbers[cells]
            self._sums.numbers[cells] = before + moved
            self._shifts.append((orgs, rows, cells, before))

    def moved(self) -> dict[Key, tuple[Counts, Counts]]:
        """(before, after) of every cell touched since the last call that is not what it was."""
        found, seen = dict[Key, tuple[Counts, Counts]](), set[tuple[str, Name]]()
        for orgs, rows, cells, before in self._shifts:
            names = [self.rules[row] for row in rows]
            for org, old, new in zip(orgs, before.tolist(), self._sums.numbers[cells].tolist(), strict=True):
                own = [*zip(names, old, new, strict=True)]
                if len(self._shifts) > 1:  # a cell counts as it was before the first
                    own = [one for one in own if (org, one[0]) not in seen]
                    seen |= {(org, name) for name in names}
                for name, one, other in own:
                    if one != other:
                        found[org, *name] = (tuple(one), tuple(other))
        self._shifts = []
        return found
