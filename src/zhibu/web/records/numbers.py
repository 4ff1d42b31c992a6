"""Numbers of records: `2026-000123`, given in order within a year."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from zhibu.web.records.models import Series


@transaction.atomic(savepoint=False)
def take(year: int, count: int = 1) -> list[str]:
    """The next `count` numbers of a year. The series' row stays locked until the caller's transaction ends."""
    series = Series.objects.filter(name=str(year))
    if not series.update(last=F("last") + count):
        Series.objects.get_or_create(name=str(year))  # another may have begun the year at the same moment
        series.update(last=F("last") + count)
    last = series.values_list("last", flat=True).get()
    return [f"{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
