"""Whether a value is of the type its procedure asks for. Serves the meaning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from zhibu.engine.procedures.model import Procedure, Value
from zhibu.engine.rulebooks.model import Scalar

TYPES = {
    "date": "日期",
    "whole": "整数",
    "money": "金额",
    "text": "文字",
    "flag": "是或否",
    "choice": "所列各项之一",
}


def fits(value: Value, given: Scalar) -> bool:
    match value.type:
        case "date":
            return isinstance(given, date) and not isinstance(given, datetime)
        case "whole":
            return isinstance(given, int) and not isinstance(given, bool)
        case "money":
            return isinstance(given, (int, Decimal)) and not isinstance(given, bool) and Decimal(given).is_finite()
        case "text":
            return isinstance(given, str) and bool(given.strip())
        case "flag":
            return isinstance(given, bool)
        case "choice":
            return isinstance(given, str) and given in value.options


def fitting(procedure: Procedure, given: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """The values a version knows and can read; what has another type is as if it were not given."""
    known = {value.id: value for value in procedure.values}
    return {key: one for key, one in given.items() if key in known and fits(known[key], one)}


def wanted(value: Value) -> str:
    """What would be right, in words."""
    options = f"（{'、'.join(value.options.values())}）" if value.options else ""
    return f"“{value.title}”应是{TYPES[value.type]}{options}"
