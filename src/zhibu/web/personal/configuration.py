"""Terms and texts: `data/settings.yaml`, and what the installation says otherwise, never below the floors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FILE = Path(__file__).parent / "data" / "settings.yaml"
GRADES = {"text": "见到原文", "secondary": "二手来源", "memory": "凭记忆，待核对", "ours": "本系统的建议，没有法定数字"}
KEYS = {"answer_days", "refusals", "retention"}


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the table of terms. `days` is null where another part of the system does it."""

    key: str
    what: str
    does: str  # delete, blank, elsewhere
    model: str
    age: str
    days: int | None
    floor: int
    columns: tuple[str, ...]
    by: str
    why: str
    grade: str

    @property
    def grade_words(self) -> str:
        return GRADES[self.grade]


@dataclass(frozen=True, slots=True)
class Refusal:
    key: str
    word: str
    text: str
    source: str
    grade: str


def answer_by(asked_on: date) -> date:
    """The last day to answer a request (calendar days)."""
    return asked_on + timedelta(days=_whole(_told(), "answer_days"))


def terms() -> list[Term]:
    """The table of terms of this installation. Raises ImproperlyConfigured below a floor or for an unknown word."""
    return [_term(key, told) for key, told in _told()["retention"].items()]


def refusals() -> Mapping[str, Refusal]:
    return {key: Refusal(key, **told) for key, told in _told()["refusals"].items()}


def _told() -> dict[str, Any]:
    told = yaml.safe_load(FILE.read_text("utf-8"))
    own = Path(settings.PERSONAL)
    given = yaml.safe_load(own.read_text("utf-8")) or {} if own.exists() else {}
    strange = sorted(set(given) - KEYS) if isinstance(given, dict) else [str(given)]
    if strange:
        raise ImproperlyConfigured(f"{own.name}：只能写 {'、'.join(sorted(KEYS))}，不认识 {strange[0]}")
    most = told["answer_days_most"]
    told["answer_days"] = given.get("answer_days", told["answer_days"])
    if not 1 <= _whole(told, "answer_days") <= most:
        raise ImproperlyConfigured(f"{own.name}：answer_days 应在 1 到 {most} 之间")
    told["refusals"] |= given.get("refusals") or {}
    for key, changes in (given.get("retention") or {}).items():
        told["retention"][key] = _changed(own.name, told["retention"].get(key), key, changes)
    return told


def _changed(file: str, told: dict[str, Any] | None, key: str, changes: Any) -> dict[str, Any]:
    """Only the number of days is the installation's to set."""
    if told is None or "days" not in told:
        raise ImproperlyConfigured(f"{file}：保存期限里没有 {key}，或者它不由这里设置")
    if not isinstance(changes, dict) or set(changes) != {"days"}:
        raise ImproperlyConfigured(f"{file}：{key} 写成 {{days: 天数}}")
    days, floor = _whole(changes, "days"), told.get("floor", 1)
    if days < floor:
        raise ImproperlyConfigured(f"{file}：{key} 不能少于 {floor} 天（{told['why']}），现为 {days}")
    return told | {"days": days}


def _whole(told: Mapping[str, Any], key: str) -> int:
    value = told[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise ImproperlyConfigured(f"{key} 应是整数天，现为“{value}”")
    return value


def _term(key: str, told: dict[str, Any]) -> Term:
    return Term(
        key=key,
        what=told["what"],
        does=told["does"],
        model=told.get("model", ""),
        age=told.get("age", ""),
        days=told.get("days"),
        floor=told.get("floor", 0),
        columns=tuple(told.get("columns", ())),
        by=told.get("by", ""),
        why=told["why"],
        grade=told["grade"],
    )
