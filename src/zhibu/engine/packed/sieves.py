"""Which rules a row may count for, as bits: for each code of a column, the rules it does not rule out. Serves speed.

A condition is mostly a list of parts that must all hold, each about one column: such a part is a table over the
column's codes, whatever stands in it. What is about several columns at once is left to programs.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from zhibu.engine.packed.columns import Coded, satisfying
from zhibu.engine.packed.native import Numbers, Sieve, addresses, at
from zhibu.engine.packed.programs import Programs, words
from zhibu.engine.rulebooks.model import All, Any, Condition, Not

BITS = 64  # rules in a word


def bits(rules_of: Sequence[Sequence[int]], rules: int) -> Numbers:
    """A row of words for each list of rules."""
    found = np.zeros((len(rules_of), words(rules)), np.uint64)
    for row, listed in enumerate(rules_of):
        for rule in listed:
            found[row, rule // BITS] |= _bit(rule)
    return found


def ruled_out(table: Numbers, rule: int, passed: Numbers) -> None:
    """Takes the rule's bit out of the rows of `table` that are not `passed`."""
    table[~passed.astype(bool), rule // BITS] &= ~_bit(rule)


def everything(rows: int, rules: int) -> Numbers:
    return np.full((rows, words(rules)), ~np.uint64(0))


def sieve(conditions: Sequence[Condition | None], programs: Programs) -> tuple[Sieve, list[Numbers]]:
    """The kernel's view of the conditions of all rules on a table, and the arrays it points into.

    What is left of a condition becomes one of `programs`.
    """
    tables: dict[int, Numbers] = {}
    left = np.full(max(len(conditions), 1), -1, np.int32)
    for rule, condition in enumerate(conditions):
        for part in _parts(condition):
            names = columns_of(part)
            if len(names) != 1:
                left[rule] = programs.place(condition)
                continue
            place = programs.column(names.pop())
            passed = holding(part, programs.columns[place])
            ruled_out(tables.setdefault(place, everything(len(passed), len(conditions))), rule, passed)
    column, pointers = np.array(list(tables) or [0], np.int64), addresses(list(tables.values()))
    view = Sieve(words(len(conditions)), len(tables), *(at(one) for one in (column, pointers, left)))
    return view, [column, pointers, left, *tables.values()]


def _bit(rule: int) -> np.uint64:
    return np.uint64(1 << rule % BITS)


def _parts(condition: Condition | None) -> Iterator[Condition]:
    """Conditions that must all hold."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _parts(part)
    elif condition is not None:
        yield condition


def columns_of(condition: Condition) -> set[str]:
    match condition:
        case All(parts) | Any(parts):
            return set().union(*map(columns_of, parts))
        case Not(part):
            return columns_of(part)
    return {condition.column}


def holding(condition: Condition, column: Coded) -> Numbers:
    """For each code of the column the condition is about, whether it holds."""
    match condition:
        case All(parts) | Any(parts):
            both = np.logical_and if isinstance(condition, All) else np.logical_or
            found = np.full(len(column.values) + 1, isinstance(condition, All))
            for part in parts:
                found = both(found, holding(part, column))
            return found
        case Not(part):
            return ~holding(part, column)
    return satisfying(condition, column).astype(bool)
