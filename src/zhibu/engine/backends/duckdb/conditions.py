"""A bound condition as an SQL expression that is true or false, never null (engine.md section 1). Serves the meaning.

A float64 column means its shortest decimal, so a number is turned into the double on the right side of it before
it is compared; integers are compared with integers. No engine has to guess what 0.1 is.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.backends.duckdb.numbers import clamped
from zhibu.engine.backends.duckdb.text import identifiers, literal, name
from zhibu.engine.rulebooks.model import All, Any, Between, Condition, Equals, Has, Known, Not, OneOf, Scalar

ATTENDANCE = "attendance"
OPERATORS = {"min": ">=", "max": "<=", "more_than": ">", "less_than": "<"}


class Columns:
    """The columns of a table of facts, which the query calls `t`; attendance is among those of events."""

    def __init__(self, table: pa.Table, *, events: bool = False):
        self.types: dict[str, pa.DataType] = dict(zip(table.column_names, table.schema.types, strict=True))
        self.names = identifiers(table.column_names)
        self.attendance = events
        self.most = max(1, (pc.max(table["expected"]).as_py() or 1) if events else 1)

    def named(self, column: str) -> str:
        """With `t.`, because a fact's column may be called like something the query makes."""
        return "t." + name(self.names[column])

    def compare(self, column: str, operator: str, value: Scalar) -> str:
        if self.attendance and column == ATTENDANCE and isinstance(value, int | Decimal):
            return _attendance(operator, Fraction(value), self.most)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return f"coalesce({self.named(column)} {operator} {literal(value)}, FALSE)"
        return _number(self.named(column), self.types[column], operator, Decimal(value))

    def known(self, column: str) -> str:
        if self.attendance and column == ATTENDANCE:
            return "(t.present IS NOT NULL AND coalesce(t.expected > 0, FALSE))"
        return f"({self.named(column)} IS NOT NULL)"


def sql(condition: Condition | None, columns: Columns) -> str:
    match condition:
        case None:
            return "TRUE"
        case All(parts):
            return "(" + " AND ".join(["TRUE"] + [sql(part, columns) for part in parts]) + ")"
        case Any(parts):
            return "(" + " OR ".join(["FALSE"] + [sql(part, columns) for part in parts]) + ")"
        case Not(part):
            return f"(NOT {sql(part, columns)})"
        case Equals(column, value, _):
            return columns.compare(column, "=", value)
        case OneOf(column, values, _):
            return "(" + " OR ".join(["FALSE"] + [columns.compare(column, "=", value) for value in values]) + ")"
        case Between():
            return _between(condition, columns)
        case Known(column, known, _):
            return columns.known(column) if known else f"(NOT {columns.known(column)})"
        case Has(column, value, _):
            return f"coalesce(list_contains({columns.named(column)}, {literal(value)}), FALSE)"


def _between(test: Between, columns: Columns) -> str:
    bounds: dict[str, Decimal | date | None] = {key: getattr(test, key) for key in OPERATORS}
    tests = [columns.compare(test.column, OPERATORS[key], bound) for key, bound in bounds.items() if bound is not None]
    return "(" + " AND ".join(tests or [columns.known(test.column)]) + ")"


def _number(column: str, type_: pa.DataType, operator: str, value: Decimal) -> str:
    """A column of numbers against an exact number, in the column's own type; decimals are whole numbers of units."""
    if pa.types.is_floating(type_):
        operator, double = _double(operator, value)
        return f"coalesce({column} {operator} '{double!r}'::DOUBLE, FALSE)" if operator else "FALSE"
    scale = type_.scale if pa.types.is_decimal(type_) else 0
    operator, whole = _whole(operator, Fraction(value) * 10**scale)
    return f"coalesce({column} {operator} {whole}::HUGEINT, FALSE)" if operator else "FALSE"


def _whole(operator: str, value: Fraction) -> tuple[str, int]:
    """The same test with a whole number; no operator where no integer can pass it."""
    below = math.floor(value)
    if below == value:
        return operator, clamped(below)
    return {"=": "", ">=": ">", ">": ">", "<=": "<=", "<": "<="}[operator], clamped(below)


def _double(operator: str, value: Decimal) -> tuple[str, float]:
    """The same test with a double. Where `value` is no double's shortest decimal, its neighbour stands in for it."""
    nearest = float(value)
    shortest = Decimal(repr(nearest))
    if shortest == value:
        return operator, nearest
    strict = {"=": "", ">=": ">", ">": ">", "<=": "<=", "<": "<="}
    loose = {"=": "", ">=": ">=", ">": ">=", "<=": "<", "<": "<"}
    return (strict if shortest < value else loose)[operator], nearest


def _attendance(operator: str, value: Fraction, most: int) -> str:
    """present ÷ expected against a number, multiplied out so that nothing is rounded.

    The ratios of numbers up to `most` have the nearest of them stand in for `value`: none lies between the two.
    """
    near = value.limit_denominator(most)
    if near != value:
        strict = {"=": "", ">=": ">", ">": ">", "<=": "<=", "<": "<="}
        loose = {"=": "", ">=": ">=", ">": ">=", "<=": "<", "<": "<"}
        operator = (strict if near < value else loose)[operator]
    if not operator:
        return "FALSE"
    left, right = near.denominator, clamped(near.numerator)
    return (
        "coalesce(t.expected > 0 AND "
        f"t.present::HUGEINT * {left}::HUGEINT {operator} t.expected::HUGEINT * {right}::HUGEINT, FALSE)"
    )
