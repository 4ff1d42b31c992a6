"""What is over goes, by the table of terms (`configuration.terms`): once a day by the worker, or as a rehearsal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.personal import erasing, tombstones
from zhibu.web.personal.configuration import Term, terms
from zhibu.web.personal.models import Run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """What one term lets go: how many rows, and the oldest of them."""

    term: Term
    before: date
    count: int
    oldest: str


def due() -> Iterator[Due]:
    """What would go now. Changes nothing."""
    for term in terms():
        if term.days is not None:
            before, rows = _before(term), _rows(term)
            oldest = rows.order_by(term.age).values_list(term.age, flat=True).first()
            yield Due(term, before, rows.count(), str(oldest)[:10] if oldest else "")


def clear() -> Run:
    """Let it go, in one transaction with its audit line."""
    with transaction.atomic():
        done = {term.key: _clear(term) for term in terms() if term.days is not None}
        run = Run.objects.create(on=clock.today(), done=done)
        gone = {key: count for key, count in done.items() if count}
        write(
            by=None, action="retention.clear", sentence=f"到期清理 {run.rows} 条", thing=run, organisation=None,
            new=gone, happened_on=run.on,
        )  # fmt: skip
    return run


def turn() -> bool:
    """The worker's look: once a day. The list for restored backups comes first: what was erased stays erased."""
    if Run.objects.filter(on=clock.today()).exists():
        return False
    try:
        tombstones.replay()
        tombstones.keep()
        clear()
    except (ImproperlyConfigured, tombstones.Unreadable, OSError) as error:  # the worker's other work goes on
        log.error("到期清理没有做：%s", error)
        return False
    return True


def last() -> Run | None:
    return Run.objects.order_by("-on", "-pk").first()


def _clear(term: Term) -> int:
    rows = _rows(term)
    if term.does == "blank":
        return erasing.blank(rows, list(term.columns))
    count = rows.count()
    rows.delete()
    return count


def _rows(term: Term) -> QuerySet:
    """The rows whose term is over; of those to blank, the ones that still hold something."""
    model = apps.get_model(term.model)
    rows = model._base_manager.filter(**{f"{term.age}__lt": _bound(term)})
    if term.does != "blank":
        return rows
    held = Q(pk__in=[])
    for name in term.columns:
        held |= _holds(model._meta.get_field(name))
    return rows.filter(held)


def _holds(column: models.Field) -> Q:
    """The column has a value that a person could read."""
    if column.null:
        return Q(**{f"{column.name}__isnull": False})
    if column.unique:
        return ~Q(**{f"{column.name}__startswith": "gone-"})
    return ~Q(**{column.name: erasing.empty(column)})


def _before(term: Term) -> date:
    return clock.today() - timedelta(days=term.days or 0)


def _bound(term: Term) -> Any:
    """The first moment that stays: the clock's today decides, so that a rehearsal can set it."""
    *_, column = _road(apps.get_model(term.model), term.age)
    before = _before(term)
    if isinstance(column, models.DateTimeField):
        return timezone.make_aware(datetime.combine(before, time.min))
    return before


def _road(model: type[models.Model], path: str) -> Iterator[models.Field]:
    for step in path.split("__"):
        column = model._meta.get_field(step)
        yield column
        model = column.related_model or model
