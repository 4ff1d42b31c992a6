"""What is counted over the events that belong to a period, and how much is needed. Serves the meaning."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from zhibu.engine.conditions import Row, exact
from zhibu.engine.facts.numbers import number
from zhibu.engine.rulebooks.model import Basis, Measure, Needs


def measured(measure: Measure, events: Iterable[Row]) -> Fraction:
    """The number of events, the sum of days or hours, or the number of distinct topics or people."""
    if measure == "count":
        return number(len(list(events)))
    if measure == "topics":
        return Fraction(len({topic for event in events for topic in event["topics"] or ()}))
    if measure == "people":
        return Fraction(len({event["person_id"] for event in events} - {None}))
    return added([number(event[measure] or 0) for event in events])


def added(values: list[Fraction]) -> Fraction:
    """At once: adding fractions one by one, each sum is brought to its lowest terms."""
    below = math.lcm(*[value.denominator for value in values])
    return Fraction(sum([value.numerator * (below // value.denominator) for value in values]), below)


def need(needs: Needs, row: Row) -> Fraction | None:
    """`at_least` for a subject's row; None when its basis column is null (no basis)."""
    if isinstance(needs.at_least, Decimal):
        return number(needs.at_least)
    value = exact(row.get(needs.at_least.column))
    return None if value is None else _based(needs.at_least.times, needs.at_least.round, value)


def double(value: Fraction) -> float:
    """The nearest double; beyond all of them, infinity."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def based(basis: Basis, value: Fraction) -> Fraction:
    """times × value, rounded up or down to a whole number where the rule says so."""
    return _based(basis.times, basis.round, value)


@lru_cache(maxsize=65536)
def _based(times: Decimal, rounded: str | None, value: Fraction) -> Fraction:
    product = Fraction(times) * value
    if rounded == "up":
        return Fraction(math.ceil(product))
    return Fraction(math.floor(product)) if rounded == "down" else product
