"""Some subjects that follow one another, with their rows of history and their events. Numbers count from the first."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.rules import Asked, Prepared
from zhibu.engine.rulebooks.model import Condition


class Chunk:
    def __init__(self, plan: Prepared, first: int, last: int):
        subjects = plan.compiled.subjects
        self.plan, self.first, self.count = plan, first, last - first
        self.row_of = np.asarray(subjects.row_of[first : last + 1]) - subjects.row_of[first]
        self.rows = slice(int(subjects.row_of[first]), int(subjects.row_of[last]))
        self.row_owner = np.repeat(np.arange(self.count), np.diff(self.row_of))
        self.valid_from, self.valid_to, self.born, self.gone = (
            np.asarray(one[self.rows]) for one in (subjects.valid_from, subjects.valid_to, subjects.born, subjects.gone)
        )
        self.event_of = np.asarray(subjects.events.of[first : last + 1])
        self.events = slice(int(self.event_of[0]), int(self.event_of[-1]))
        self.as_of = int(plan.compiled.struct.as_of)

    # --- events ---

    def _column(self, codes: Numbers) -> Numbers:
        return np.asarray(codes[self.events])

    @cached_property
    def owner(self) -> Numbers:
        return np.repeat(np.arange(self.count), np.diff(self.event_of))

    @cached_property
    def held(self) -> Numbers:
        return self._column(self.plan.compiled.subjects.events.held)

    @cached_property
    def recorded(self) -> Numbers:
        return self._column(self.plan.compiled.subjects.events.recorded)

    @cached_property
    def made(self) -> Numbers:
        """Codes of the periods that events make up."""
        return self._column(self.plan.compiled.subjects.events.table.column("makes_up").codes)

    @cached_property
    def _by_type(self) -> tuple[Numbers, Numbers]:
        """The events that are seen, those of each code of types together, and where each code's begin."""
        column = self.plan.compiled.subjects.events.table.column("types")
        types = self._column(column.codes)
        order = np.argsort(types, kind="stable")
        seen = self.recorded < self.plan.compiled.struct.seen
        if not seen.all():
            order = order[seen[order]]
        return order, np.searchsorted(types[order], np.arange(len(column.values) + 2))

    def of_types(self, codes: list[int]) -> Numbers:
        order, starts = self._by_type
        parts = [order[starts[code] : starts[code + 1]] for code in codes]
        return np.concatenate(parts) if len(parts) != 1 else parts[0]

    def hits(self, asked: Asked, rows: Numbers) -> Numbers:
        """The events that satisfy a rule's `needs`, whenever; `rows` are those it applies to."""
        found = self.of_types(asked.wanted) if asked.wanted and len(rows) else np.zeros(0, np.int64)
        if 2 * len(rows) < self.count:
            applies = np.zeros(self.count, bool)
            applies[self.row_owner[rows]] = True
            found = found[applies[self.owner[found]]]
        needs = asked.bound.rule.needs
        if needs is None or needs.where is None:
            return found
        return found[self.plan.events.holds(needs.where, found + self.events.start)]

    # --- rows ---

    def holding(self, condition: Condition | None) -> Numbers:
        return self.plan.rows.holds(condition, self.rows)

    def spread(self, subjects: Numbers) -> tuple[Numbers, Numbers]:
        """Each subject with each of its rows: places in `subjects`, rows."""
        return spread(self.row_of[subjects], self.row_of[subjects + 1])


def spread(starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """Ranges written out: which range, which number of it."""
    counts = ends - starts
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts - starts, counts)
