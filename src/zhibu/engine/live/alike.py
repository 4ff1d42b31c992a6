"""Codes for values that no row had when the live state opened: that of a value which every test answers alike.

Of most columns the rules ask nothing but tests: to them an attendance of 17 of 23 is what one of 3 of 4 is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from zhibu.engine.conditions import Row, exact, holds
from zhibu.engine.packed.columns import Coded, satisfying
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After, Anchored, Basis, Between, Equals, Has, OneOf, Rule, Test
from zhibu.engine.uses import of_rule

Code = Callable[[Row], int | None]  # of a cell of the row; None where it has no code
MANY = 100_000  # values that came later
AMOUNTS = {"days": "days", "hours": "hours", "topics": "topics", "people": "person_id"}


def asking(bounds: Iterable[Bound], table: str) -> dict[str, list[Test]]:
    """By column of the table, the tests on it."""
    found: dict[str, list[Test]] = {}
    for bound in bounds:
        for use in of_rule(bound.rule):
            if use.table == table and use.test is not None:
                found.setdefault(use.column, []).append(use.test)
        if table == "events":
            found.setdefault("types", []).extend(_types(bound.rule))
    return {name: list(dict.fromkeys(tests)) for name, tests in found.items() if tests}


def _types(rule: Rule) -> list[Test]:
    clock = rule.clock.event if isinstance(rule.clock, After) else None
    wanted = [*(rule.needs.event if rule.needs else ()), *([clock] if clock else [])]
    return [Has("types", one, rule.place) for one in wanted]


def exactly(bounds: Iterable[Bound]) -> set[str]:
    """The columns whose values do more than answer tests: dates of clocks, bases, amounts, what is made up."""
    found = {"makes_up"}
    for bound in bounds:
        clock, needs = bound.rule.clock, bound.rule.needs
        if isinstance(clock, (After, Anchored)) and clock.column:
            found.add(clock.column)
        if needs and isinstance(needs.at_least, Basis):
            found.add(needs.at_least.column)
        if needs and needs.measure in AMOUNTS:
            found.add(AMOUNTS[needs.measure])
    return found


def beside(tests: Iterable[Test]) -> Iterator[Any]:
    """Values that answer the tests in every way that one value can, whatever values a column has."""
    asked = {exact(value) for test in tests for value in _operands(test) if type(value) is not bool}
    ordered = sorted(asked, key=lambda one: (str(type(one)), one))
    for place, one in enumerate(ordered):
        yield one
        if isinstance(one, date):
            yield from (one + timedelta(more) for more in (-1, 1) if date.min < one < date.max)
        elif isinstance(one, str):
            yield one + " "
        else:
            yield from (one - 1, (one + ordered[place + 1]) / 2 if place + 1 < len(ordered) else one + 1)


def _operands(test: Test) -> list[Any]:
    match test:
        case Equals(value=value) | Has(value=value):
            return [value]
        case OneOf(values=values):
            return list(values)
        case Between():
            return [one for one in (test.min, test.max, test.more_than, test.less_than) if one is not None]
    return []


def alike(coded: Coded, tests: list[Test], cell: Callable[[Row], Any], known: dict[Any, int]) -> Code:
    """`known`: codes by value; grows by those found, up to a number. A list is a tuple there."""
    answers = np.array([satisfying(test, coded) for test in tests], np.uint8).reshape(len(tests), -1).T
    different, codes = np.unique(answers, axis=0, return_index=True)
    classes = {one.tobytes(): code for one, code in zip(different, codes.tolist(), strict=True)}
    most = len(known) + MANY

    def code(row: Row) -> int | None:
        value = cell(row)
        own = known.get(value)
        if own is None:
            own = classes.get(bytes([holds(test, row) for test in tests]))
            if own is not None and len(known) < most:
                known[value] = own
        return own

    return code
