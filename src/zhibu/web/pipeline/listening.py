"""What the pipeline does when it is told of a change."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from zhibu.web.duties.models import Evaluation, Moved
from zhibu.web.pipeline.evaluate import MANY, refresh
from zhibu.web.pipeline.reassess import reassess


def facts_changed(organisations: frozenset[int], since: date | None) -> None:
    """Listener of `core.announce`: bring every evaluated year up to date for these organisations."""
    if len(organisations) > MANY:
        Moved.objects.create()
        Evaluation.objects.update(stale=True)  # should the run below fail, the worker does it within a minute
        transaction.on_commit(refresh, robust=True)
    else:
        reassess(organisations, since)
