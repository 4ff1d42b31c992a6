"""Conditions over columns of codes, many rows at a time. Which codes satisfy a test, the reference says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhibu.engine.packed.columns import Coded, satisfying
from zhibu.engine.packed.native import Numbers
from zhibu.engine.rulebooks.model import All, Any, Condition, Not, Test

Rows = slice | Numbers


class Conditions:
    """On one table; each test is tried once on the distinct values of its column."""

    def __init__(self, of: Callable[[str], Coded]):
        self._of = of
        self._tables: dict[Test, Numbers] = {}

    def holds(self, condition: Condition | None, rows: Rows) -> Numbers:
        """A truth for each of the rows."""
        count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        match condition:
            case None | All(()):
                return np.ones(count, bool)
            case Any(()):
                return np.zeros(count, bool)
            case All(parts):
                return np.stack([self.holds(part, rows) for part in parts]).all(axis=0)
            case Any(parts):
                return np.stack([self.holds(part, rows) for part in parts]).any(axis=0)
            case Not(part):
                return ~self.holds(part, rows)
        column = self._of(condition.column)
        if condition not in self._tables:
            self._tables[condition] = satisfying(condition, column).astype(bool)
        return self._tables[condition][np.asarray(column.codes[rows])]
