"""Rules as plain values: two rules that ask the same have the same shape, wherever they stand and whatever called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass
from typing import Any

from zhibu.engine.rulebooks.model import Rule

WORDS = ("title", "source", "clause", "strength", "evidence", "status")  # what changes no number


def shape(rule: Rule, without: Collection[str] = ()) -> Any:
    return _shape(rule, {*WORDS, *without})


def _shape(value: Any, without: Collection[str] = ()) -> Any:
    """Places in files do not count, at any depth; `without` is left out at the top."""
    if is_dataclass(value):
        names = [one.name for one in fields(value) if one.name != "place" and one.name not in without]
        return type(value).__name__, [(name, _shape(getattr(value, name))) for name in names]
    return [_shape(one) for one in value] if isinstance(value, tuple) else value
