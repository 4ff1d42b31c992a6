"""The facts as the reference reads them (engine/world.py), at rest until a subject is asked for, changed row by row."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, MutableMapping

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import ROW, SUBJECTS
from zhibu.engine.live.resting import ByText, Resting
from zhibu.engine.live.rows import Step
from zhibu.engine.plan import Plan
from zhibu.engine.world import World

Rows = MutableMapping[str, list[Row]]


class Changing(World):
    """Also knows the adjustments of every organisation."""

    def __init__(self, plan: Plan, tables: Mapping[str, Resting]):
        """`tables`: those of the plan's facts."""
        self.plan, self.histories, self._events = plan, {}, {}
        self._waivers = ByText(tables["waivers"], "subject_id")
        self.adjustments = ByText(tables["adjustments"], "subject_id")
        for subject, (table, identity, _, _) in SUBJECTS.items():
            self.histories[subject] = ByText(tables[table], identity)
            self._events[subject] = ByText(tables["events"], identity, self._seen)

    def _seen(self, rows: list[Row]) -> list[Row]:
        return sorted((row for row in rows if row["recorded_on"] <= self.plan.as_of), key=_order)

    def shift(self, step: Step) -> None:
        """Rows keep the order of the table, events that of their days."""
        for row, put in ((step.old, False), (step.new, True)):
            if row is None:
                continue
            if step.table == "events":
                self._event(row, put)
            elif step.table == "waivers":
                _move(self._waivers, row["subject_id"], row, put)
            elif step.table == "adjustments":
                _move(self.adjustments, row["subject_id"], row, put)
            for subject, (table, identity, _, _) in SUBJECTS.items():
                if table == step.table:
                    _move(self.histories[subject], row[identity], row, put)

    def _event(self, row: Row, put: bool) -> None:
        if row["recorded_on"] > self.plan.as_of:
            return
        for subject, (_, identity, _, _) in SUBJECTS.items():
            if row[identity] is None:
                continue
            own = [one for one in self._events[subject].get(row[identity], ()) if one[ROW] != row[ROW]]
            if put:
                insort(own, row, key=_order)
            self._events[subject][row[identity]] = own


def _order(event: Row) -> tuple[object, str]:
    return event["held_on"], event["event_id"]


def _move(rows: Rows, identity: str, row: Row, put: bool) -> None:
    kept = [one for one in rows.get(identity, ()) if one[ROW] != row[ROW]]
    rows[identity] = sorted([*kept, row], key=lambda one: one[ROW]) if put else kept
