"""The facts as the reference reads them (engine/world.py), at rest until a subject is asked for, changed row by row."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Mapping, MutableMapping
from datetime import date
from operator import itemgetter
from typing import Any

from zhibu.engine.conditions import Row
from zhibu.engine.errors import EngineError
from zhibu.engine.facts.rows import overlapping
from zhibu.engine.facts.shape import ROW, SHAPES, SUBJECTS
from zhibu.engine.live.resting import ByText, Resting
from zhibu.engine.live.rows import Step
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.world import World

Rows = MutableMapping[str, list[Row]]


class Changing(World):
    """Also knows the adjustments of every organisation."""

    _spells: dict[str, MutableMapping[str, list[Row]]]  # as `histories`, with rows that no rule can read

    def __init__(self, plan: Plan, tables: Mapping[str, Resting], written: Mapping[str, Resting]):
        """`tables`: those of the plan's facts; `written`: as they were before rules asked for types."""
        self.plan, self.histories, self._events, self._spells = plan, {}, {}, {}
        self._waivers = ByText(tables["waivers"], "subject_id")
        self.adjustments = ByText(tables["adjustments"], "subject_id")
        self._typed: dict[tuple[str, str], dict[str, list[Row]]] = {}  # events by type, of the subjects awake
        self._fixed: dict[int, list[Period] | None] = {}
        for subject, (table, identity, _, _) in SUBJECTS.items():
            own = self.histories[subject] = ByText(tables[table], identity)
            self._spells[subject] = own if tables[table] is written[table] else ByText(written[table], identity)
            self._events[subject] = ByText(tables["events"], identity, self._seen)

    def of_types(self, subject: str, identity: str, types: Collection[str]) -> list[Row]:
        own = self._typed.get((subject, identity))
        if own is None:
            own = self._typed[subject, identity] = defaultdict(list)
            for event in self.events(subject, identity):
                for type_ in dict.fromkeys(event["types"]):
                    own[type_].append(event)
        found = [own[type_] for type_ in types if type_ in own]
        return found[0] if len(found) == 1 else super().of_types(subject, identity, types) if found else []

    def fixed(self, bound: Bound) -> list[Period] | None:
        if id(bound) not in self._fixed:
            self._fixed[id(bound)] = super().fixed(bound)
        return self._fixed[id(bound)]

    def _seen(self, rows: list[Row]) -> list[Row]:
        return sorted((row for row in rows if row["recorded_on"] <= self.plan.as_of), key=_order)

    def shift(self, step: Step) -> None:
        """Rows keep the order of the table, events that of their days."""
        if step.table == "events":
            for row, put in ((step.old, False), (step.new, True)):
                self._event(row, put)
        elif step.table == "waivers":
            _replace(self._waivers, "subject_id", step.old, step.new)
        elif step.table == "adjustments":
            _replace(self.adjustments, "subject_id", step.old, step.new)
        for subject, (table, identity, _, _) in SUBJECTS.items():
            if table == step.table:
                _replace(self.histories[subject], identity, step.old, step.new)
                if self._spells[subject] is not self.histories[subject]:
                    _replace(self._spells[subject], identity, step.was, step.change.new)

    def check(self, steps: list[Step]) -> None:
        """Raises EngineError when rows of one subject hold on the same day. Call after shifting."""
        for step in steps:
            for subject, (table, identity, _, _) in SUBJECTS.items():
                if table == step.table and step.change.new is not None:
                    own = [_spell(row, identity) for row in self._spells[subject][step.change.new[identity]]]
                    own.sort(key=lambda one: (one["from"], one["row"]))
                    if faults := overlapping(SHAPES[table], own, table):
                        raise EngineError(faults)

    def _event(self, row: Row | None, put: bool) -> None:
        if row is None or row["recorded_on"] > self.plan.as_of:
            return
        for subject, (_, identity, _, _) in SUBJECTS.items():
            if row[identity] is None:
                continue
            own = [one for one in self._events[subject].get(row[identity], ()) if one[ROW] != row[ROW]]
            if put:
                insort(own, row, key=_order)
            self._events[subject][row[identity]] = own
            self._typed.pop((subject, row[identity]), None)


def _spell(row: Row, identity: str) -> dict[str, Any]:
    return {"id": row[identity], "from": row["valid_from"] or date.min, "to": row["valid_to"], "row": row[ROW]}


def _order(event: Row) -> tuple[object, str]:
    return event["held_on"], event["event_id"]


def _replace(rows: Rows, identity: str, old: Row | None, new: Row | None) -> None:
    for row, put in ((old, False), (new, True)):
        if row is not None:
            kept = [one for one in rows.get(row[identity], ()) if one[ROW] != row[ROW]]
            rows[row[identity]] = sorted([*kept, row], key=itemgetter(ROW)) if put else kept
