"""The facts of a plan as plain Python rows, found by subject: what the reference backend and explanations read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from datetime import date

import pyarrow.compute as pc

from zhibu.engine import periods
from zhibu.engine.conditions import Row, holds
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import After, Condition


class World:
    """Only events recorded by `as_of` are in it. With `only`, just that (subject, id)."""

    plan: Plan
    histories: dict[str, MutableMapping[str, list[Row]]]
    _events: dict[str, MutableMapping[str, list[Row]]]
    _waivers: MutableMapping[str, list[Row]]

    def __init__(self, plan: Plan, only: tuple[str, str] | None = None):
        self.plan, self.histories, self._events = plan, {}, {}
        kinds: Iterable[str] = [only[0]] if only else SUBJECTS
        for subject in kinds:
            table, identity, _, _ = SUBJECTS[subject]
            self.histories[subject] = self._by(table, identity, only and only[1])
            self._events[subject] = self._by("events", identity, only and only[1])
        self._waivers = self._by("waivers", "subject_id", only and only[1])

    @classmethod
    def of_rows(cls, plan: Plan, tables: Mapping[str, Iterable[Row]]) -> World:
        """From rows as `Facts` would hold them (facts/sound.py), instead of the plan's own facts."""
        world = cls.__new__(cls)
        world.plan, world.histories, world._events = plan, {}, {}
        seen = [row for row in tables.get("events", ()) if row["recorded_on"] <= plan.as_of]
        seen.sort(key=lambda row: (row["held_on"], row["event_id"]))
        for subject, (table, identity, _, _) in SUBJECTS.items():
            world.histories[subject] = _by(tables.get(table, ()), identity)
            world._events[subject] = _by(seen, identity)
        world._waivers = _by(tables.get("waivers", ()), "subject_id")
        return world

    def _by(self, table: str, identity: str, only: str | None) -> dict[str, list[Row]]:
        rows = self.plan.facts[table]
        if table == "events":
            rows = rows.filter(pc.less_equal(rows["recorded_on"], self.plan.as_of))
            rows = rows.sort_by([("held_on", "ascending"), ("event_id", "ascending")])
        if only is not None:
            rows = rows.filter(pc.equal(rows[identity], only))
        return _by(rows.to_pylist(), identity)

    def events(self, subject: str, identity: str) -> list[Row]:
        """The subject's own events, by day held, then id."""
        return self._events[subject].get(identity, [])

    def of_types(self, subject: str, identity: str, types: Collection[str]) -> list[Row]:
        """Those of one of the types."""
        asked = frozenset(types)
        return [event for event in self.events(subject, identity) if not asked.isdisjoint(event["types"])]

    def holds(self, condition: Condition | None, row: Row) -> bool:
        """As the condition says (conditions.py)."""
        return holds(condition, row)

    def following(self, trigger: date, clock: After) -> Period | None:
        """The period owed after a day (periods.py)."""
        return periods.following(trigger, clock, self.plan.holidays)

    def fixed(self, bound: Bound) -> list[Period] | None:
        """As the plan says."""
        return self.plan.fixed(bound)

    def waivers(self, subject: str, identity: str, rule: str, day: date) -> list[Row]:
        """Waivers of `rulebook/rule` for the subject that hold on the day, in the order of the table."""
        return [
            row
            for row in self._waivers.get(identity, [])
            if (row["subject"], row["rule"]) == (subject, rule) and row["from"] <= day <= row["to"]
        ]


def _by(rows: Iterable[Row], identity: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        if row[identity] is not None:
            found[row[identity]].append(row)
    return found
