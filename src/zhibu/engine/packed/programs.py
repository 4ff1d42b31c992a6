"""Conditions as short postfix programs over tables of codes (`columns.satisfying`). Serves speed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhibu.engine.packed import Unfit
from zhibu.engine.packed.columns import Coded, satisfying
from zhibu.engine.packed.native import Column, Leaf, Numbers, addresses, column
from zhibu.engine.rulebooks.model import All, Any, Condition, Not, Test

LEAF, AND, OR, NOT, CONST = range(5)
WAITING = 60  # values a program may hold at a time: bits of a word, less a few
Step = tuple[int, int]


class Programs:
    """The distinct conditions on one table. `place` numbers them; None (always true) is -1."""

    def __init__(self, of: Callable[[str], Coded]):
        self._of = of
        self._columns: dict[str, int] = {}
        self._leaves: dict[Test, int] = {}
        self._places: dict[Condition, int] = {}
        self._programs: list[list[Step]] = []
        self._coded: list[Coded] = []
        self._tables: list[Numbers] = []
        self._leaf_columns: list[int] = []

    def column(self, name: str) -> int:
        """The place of a column among those the kernel is given."""
        if name not in self._columns:
            self._coded.append(self._of(name))
            self._columns[name] = len(self._columns)
        return self._columns[name]

    def coded(self, name: str) -> Coded:
        return self._coded[self.column(name)]

    def place(self, condition: Condition | None) -> int:
        if condition is None:
            return -1
        if condition not in self._places:
            steps = self._steps(condition)
            self._programs.append(steps)
            self._places[condition] = len(self._programs) - 1
        return self._places[condition]

    def _steps(self, condition: Condition, waiting: int = 0) -> list[Step]:
        if waiting > WAITING:
            raise Unfit("a condition nested too deeply")
        match condition:
            case All(parts):
                return self._joined(parts, AND, waiting)
            case Any(parts):
                return self._joined(parts, OR, waiting)
            case Not(part):
                return [*self._steps(part, waiting), (NOT, 0)]
        return [(LEAF, self._leaf(condition))]

    def _joined(self, parts: tuple[Condition, ...], step: int, waiting: int) -> list[Step]:
        """Two at a time, so that many parts need no more room than two."""
        steps: list[Step] = [(CONST, int(step == AND))]
        for part in parts:
            steps += [*self._steps(part, waiting + 1), (step, 2)]
        return steps

    def _leaf(self, test: Test) -> int:
        if test not in self._leaves:
            place = self.column(test.column)
            self._tables.append(satisfying(test, self._coded[place]))
            self._leaf_columns.append(place)
            self._leaves[test] = len(self._leaves)
        return self._leaves[test]

    # --- for the kernel ---

    def columns(self) -> object:
        return (Column * (len(self._coded) + 1))(*(column(one.codes) for one in self._coded))

    def leaves(self) -> object:
        pairs = zip(addresses(list(self._tables)), self._leaf_columns, strict=False)
        return (Leaf * (len(self._tables) + 1))(*(Leaf(int(table), place) for table, place in pairs))

    def steps(self) -> tuple[Numbers, Numbers]:
        """(steps, first step of each program, with one more at the end)."""
        flat = [step for program in self._programs for step in program]
        ends = np.cumsum([0, *map(len, self._programs)], dtype=np.int64)
        return np.array(flat or [(CONST, 1)], np.int32), ends

    @property
    def count(self) -> int:
        return len(self._programs)
