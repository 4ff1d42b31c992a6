"""Conditions over columns of codes, many rows at a time. What holds for a code, the reference says (sieves.py)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhibu.engine.packed.columns import Coded
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.sieves import columns_of, holding
from zhibu.engine.rulebooks.model import All, Any, Condition, Not

Rows = slice | Numbers


class Conditions:
    """On one table; a part that is about one column is tried once on each of its distinct values."""

    def __init__(self, of: Callable[[str], Coded]):
        self._of = of
        self._tables: dict[Condition, tuple[Numbers, Numbers]] = {}  # codes of the rows, truths of the codes

    def holds(self, condition: Condition | None, rows: Rows) -> Numbers:
        """A truth for each of the rows."""
        if condition is not None and len(columns_of(condition)) == 1:
            codes, truths = self._table(condition)
            return truths[np.asarray(codes[rows])]
        count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        match condition:
            case All(parts):
                return self._together(parts, rows, count).all(axis=0)
            case Any(parts):
                return self._together(parts, rows, count).any(axis=0)
            case Not(part):
                return ~self.holds(part, rows)
        return np.ones(count, bool)

    def _together(self, parts: tuple[Condition, ...], rows: Rows, count: int) -> Numbers:
        return np.array([self.holds(part, rows) for part in parts], bool).reshape(len(parts), count)

    def _table(self, condition: Condition) -> tuple[Numbers, Numbers]:
        if condition not in self._tables:
            (name,) = columns_of(condition)
            column = self._of(name)
            self._tables[condition] = column.codes, holding(condition, column)
        return self._tables[condition]
