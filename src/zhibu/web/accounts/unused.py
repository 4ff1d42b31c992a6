"""Accounts that nobody uses any more (等保 访问控制: superfluous and stale accounts are removed or disabled in time).

`settings.UNUSED_DAYS` days after the last use (default 90, customary in assessments; 0: never) `access/unused.py`
disables them. Use is the last of these: a sign-in, the account made, its password set (a first one handed over), the
account enabled again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from zhibu.web.core import clock

DEFAULT, LEAST, AHEAD = 90, 30, 15  # days; AHEAD: listed so long before
USES = ("created_at", "last_login", "password_set_at", "switched_at")


def days(text: str) -> int:
    """`ZHIBU_UNUSED_DAYS`: 0 or 30 and more. Raises ValueError: a slip must not disable everybody in one night."""
    text = text.strip() or str(DEFAULT)
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and (int(text) == 0 or int(text) >= LEAST)):
        raise ValueError(
            f"ZHIBU_UNUSED_DAYS 应是 0（不自动停用）或 {LEAST} 到 9999 的天数，如 {DEFAULT}；现为“{text[:20]}”"
        )
    return int(text)


def listed_after() -> int:
    """Days without use after which an account is listed, some time before it is disabled."""
    return (settings.UNUSED_DAYS or DEFAULT) - AHEAD


def for_days(days: int) -> Q:
    """The accounts that are open and that nobody has used for so many days."""
    line = clock.now() - timedelta(days=days)
    found = Q(is_active=True, created_at__lt=line)
    for name in USES[1:]:
        found &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lt": line})
    return found


def last_used(user: Any) -> datetime:
    """The moment from which the days are counted."""
    return max(at for name in USES if (at := getattr(user, name)))


def ends_at(user: Any) -> datetime | None:
    """When it is disabled unless somebody signs in before; None: not, or it is already."""
    return last_used(user) + timedelta(days=settings.UNUSED_DAYS) if settings.UNUSED_DAYS and user.is_active else None
