"""Rows that hold from one day to another: both days are inclusive, a day that is missing is open."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def overlapping(first: date | None, last: date | None, *, starts: str = "starts_on", ends: str = "ends_on") -> Q:
    """Rows that hold on at least one day from `first` to `last`; None: no bound on that side."""
    begun = Q(**{f"{starts}__isnull": True}) | Q(**{f"{starts}__lte": last}) if last else Q()
    lasting = Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": first}) if first else Q()
    return begun & lasting


def held(on: date, *, starts: str = "starts_on", ends: str = "ends_on") -> Q:
    """Rows that hold on a day."""
    return overlapping(on, on, starts=starts, ends=ends)
