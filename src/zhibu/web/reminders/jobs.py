"""The worker reminds once the hours of some office have begun; `zhibu remind` does the same by hand or for a timer."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from zhibu.web.core import clock
from zhibu.web.reminders.models import FIRST, ReminderRule
from zhibu.web.reminders.run import run

WHY = "only the hours are read"


_begun: set[datetime] = set()  # the last hours that were served; forgotten when the worker is restarted


def turn(at: datetime | None = None) -> bool:
    """The worker's look; `at` as for `run`. True when hours have begun that were not served yet.

    Running once more after a restart tells nobody twice; a run that broke is tried again.
    """
    at = at or datetime.combine(clock.today(), timezone.localtime().time())
    hours = {FIRST, *ReminderRule.objects.unscoped(WHY).values_list("first", flat=True)}
    begun = max((datetime.combine(at.date(), one) for one in hours if one <= at.time()), default=None)
    if begun is None or begun in _begun:
        return False
    run(at)
    _begun.clear()
    _begun.add(begun)
    return True
