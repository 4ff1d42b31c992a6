"""An explanation as JSON: the same object, numbers exact (`1.5`, else `4/7`), days in ISO."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zhibu.engine.rulebooks.model import Rule
from zhibu.engine.trace.objects import Explanation
from zhibu.engine.trace.shares import ScoreExplanation
from zhibu.engine.verdict import Verdict


def as_json(found: Explanation | ScoreExplanation) -> str:
    kind = "verdict" if isinstance(found, Explanation) else "score"
    return json.dumps({"kind": kind, **_value(found)}, ensure_ascii=False, indent=2)


def _value(one: Any) -> Any:
    if isinstance(one, Rule):
        return {"name": one.name, "title": one.title, "subject": one.subject, "place": str(one.place)}
    if is_dataclass(one):
        found = {field.name: _value(getattr(one, field.name)) for field in fields(one)}
        return found | {name: _value(getattr(one, name)) for name in _shown(one)}
    if isinstance(one, Verdict):
        return {name: _value(part) for name, part in one._asdict().items()}
    if isinstance(one, (tuple, list)):
        return [_value(part) for part in one]
    if isinstance(one, Fraction):
        return exact(one)
    return str(one) if isinstance(one, (date, Decimal)) else one


def _shown(one: Any) -> tuple[str, ...]:
    """What is printed of it, and sums to the total."""
    if isinstance(one, ScoreExplanation):
        return ("floor_shown", "rounding", "total_shown")
    return ("shown",) if hasattr(type(one), "shown") else ()


def exact(value: Fraction) -> str:
    """A decimal where the number ends, else the fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return f"{Decimal(f'{(value * 10**places).numerator}E-{places}'):f}"
