"""Today and now, in one place, so that a test or a rehearsal can set them (`ZHIBU_TODAY=2026-11-21`)."""

from __future__ import annotations

import os
from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    if fixed := os.environ.get("ZHIBU_TODAY"):
        return date.fromisoformat(fixed)
    return timezone.localdate()


def day_words(day: date, on: date | None = None) -> str:
    """11 月 30 日, with the year when it is not that of `on`, today. For sentences; tables show 2026-11-30."""
    year = "" if day.year == (on or today()).year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日"


def now() -> datetime:
    """The moment of entry. Always the real clock: backdating is impossible."""
    return timezone.now()


def moment(text: str) -> datetime:
    """A moment as it was written into a session (ISO 8601 with its offset)."""
    return datetime.fromisoformat(text)
