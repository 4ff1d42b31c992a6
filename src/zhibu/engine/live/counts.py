"""How many verdicts of each status an organisation has of each rule: cell by cell, at rest until one changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhibu.engine.facts.cells import plain
from zhibu.engine.live.change import NONE, Counts, Name
from zhibu.engine.results import STATUSES

Numbers = npt.NDArray[np.int64]


class Table:
    """The cells of a table of roll-ups, in blocks, one for each organisation; a rule without verdicts has none."""

    def __init__(self, published: pa.Table):
        orgs, *name = (plain(published[one]).dictionary_encode() for one in ("org_id", "rulebook", "rule"))
        self.orgs: dict[str, int] = {org: place for place, org in enumerate(orgs.dictionary.to_pylist())}
        self.block: Numbers = orgs.indices.to_numpy().astype(np.int64)  # of each cell; ascending, the table is sorted
        self.starts: list[int] = np.searchsorted(self.block, np.arange(len(self.orgs) + 1)).tolist()
        books, rules = (one.dictionary.to_pylist() for one in name)
        pairs, self.rule = np.unique(
            name[0].indices.to_numpy() * np.int64(len(rules)) + name[1].indices.to_numpy(), return_inverse=True
        )
        self.names: list[Name] = [(books[pair // len(rules)], rules[pair % len(rules)]) for pair in pairs.tolist()]
        columns = [plain(published[one]).to_numpy() for one in STATUSES]
        self.counts = np.column_stack(columns).astype(np.int32)

    def without_below(self, parents: Mapping[str, str]) -> npt.NDArray[np.int32]:
        """The counts of the organisations alone, from those of all under them; `parents` by organisation."""
        above = np.full(len(self.orgs), -1, np.int64)
        for org, parent in parents.items():
            if org in self.orgs and parent in self.orgs:
                above[self.orgs[org]] = self.orgs[parent]
        under = np.flatnonzero(above[self.block] >= 0)
        rules = len(self.names)
        cells = self.block * rules + self.rule  # ascending too
        places = np.searchsorted(cells, above[self.block[under]] * rules + self.rule[under])
        alone = self.counts.copy()
        np.subtract.at(alone, places, self.counts[under])
        return alone


class Cells:
    """The numbers of a table as they are now."""

    def __init__(self, table: Table, counts: npt.NDArray[np.int32]):
        self._table, self._counts = table, counts
        self._rules = {name: number for number, name in enumerate(table.names)}
        self._changed: dict[str, dict[Name, Counts]] = defaultdict(dict)

    def of(self, org: str) -> dict[Name, Counts]:
        """By rule; a rule without verdicts is not there."""
        first, last = self._place(org)
        names = map(self._table.names.__getitem__, self._table.rule[first:last].tolist())
        found = dict(zip(names, map(tuple, self._counts[first:last].tolist()), strict=True))
        found |= self._changed.get(org, {})
        return {name: counts for name, counts in found.items() if any(counts)}

    def cell(self, org: str, name: Name) -> Counts:
        changed = self._changed.get(org)
        if changed is not None and name in changed:
            return changed[name]
        first, last = self._place(org)
        rules, number = self._table.rule[first:last].tolist(), self._rules.get(name)
        return tuple(self._counts[first + rules.index(number)].tolist()) if number in rules else NONE

    def put(self, org: str, name: Name, counts: Counts) -> None:
        self._changed[org][name] = counts

    def _place(self, org: str) -> tuple[int, int]:
        place = self._table.orgs.get(org)
        return (0, 0) if place is None else (self._table.starts[place], self._table.starts[place + 1])
