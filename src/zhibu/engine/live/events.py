"""The events of subjects by type, each woken when a rule asks for it: most changes concern a few of forty events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import ROW
from zhibu.engine.live.cells import Places
from zhibu.engine.live.resting import Groups, Resting

Key = tuple[str, str | None]  # subject; type, or None for all events
Awake = dict[Key, list[Row]]


class Events:
    """Of the subjects of one kind, those recorded by `as_of`, by day held, then id."""

    def __init__(self, resting: Resting, identity: str, as_of: date):
        self._groups, self._cells, self._as_of = Groups(resting.table[identity]), resting.cells, as_of
        self._having: dict[str, Callable[[slice | Places], Places]] = {}
        self._resting: Awake = {}
        self._changed: dict[str, dict[int, Row | None]] = defaultdict(dict)  # by subject, then #row
        self._now: Awake = {}

    def of(self, identity: str, type_: str | None) -> list[Row]:
        """Those of a type; with None all."""
        found = self._now.get((identity, type_))
        if found is None:
            found = self._now[identity, type_] = self._found(identity, type_)
        return found

    def put(self, identity: str, row: Row, there: bool) -> None:
        """A row has come to this subject, or gone from it."""
        self._changed[identity][row[ROW]] = row if there else None
        for type_ in (None, *row["types"]):
            self._now.pop((identity, type_), None)

    def _found(self, identity: str, type_: str | None) -> list[Row]:
        changed = self._changed.get(identity, {})
        found = [row for row in self._woken(identity, type_) if row[ROW] not in changed]
        come = (row for row in changed.values() if row is not None and row["recorded_on"] <= self._as_of)
        found += (row for row in come if type_ is None or type_ in row["types"])
        return sorted(found, key=by_day)

    def _woken(self, identity: str, type_: str | None) -> list[Row]:
        found = self._resting.get((identity, type_))
        if found is None:
            places = self._groups.places(identity)
            if type_ is not None:
                places = self._places(type_)(places)
            rows = self._cells.rows(places)
            found = self._resting[identity, type_] = [row for row in rows if row["recorded_on"] <= self._as_of]
        return found

    def _places(self, type_: str) -> Callable[[slice | Places], Places]:
        if type_ not in self._having:
            self._having[type_] = self._cells.having("types", type_)
        return self._having[type_]


def by_day(event: Row) -> tuple[object, str]:
    return event["held_on"], event["event_id"]
