"""Nightly: every file has its row and every row its file."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import batched

from zhibu.web.core import clock
from zhibu.web.files import store
from zhibu.web.files.models import Attachment

GRACE = timedelta(hours=24)  # an upload that is just being stored has a file and no row yet
WHY = "every file has its row and every row its file"
log = logging.getLogger(__name__)


def sweep() -> tuple[int, int]:
    """Remove strays, files without a row; tell of rows without a file. Returns (removed, missing)."""
    removed = 0
    for some in batched(store.files((clock.now() - GRACE).timestamp()), 500):
        kept = set(Attachment.objects.unscoped(WHY).filter(stored__in=some).values_list("stored", flat=True))
        for stray in set(some) - kept:
            store.drop(stray)
            removed += 1
    missing = [one for one in Attachment.objects.unscoped(WHY).iterator() if not store.path(one.stored).exists()]
    for one in missing:
        log.error("attachment %s of %s %s has no file", one.pk, one.thing, one.thing_id)
    return removed, len(missing)
