"""Conditions in Chinese, and why a row does not satisfy one. Serves the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.conditions import Row, cell, holds
from zhibu.engine.rulebooks.model import All, Any, Between, Condition, Equals, Has, Known, Not, OneOf, Test

Words = Mapping[str, str]
DEFAULTS = {"attendance": "到会率", "expected": "应到人数", "present": "实到人数", "days": "天数", "hours": "学时"}


def plain(value: object, words: Words) -> str:
    """An id, a column or a value as words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(plain(one, words) for one in value) or "空"
    text = str(value)
    return words.get(text) or DEFAULTS.get(text) or text


def tidy(text: str) -> str:
    """No blank between a figure and a Chinese mark, none at the end."""
    return re.sub(r" (?=[，。）、]|$)", "", text)


def condition(one: Condition, words: Words) -> str:
    match one:
        case All(parts):
            return "，且".join(_inner(part, words) for part in parts) or "没有条件"
        case Any(parts):
            return "，或".join(_inner(part, words) for part in parts) or "这一列有值（现在全空）"
        case Not(Equals(column, value)) if not isinstance(value, bool):
            return f"{plain(column, words)}不是{_shown(column, value, words)}"
        case Not(part):
            return f"并非“{condition(part, words)}”"
    return test(one, words)


def _inner(part: Condition, words: Words) -> str:
    text = condition(part, words)
    return f"（{text}）" if isinstance(part, (All, Any)) and len(part.parts) > 1 else text


def test(one: Test, words: Words) -> str:
    column = plain(one.column, words)
    match one:
        case Equals(value=bool(value)):
            return column if value else f"并非“{column}”"
        case Equals(value=value):
            return f"{column}为{_shown(one.column, value, words)}"
        case OneOf(values=values):
            return f"{column}为{'、'.join(_shown(one.column, value, words) for value in values)}之一"
        case Known(known=known):
            return f"已登记{column}" if known else f"没有登记{column}"
        case Has(value=value):
            return f"{column}含{plain(value, words)}"
        case Between():
            return f"{column}{_bounds(one, words)}"


def _bounds(one: Between, words: Words) -> str:
    least = one.min if one.min is not None else one.more_than
    days = isinstance(least if least is not None else one.max if one.max is not None else one.less_than, date)
    names = ("不早于", "晚于", "不晚于", "早于") if days else ("不少于", "多于", "不多于", "少于")
    bounds = zip(names, (one.min, one.more_than, one.max, one.less_than), strict=True)
    return "且".join(f"{name}{_shown(one.column, value, words)}" for name, value in bounds if value is not None)


def _shown(column: str, value: object, words: Words) -> str:
    if column == "attendance" and isinstance(value, (int, Decimal, Fraction)):
        return f" {float(value) * 100:.10g}% "
    return (
        f" {value} "
        if isinstance(value, (int, Decimal, Fraction, date)) and value not in (True, False)
        else plain(value, words)
    )


def failures(one: Condition | None, row: Row, words: Words) -> list[str]:
    """Which parts of a condition the row does not satisfy, each with the value it has."""
    if one is None or holds(one, row):
        return []
    if isinstance(one, All):
        return [text for part in one.parts for text in failures(part, row, words)]
    if isinstance(one, (Any, Not)):
        return [f"要求{condition(one, words)}"]
    value = cell(row, one.column)
    got = "未填" if value is None else f"是{_shown(one.column, value, words)}"
    return [tidy(f"{plain(one.column, words)}{got}，要求{test(one, words)}")]
