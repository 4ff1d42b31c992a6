"""An office's file of minutes by rule, who estimated them and when: `forms/minutes.yaml` beside its rulebooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from zhibu.web.burden.estimates import rule_key
from zhibu.web.burden.models import MOST

NAME = "forms/minutes.yaml"
LONGEST = 1_000_000  # bytes
RIGHT = "应有 minutes（谁估的）、estimated_on（哪天）、rules（规则书/规则: 分钟）"


class Unreadable(ValueError):
    """`str()` is the sentence for who wrote the file."""


@dataclass(frozen=True, slots=True)
class Book:
    who: str
    on: date
    note: str
    minutes: dict[str, int]  # by key


def found(paths: Iterable[Path]) -> list[Path]:
    """The files that lie in the folders given and below them."""
    return sorted({file for path in paths if path.is_dir() for file in path.rglob("minutes.yaml") if _is_one(file)})


def _is_one(file: Path) -> bool:
    return file.as_posix().endswith(f"/{NAME}")


def read(path: Path) -> Book:
    """Raises Unreadable."""
    try:
        content = path.read_bytes()
        told = yaml.safe_load(content.decode("utf-8-sig")) if len(content) <= LONGEST else None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise Unreadable(f"{path}: 读不出来（{type(error).__name__}）。{RIGHT}") from error
    if not isinstance(told, dict) or not isinstance(told.get("rules"), dict):
        raise Unreadable(f"{path}: {RIGHT}")
    who, on = told.get("minutes"), told.get("estimated_on")
    if not (isinstance(who, str) and 0 < len(who) <= 120 and type(on) is date):
        raise Unreadable(f"{path}: minutes 写估时的单位，estimated_on 写日期，如 2026-01-05")
    return Book(who, on, str(told.get("note") or "")[:120], dict(_line(path, *one) for one in told["rules"].items()))


def _line(path: Path, name: Any, value: Any) -> tuple[str, int]:
    if not (isinstance(name, str) and name.count("/") == 1 and len(name) <= 130):
        raise Unreadable(f"{path}: “{name}”应写成 规则书/规则，如 branch-life/theme-day")
    if type(value) is not int or not 1 <= value <= MOST:
        raise Unreadable(f"{path}: “{name}”的分钟是 {value!r}，应是 1 到 {MOST} 的整数")
    return rule_key(*name.split("/")), value
