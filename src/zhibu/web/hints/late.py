"""Entry long after the activity: after the office's number of days; where no office has said one, after the days that
the published rules allow for writing down, counted from the end of the month. Neither there: nothing is asked."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cached_property

from zhibu.web.hints.models import LateBound
from zhibu.web.organisations.models import Organisation
from zhibu.web.organisations.tree import ancestor_paths
from zhibu.web.records.models import Record
from zhibu.web.regulations.queries import books_in_force, rules_by_name

WHY = "the bound of a superior holds below it"


class Bounds:
    """The bounds of all offices and rules, read once for many records."""

    @cached_property
    def days(self) -> dict[str, int]:
        """Tree path → days."""
        return dict(LateBound.objects.unscoped(WHY).values_list("organisation__path", "days"))

    @cached_property
    def grace(self) -> dict[str, int]:
        """Activity type → the most days a published rule allows for it."""
        found: dict[str, int] = {}
        given = {(rule.rulebook, rule.id): rule.grace for book in books_in_force() for rule in book.rules}
        for name, rule in rules_by_name().items():
            for kind in rule.types:
                found[kind] = max(found.get(kind, 0), given.get(name, 0))
        return found

    def of(self, organisation: Organisation) -> int | None:
        """The office's number of days: the nearest superior's."""
        paths = [organisation.path, *reversed(list(ancestor_paths(organisation.path)))]
        return next((self.days[path] for path in paths if path in self.days), None)

    def last_day(self, record: Record) -> date | None:
        """The last day on which an entry is not asked about."""
        if (days := self.of(record.organisation)) is not None:
            return record.held_on + timedelta(days=days)
        held = record.held_on
        graces = [self.grace[kind] for kind in record.types if kind in self.grace]
        month = date(held.year, held.month, calendar.monthrange(held.year, held.month)[1])
        return month + timedelta(days=max(graces)) if graces else None

    def passed(self, record: Record) -> bool:
        """Books of former years that are imported were never meant to be in time."""
        if record.source != "web":
            return False
        last = self.last_day(record)
        return last is not None and record.recorded_on > last
