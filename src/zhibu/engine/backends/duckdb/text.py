"""Names and values as SQL text: the one place where something from a rulebook enters a query. Serves safety."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.facts import ROW, SHAPES
from zhibu.engine.rulebooks.model import Scalar

FIXED = {column.name for shape in SHAPES.values() for column in shape.columns} | {ROW}


def name(identifier: str) -> str:
    """A column's name, whatever it contains."""
    return '"' + identifier.replace('"', '""') + '"'


def identifiers(columns: list[str]) -> dict[str, str]:
    """A name in SQL for each column of a table: its own if the engine gave it, else x and a number.

    SQL does not tell A from a, and a file's columns may be called anything.
    """
    return {column: column if column in FIXED else f"x{place}" for place, column in enumerate(columns)}


def literal(value: Scalar) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case int() | Decimal():
            return f"{Decimal(value):f}"


def integer(value: Decimal, decimals: int) -> int:
    """`value` in units of 10^-decimals, exactly."""
    scaled = Fraction(value) * 10**decimals
    if scaled.denominator != 1:
        raise ValueError(f"{value} has more than {decimals} decimals")
    return int(scaled)


def decimals(*values: Decimal) -> int:
    """How many decimals are needed to write all of the values exactly."""
    return max((_decimals(value) for value in values), default=0)


def _decimals(value: Decimal) -> int:
    """Not by `normalize`, which rounds to 28 digits."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0 or not any(digits):
        return 0
    zeros = next(place for place, digit in enumerate(reversed(digits)) if digit)
    return max(0, -exponent - zeros)
