"""The old and new values of a line in words: the columns' own labels and choices; `details.yaml` for what is no column.

A name or value that nothing explains is shown as it is: lines outlive the tables they tell of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from zhibu.web.audit import words
from zhibu.web.audit.models import Line

FILE = Path(__file__).with_name("details.yaml")


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a line, before and after. `name` is what the line calls it, `word` what a reader does."""

    name: str
    word: str
    old: Any
    new: Any
    changed: bool


@cache
def details() -> Mapping[str, Mapping[str, str]]:
    return yaml.safe_load(FILE.read_text("utf-8"))


def changes(line: Line) -> list[Change]:
    """old and new side by side, in the order of the new values."""
    old, new = line.old or {}, line.new or {}
    return [
        Change(
            name, label(line.thing, name), value(line.thing, name, old.get(name)),
            value(line.thing, name, new.get(name)), old.get(name) != new.get(name),
        )
        for name in dict.fromkeys([*new, *old])
    ]  # fmt: skip


def told(line: Line, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """`line.old` or `line.new` as {word: value in words}, for a workbook."""
    found: dict[str, Any] = {}
    for name, one in (values or {}).items():
        said = label(line.thing, name)
        found[f"{said}（{name}）" if said in found else said] = value(line.thing, name, one)
    return found


def label(thing: str, name: str) -> str:
    """(`records.record`, `topic`) → 主题"""
    column = _column(thing, name)
    said = str(column.verbose_name) if column is not None else ""
    if said and said != column.name.replace("_", " "):  # else nobody named the column, and Django made a name
        return said
    return details().get(name, {}).get("word", name)


def value(thing: str, name: str, said: Any) -> Any:
    """A choice's word, 是 or 否, an action's word; lists and what has names of its own piece by piece."""
    if isinstance(said, dict):
        return {key: value(thing, name, one) for key, one in said.items()}
    if isinstance(said, list):
        return [value(thing, name, one) for one in said]
    if isinstance(said, bool):
        return "是" if said else "否"
    if not isinstance(said, str):
        return said
    return _choices(thing, name).get(said) or words.word(said)


def _choices(thing: str, name: str) -> dict[Any, str]:
    column = _column(thing, name)
    if column is None and (path := details().get(name, {}).get("as")):
        column = _column(*path.rsplit(".", 1))
    return {key: str(word) for key, word in column.flatchoices} if column is not None else {}


def _column(thing: str, name: str) -> models.Field | None:
    try:
        found = apps.get_model(thing)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if isinstance(found, models.Field) else None
