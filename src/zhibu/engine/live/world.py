"""The facts as the reference reads them (engine/world.py), at rest until a subject is asked for, changed row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from datetime import date
from operator import itemgetter
from typing import Any

from zhibu.engine.conditions import Row
from zhibu.engine.errors import EngineError
from zhibu.engine.facts.rows import overlapping
from zhibu.engine.facts.shape import ROW, SHAPES, SUBJECTS
from zhibu.engine.live.cells import Places
from zhibu.engine.live.events import Events, by_day
from zhibu.engine.live.resting import ByText, Resting
from zhibu.engine.live.steps import Step
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import After, Condition
from zhibu.engine.uses import of_condition
from zhibu.engine.world import World

MANY = 100_000  # what is known of a condition before it is forgotten
Rows = MutableMapping[str, list[Row]]


class Changing(World):
    """Also knows the adjustments of every organisation."""

    _spells: dict[str, MutableMapping[str, list[Row]]]  # as `histories`, with rows that no rule can read

    def __init__(self, plan: Plan, tables: Mapping[str, Resting], written: Mapping[str, Resting]):
        """`tables`: those of the plan's facts; `written`: as they were before rules asked for types."""
        self.plan, self.histories, self._spells = plan, {}, {}
        self._waivers = ByText(tables["waivers"], "subject_id")
        self.adjustments = ByText(tables["adjustments"], "subject_id")
        self._own = {one: Events(tables["events"], own[1], plan.as_of) for one, own in SUBJECTS.items()}
        self._fixed: dict[int, list[Period] | None] = {}
        self._following: dict[tuple[date, int], Period | None] = {}
        self._held: dict[int, tuple[list[str], dict[tuple[Any, ...], bool]]] = {}
        for subject, (table, identity, _, _) in SUBJECTS.items():
            own = self.histories[subject] = ByText(tables[table], identity)
            self._spells[subject] = own if tables[table] is written[table] else ByText(written[table], identity)

    # --- what the reference reads ---

    def events(self, subject: str, identity: str) -> list[Row]:
        return self._own[subject].of(identity, None)

    def changed(self, subject: str, identity: str) -> tuple[slice | Places, dict[int, Row | None]]:
        """Where its events are in the table, and which have come or gone since (events.py)."""
        return self._own[subject].changed(identity)

    def waived(self, subject: str, identity: str) -> list[Row]:
        """Its waivers, in the order of the table."""
        return [row for row in self._waivers.get(identity, ()) if row["subject"] == subject]

    def event_id(self) -> Callable[[int], Any]:
        """The id of an event by its place in the table."""
        return self._own["organisation"].reading("event_id")

    def wake(self, subject: str, identity: str, types: Iterable[str]) -> None:
        """Events of these types will be asked for."""
        self._own[subject].wake(identity, types)

    def of_types(self, subject: str, identity: str, types: Collection[str]) -> list[Row]:
        if len(found := [own for type_ in types if (own := self._own[subject].of(identity, type_))]) < 2:
            return found[0] if found else []
        every = {event[ROW]: event for own in found for event in own}
        return sorted(every.values(), key=by_day)

    def fixed(self, bound: Bound) -> list[Period] | None:
        if id(bound) not in self._fixed:
            self._fixed[id(bound)] = super().fixed(bound)
        return self._fixed[id(bound)]

    def following(self, trigger: date, clock: After) -> Period | None:
        key = trigger, id(clock)
        if key not in self._following:
            self._following[key] = super().following(trigger, clock)
        return self._following[key]

    def holds(self, condition: Condition | None, row: Row) -> bool:
        """Looked at once for each of the values that the condition's columns have together."""
        if condition is None:
            return True
        columns, held = self._held.get(id(condition)) or self._held.setdefault(id(condition), (_columns(condition), {}))
        key = tuple(map(row.get, columns))
        try:
            found = held.get(key)
        except TypeError:  # a list
            key = tuple([tuple(one) if type(one) is list else one for one in key])
            found = held.get(key)
        if found is None:
            if len(held) >= MANY:
                held.clear()
            found = held[key] = super().holds(condition, row)
        return found

    # --- changes ---

    def shift(self, step: Step) -> None:
        """Rows keep the order of the table, events that of their days."""
        if step.table == "events":
            for row, there in ((step.old, False), (step.new, True)):
                for subject, (_, identity, _, _) in SUBJECTS.items():
                    if row is not None and row[identity] is not None:
                        self._own[subject].put(row[identity], row, there)
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


def _spell(row: Row, identity: str) -> dict[str, Any]:
    return {"id": row[identity], "from": row["valid_from"] or date.min, "to": row["valid_to"], "row": row[ROW]}


def _columns(condition: Condition) -> list[str]:
    """All that its tests look at in a row."""
    found = {use.column for use in of_condition("", condition)}
    return sorted(found | {"present", "expected"} if "attendance" in found else found)


def _replace(rows: Rows, identity: str, old: Row | None, new: Row | None) -> None:
    for row, put in ((old, False), (new, True)):
        if row is not None:
            kept = [one for one in rows.get(row[identity], ()) if one[ROW] != row[ROW]]
            rows[row[identity]] = sorted([*kept, row], key=itemgetter(ROW)) if put else kept
