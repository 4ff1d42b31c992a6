"""Activity types and periods in the reader's words. Serves meaning only; no database."""

from __future__ import annotations

from datetime import date

from zhibu.web.regulations.words import event_words, words

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


def types_words(types: list[str]) -> str:
    """主题党日、党课"""
    return event_words(types)


def known(kind: str) -> bool:
    return kind in words()["events"]


def period_words(label: str, today: date) -> str:
    """`2026-11` → 11 月, `2026Q4` → 第四季度, `2026H1` → 上半年, `2026` → 2026 年; another year is named."""
    if ".." in label:
        first, last = label.split("..", 1)
        return f"{first} 至 {last}"
    year, rest = label[:4], label[4:]
    if not rest:
        return f"{year} 年"
    part = _part_of_year(rest)
    return part if year == str(today.year) else f"{year} 年{' ' if part[0].isdigit() else ''}{part}"


def _part_of_year(rest: str) -> str:
    if rest.startswith("Q"):
        return f"第{'一二三四'[int(rest[1]) - 1]}季度"
    if rest.startswith("H"):
        return ("上半年", "下半年")[int(rest[1]) - 1]
    return f"{int(rest.lstrip('-'))} 月"


def duty_words(label: str, title: str, today: date) -> str:
    """11 月主题党日"""
    return f"{period_words(label, today)}{title}"
