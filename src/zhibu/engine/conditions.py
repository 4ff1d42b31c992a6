"""Whether a condition holds on a row: two-valued logic, a test on a null is false. Serves the meaning."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any as Cell

from zhibu.engine.facts.numbers import number
from zhibu.engine.rulebooks.model import All, Any, Between, Condition, Equals, Has, Known, Not, OneOf

Row = Mapping[str, Cell]


def holds(condition: Condition | None, row: Row) -> bool:
    """True when there is no condition. Operands have the type of their column (binding saw to that)."""
    match condition:
        case None:
            return True
        case All(parts):
            return all(holds(part, row) for part in parts)
        case Any(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Known(column, known):
            return (cell(row, column) is not None) == known
    value = cell(row, condition.column)
    return value is not None and _test(condition, value)


def _test(test: Equals | OneOf | Between | Has, value: Cell) -> bool:
    match test:
        case Equals(value=wanted):
            return bool(value == exact(wanted))
        case OneOf(values=wanted):
            return value in [exact(one) for one in wanted]
        case Has(value=wanted):
            return wanted in value
        case Between():
            return _between(test, value)


def _between(test: Between, value: Cell) -> bool:
    return (
        (test.min is None or value >= exact(test.min))
        and (test.max is None or value <= exact(test.max))
        and (test.more_than is None or value > exact(test.more_than))
        and (test.less_than is None or value < exact(test.less_than))
    )


def cell(row: Row, column: str) -> Cell:
    """The value of a column, numbers exact; `attendance` of an event is computed."""
    if column == "attendance" and "event_id" in row:
        return attendance(row)
    return exact(row.get(column))


def attendance(event: Row) -> Fraction | None:
    """present ÷ expected; None when either is null or expected is 0."""
    if event["present"] is None or not event["expected"]:
        return None
    return Fraction(event["present"], event["expected"])


def exact(value: Cell) -> Cell:
    """Numbers as fractions; text, days, flags and lists as they are."""
    if type(value) is str or isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return value
    return number(value)
