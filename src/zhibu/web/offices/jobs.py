"""The January batch from the command line: `zhibu remind-terms`."""

from __future__ import annotations

from zhibu.web.access.queries import system_scope
from zhibu.web.core import clock
from zhibu.web.offices.terms import remind


def remind_year(year: int | None = None) -> int:
    """Remind everybody whose term ends in that year, this one by default. Returns how many; again: 0."""
    return len(remind(by=system_scope(), year=year or clock.today().year))
