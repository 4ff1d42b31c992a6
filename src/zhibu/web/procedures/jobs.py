"""Once a day the lists are brought up to the day: what was early is now due, a new version is in force."""

from __future__ import annotations

from django.db.models import Q

from zhibu.web.core import clock
from zhibu.web.procedures import keeping
from zhibu.web.procedures.models import Case


def turn() -> bool:
    """The worker's look. True when there was something to do."""
    rows = Case.objects.unscoped("lists follow the day").filter(ended_on=None)
    if not rows.filter(Q(stood_on=None) | Q(stood_on__lt=clock.today())).exists():
        return False
    keeping.refresh()
    return True
