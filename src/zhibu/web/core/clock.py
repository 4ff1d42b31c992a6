"""Today and now, in one place, so that a test or a rehearsal can set them (`ZHIBU_TODAY=2026-11-21`)."""

from __future__ import annotations

import os
from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    if fixed := os.environ.get("ZHIBU_TODAY"):
        return date.fromisoformat(fixed)
    return timezone.localdate()


def now() -> datetime:
    """The moment of entry. Always the real clock: backdating is impossible."""
    return timezone.now()


def moment(text: str) -> datetime:
    """A moment as it was written into a session (ISO 8601 with its offset)."""
    return datetime.fromisoformat(text)
