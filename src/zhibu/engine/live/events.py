"""The events of subjects by type, each woken when a rule asks for it: most changes concern a few of forty events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import ROW
from zhibu.engine.live.cells import Places
from zhibu.engine.live.resting import Groups, Resting


class Events:
    """Of the subjects of one kind, those recorded by `as_of`, by day held, then id."""

    def __init__(self, resting: Resting, identity: str, as_of: date):
        self._groups, self._cells, self._as_of = Groups(resting.table[identity]), resting.cells, as_of
        self._having = resting.cells.having("types")
        self._resting: dict[tuple[str, str], list[Row]] = {}  # by subject and type
        self._changed: dict[str, dict[int, Row | None]] = defaultdict(dict)  # by subject, then #row
        self._now: dict[tuple[str, str | None], list[Row]] = {}  # the same; without a type all events

    def of(self, identity: str, type_: str | None) -> list[Row]:
        """Those of a type; with None all."""
        found = self._now.get((identity, type_))
        if found is None:
            found = self._now[identity, type_] = self._found(identity, type_)
        return found

    def changed(self, identity: str) -> tuple[slice | Places, dict[int, Row | None]]:
        """The places of its rows in the table as opened; by `#row`, those that have come or (None) gone since."""
        return self._groups.places(identity), self._changed.get(identity, {})

    def reading(self, name: str) -> Callable[[int], Any]:
        """The cell of a column by place."""
        return self._cells.reading(name)

    def put(self, identity: str, row: Row, there: bool) -> None:
        """A row has come to this subject, or gone from it."""
        self._changed[identity][row[ROW]] = row if there else None
        for type_ in (None, *row["types"]):
            self._now.pop((identity, type_), None)

    def wake(self, identity: str, types: Iterable[str]) -> None:
        """Those of several types at once, for they will be asked for."""
        missing = [type_ for type_ in types if (identity, type_) not in self._resting]
        if missing:
            places = self._groups.places(identity)
            rows = self._rows(self._having.places(missing, places)) if self._having else []
            for type_ in missing:
                self._resting[identity, type_] = [row for row in rows if type_ in row["types"]]

    def _found(self, identity: str, type_: str | None) -> list[Row]:
        if type_ is None:
            resting = self._rows(self._groups.places(identity))
        else:
            self.wake(identity, [type_])
            resting = self._resting[identity, type_]
        changed = self._changed.get(identity)
        if not changed:
            return resting
        found = [row for row in resting if row[ROW] not in changed]
        come = [row for row in changed.values() if row is not None and row["recorded_on"] <= self._as_of]
        return sorted([*found, *[row for row in come if type_ is None or type_ in row["types"]]], key=by_day)

    def _rows(self, places: slice | Places) -> list[Row]:
        return sorted([row for row in self._cells.rows(places) if row["recorded_on"] <= self._as_of], key=by_day)


def by_day(event: Row) -> tuple[object, str]:
    return event["held_on"], event["event_id"]
