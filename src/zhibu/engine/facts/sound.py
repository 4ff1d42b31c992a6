"""Rows that need no loader: sure to be kept as they stand. Serves speed where a handful of rows changes.

`sound` promises nothing about other rows: what it does not vouch for goes the way of all facts (facts/load.py), which
types, rejects and gives the reasons. tests/engine/test_facts.py compares the two.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import AMOUNT, DAY, LIST, SHAPES, SUBJECTS, TEXT, WHOLE, Shape

_RULE = re.compile(r"[^/]+/[^/\n]+")
_ORDERS = (("valid_from", "valid_to"), ("from", "to"), ("held_on", "recorded_on"))


def sound(shape: Shape, row: Row) -> bool:
    """The loader would keep this row with these very values (days and amounts aside from their scale)."""
    for name, fits, required, least in _CHECKS[shape.name]:
        value = row.get(name)
        if value is None:
            if required or name not in row:
                return False
        elif not fits(value) or (least is not None and value < least):
            return False
    return _in_order(row) and (shape.name != "waivers" or _names_a_rule(row))


def _in_order(row: Row) -> bool:
    pairs = ((row.get(first), row.get(last)) for first, last in _ORDERS)
    return all(first is None or last is None or first <= last for first, last in pairs)


def _names_a_rule(row: Row) -> bool:
    return row["subject"] in SUBJECTS and _RULE.fullmatch(row["rule"]) is not None


def _text(value: Any) -> bool:
    return type(value) is str and value != ""


def _amount(value: Any) -> bool:
    if type(value) is not Decimal or not value.is_finite() or abs(value) >= 10**12:
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -18


_TYPES = {
    TEXT: _text,
    DAY: lambda value: type(value) is date,
    LIST: lambda value: type(value) is list and all(map(_text, value)),
    WHOLE: lambda value: type(value) is int and abs(value) < 10**18,
    AMOUNT: _amount,
}
_CHECKS = {
    name: [(column.name, _TYPES[column.type], column.required, column.least) for column in shape.columns]
    for name, shape in SHAPES.items()
}
