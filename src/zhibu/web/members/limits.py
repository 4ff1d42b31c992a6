"""How often one person may come near whole numbers in 24 hours, whatever their posts (OWASP ASVS 5.0, 2.4.1).

`settings.NUMBERS` holds the figures; an operator may lower or raise them, but never let more than 100 identity numbers
out without a second person (ASVS 2.3.5).
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from zhibu.web.accounts.models import User
from zhibu.web.core import clock
from zhibu.web.members.models import Look

DAY = timedelta(hours=24)
MOST_ALONE = 100  # identity numbers


def alone() -> int:
    """Numbers one person may export in 24 hours without a second one."""
    return min(settings.NUMBERS["exported_alone"], MOST_ALONE)


def used(user_id: int, kind: Look.Kind) -> int:
    """Acts of the last 24 hours; of exports, the numbers that went out without a second person."""
    rows = Look.objects.filter(user_id=user_id, kind=kind, at__gt=clock.now() - DAY)
    if kind == Look.Kind.EXPORT:
        return rows.filter(approved=False).aggregate(people=Sum("count"))["people"] or 0
    return rows.count()


def reached(user_id: int, kind: Look.Kind) -> bool:
    """Whether one more would be too many. Locks the person, so that fifty requests at once count one after another."""
    User.objects.select_for_update().get(pk=user_id)
    most = {Look.Kind.OPEN: settings.NUMBERS["opened"], Look.Kind.FIND: settings.NUMBERS["found"]}
    return used(user_id, kind) >= most[kind]


def left_alone(user_id: int) -> int:
    """How many numbers the person may still export alone."""
    User.objects.select_for_update().get(pk=user_id)
    return max(0, alone() - used(user_id, Look.Kind.EXPORT))
