"""Nightly: old trials go. A draft that matters is in its author's hands."""

from __future__ import annotations

from datetime import timedelta

from zhibu.web.assessment.models import Trial
from zhibu.web.assessment.trials import forget
from zhibu.web.core import clock

KEPT = timedelta(days=60)


def forget_trials() -> int:
    """Remove trials older than two months with their lists. Returns how many."""
    old = list(Trial.objects.unscoped("old trials go").filter(created_at__lt=clock.now() - KEPT))
    for trial in old:
        forget(trial)
        trial.delete()
    return len(old)
