"""What the pipeline does when it is told of a change."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from zhibu.web.core import turns
from zhibu.web.coverage.models import Unit
from zhibu.web.duties.models import Evaluation, Moved
from zhibu.web.pipeline.days import WHY
from zhibu.web.pipeline.evaluate import MANY, refresh
from zhibu.web.pipeline.judged_units import judge_units
from zhibu.web.pipeline.reassess import reassess


def facts_changed(organisations: frozenset[int], since: date | None) -> None:
    """Listener of `core.announce`: bring every evaluated year up to date for these organisations."""
    if len(organisations) > MANY:
        _all_again()
    else:
        reassess(organisations, since)


def units_changed(units: frozenset[int]) -> None:
    """Listener of `core.announce`: the verdicts on these units follow. A run under way looks there again."""
    if len(units) > MANY:
        _all_again()
        return
    turns.together()
    places = Unit.objects.unscoped(WHY).filter(pk__in=units).values_list("organisation", flat=True).distinct()
    Moved.objects.bulk_create([Moved(organisation_id=pk) for pk in places])
    judge_units(units, list(Evaluation.objects.order_by("year").values_list("year", flat=True)))


def _all_again() -> None:
    Moved.objects.create()
    Evaluation.objects.update(stale=True)  # should the run below fail, the worker does it within a minute
    transaction.on_commit(refresh, robust=True)
