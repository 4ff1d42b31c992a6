"""Ids in the reader's words: activity types (`packs/words.yaml`) and periods. Serves meaning only; no database."""

from __future__ import annotations

from datetime import date
from functools import cache

import yaml
from django.conf import settings

# What any branch may hold, whether or not a rule asks for it today; the order is that of the form.
COMMON = (
    "theme_day",
    "committee_meeting",
    "general_meeting",
    "group_meeting",
    "party_lecture",
    "study",
    "discussion",
    "life_meeting",
    "appraisal",
    "talk",
    "preparation",
    "training",
)


@cache
def event_words() -> dict[str, str]:
    """id → word of every activity type. Without the file the ids themselves are shown."""
    path = settings.PACKS / "words.yaml"
    if not path.exists():
        return {}
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["words"]["events"])


def event_word(kind: str) -> str:
    return event_words().get(kind, kind)


def types_words(types: list[str]) -> str:
    """主题党日、党课"""
    return "、".join(event_word(kind) for kind in types)


def known(kind: str) -> bool:
    return kind in event_words() or kind in COMMON


def period_words(label: str, today: date) -> str:
    """`2026-11` → 11 月, `2026Q4` → 第四季度, `2026H1` → 上半年, `2026` → 2026 年; another year is named."""
    if ".." in label:
        first, last = label.split("..", 1)
        return f"{first} 至 {last}"
    year, rest = label[:4], label[4:]
    if not rest:
        return f"{year} 年"
    words = _part_of_year(rest)
    return words if year == str(today.year) else f"{year} 年{' ' if words[0].isdigit() else ''}{words}"


def _part_of_year(rest: str) -> str:
    if rest.startswith("Q"):
        return f"第{'一二三四'[int(rest[1]) - 1]}季度"
    if rest.startswith("H"):
        return ("上半年", "下半年")[int(rest[1]) - 1]
    return f"{int(rest.lstrip('-'))} 月"


def duty_words(label: str, title: str, today: date) -> str:
    """11 月主题党日"""
    return f"{period_words(label, today)}{title}"
