"""Conditions over bits: every test on a table has a bit, set by its column's code (`columns.satisfying`). Serves speed.

A condition becomes a short program in postfix. Most of what rules ask never comes here (sieves.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhibu.engine.packed import Unfit
from zhibu.engine.packed.columns import Coded, satisfying
from zhibu.engine.packed.native import Numbers, Tests, addresses, at
from zhibu.engine.rulebooks.model import All, Any, Condition, Not, Test

LEAF, AND, OR, NOT = range(4)
WAITING = 60  # values a program may hold at a time: bits of a word, less a few
WORDS = 8  # as in kernel.c
Step = tuple[int, int]


def words(count: int) -> int:
    """Words of 64 bits for so many bits, at least one."""
    return max(1, -(-count // 64))


class Programs:
    """The distinct conditions on one table. `place` numbers them; None (always true) is -1."""

    def __init__(self, of: Callable[[str], Coded]):
        self._of = of
        self._columns: dict[str, int] = {}
        self._coded: list[Coded] = []
        self._tests: dict[Test, int] = {}
        self._places: dict[Condition, int] = {}

    def column(self, name: str) -> int:
        """The place of a column among those the kernel is given."""
        if name not in self._columns:
            self._coded.append(self._of(name))
            self._columns[name] = len(self._columns)
        return self._columns[name]

    def coded(self, name: str) -> Coded:
        return self._coded[self.column(name)]

    @property
    def columns(self) -> list[Coded]:
        return self._coded

    def place(self, condition: Condition | None) -> int:
        if condition is None:
            return -1
        return self._places.setdefault(condition, len(self._places))

    def _bit(self, test: Test) -> int:
        self.column(test.column)
        return self._tests.setdefault(test, len(self._tests))

    def tests(self) -> tuple[Tests, list[Numbers]]:
        """The kernel's view, and the arrays it points into. Raises Unfit."""
        programs = [self._steps(condition) for condition in self._places]
        width = words(len(self._tests))
        if width > WORDS:
            raise Unfit("too many different tests on one table")
        tables = self._tables(width)
        steps = np.array([step for program in programs for step in program] or [(LEAF, 0)], np.int32)
        step_of = np.cumsum([0, *map(len, programs)], dtype=np.int64)
        column, pointers = np.array(list(tables) or [0], np.int64), addresses(list(tables.values()))
        arrays: list[Numbers] = [column, pointers, steps, step_of]
        view = Tests(width, len(tables), len(programs), *(at(one) for one in arrays))
        return view, [*arrays, *tables.values()]

    def _tables(self, width: int) -> dict[int, Numbers]:
        """By tested column: the bits of its tests for each code."""
        tables: dict[int, Numbers] = {}
        for test, bit in self._tests.items():
            place = self.column(test.column)
            found = satisfying(test, self._coded[place])
            table = tables.setdefault(place, np.zeros((len(found), width), np.uint64))
            table[:, bit // 64] |= found.astype(np.uint64) << np.uint64(bit % 64)
        return tables

    def _steps(self, condition: Condition, waiting: int = 0) -> list[Step]:
        match condition:
            case All(parts) | Any(parts):
                if waiting + len(parts) > WAITING:
                    raise Unfit("a condition with too many parts")
                steps = [step for place, part in enumerate(parts) for step in self._steps(part, waiting + place)]
                return [*steps, (AND if isinstance(condition, All) else OR, len(parts))]
            case Not(part):
                return [*self._steps(part, waiting), (NOT, 0)]
        return [(LEAF, self._bit(condition))]
