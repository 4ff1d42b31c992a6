"""How many verdicts of each status the organisations have of each rule, at rest until a change moves one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhibu.engine.facts.cells import plain
from zhibu.engine.live.change import Counts, Name
from zhibu.engine.results import STATUSES

Numbers = npt.NDArray[np.int32]  # one row for each rule, or for each cell; columns in the order of STATUSES
SPARE = 1024  # organisations that may come


class Published:
    """A table of roll-ups in cells, those of an organisation together; a rule without verdicts has none."""

    def __init__(self, table: pa.Table, rules: Iterable[Name]):
        """`rules`: of which there may be verdicts; the table may have others still."""
        orgs, *parts = (plain(table[one]).dictionary_encode() for one in ("org_id", "rulebook", "rule"))
        books, names = (one.dictionary.to_pylist() for one in parts)
        pairs, own = np.unique(
            parts[0].indices.to_numpy() * np.int64(len(names)) + parts[1].indices.to_numpy(), return_inverse=True
        )
        here: list[Name] = [(books[pair // len(names)], names[pair % len(names)]) for pair in pairs.tolist()]
        self.names = sorted({*rules, *here})
        self.rule = np.array([self.names.index(one) for one in here], np.int32)[own]
        self.orgs: dict[str, int] = {org: place for place, org in enumerate(orgs.dictionary.to_pylist())}
        self.org = orgs.indices.to_numpy()  # ascending, for the table is sorted
        self.starts: list[int] = np.searchsorted(self.org, np.arange(len(self.orgs) + 1)).tolist()
        self.cells: Numbers = np.column_stack([plain(table[one]).to_numpy() for one in STATUSES]).astype(np.int32)

    def alone(self, parents: Mapping[str, str]) -> Numbers:
        """The cells of the organisations without what is under them; `parents` by organisation."""
        above = np.full(len(self.orgs), -1, np.int64)
        for org, parent in parents.items():
            if org in self.orgs and parent in self.orgs:
                above[self.orgs[org]] = self.orgs[parent]
        under = np.flatnonzero(above[self.org] >= 0)
        cells = self.org * np.int64(len(self.names)) + self.rule  # ascending too
        places = np.searchsorted(cells, above[self.org[under]] * len(self.names) + self.rule[under])
        found = self.cells.copy()
        for at in range(len(STATUSES)):
            found[:, at] -= np.bincount(places, self.cells[under, at], len(found)).astype(np.int32)
        return found


class Sums:
    """What there is now, starting from cells: `numbers` by organisation (see `place`), rule and status."""

    def __init__(self, published: Published, cells: Numbers):
        self._published, self._cells = published, cells
        self.numbers = np.zeros((SPARE + len(published.orgs), len(published.names), len(STATUSES)), np.int32)
        self._places: dict[str, int] = {}  # of those awake; nothing else of the numbers is in memory

    def place(self, org: str) -> int:
        """Wakes it."""
        found = self._places.get(org)
        if found is None:
            found = self._places[org] = len(self._places)
            if found == len(self.numbers):
                self.numbers = np.concatenate([self.numbers, np.zeros_like(self.numbers)])
            if (published := self._published.orgs.get(org)) is not None:
                own = slice(self._published.starts[published], self._published.starts[published + 1])
                self.numbers[found, self._published.rule[own]] = self._cells[own]
        return found

    def of(self, org: str) -> dict[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        rows = zip(self._published.names, self.numbers[self.place(org)].tolist(), strict=True)
        return {name: tuple(row) for name, row in rows if any(row)}
