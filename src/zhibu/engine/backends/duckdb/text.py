"""Names and values as SQL text: the one place where something from a rulebook enters a query. Serves safety."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhibu.engine.rulebooks.model import Scalar


def name(identifier: str) -> str:
    """A column's name, whatever it contains."""
    return '"' + identifier.replace('"', '""') + '"'


def identifiers(columns: list[str]) -> dict[str, str]:
    """A name in SQL for each column of a table. SQL does not tell A from a, so the later one gets a mark."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        unique = column
        while unique.lower() in taken:
            unique += "'"
        taken.add(unique.lower())
        given[column] = unique
    return given


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


def maybe_date(value: date | None) -> str:
    return literal(value) if value else "NULL::DATE"


def integer(value: Decimal, decimals: int) -> int:
    """`value` in units of 10^-decimals, exactly."""
    scaled = value.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more than {decimals} decimals")
    return int(scaled)


def decimals(*values: Decimal) -> int:
    """How many decimals are needed to write all of the values exactly."""
    exponents = [value.normalize().as_tuple().exponent for value in values]
    return max([0] + [-exponent for exponent in exponents if isinstance(exponent, int)])
