"""The facts as the reference reads them (engine/world.py), changed row by row."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import ROW, SUBJECTS
from zhibu.engine.live.rows import Step
from zhibu.engine.plan import Plan
from zhibu.engine.world import World


class Changing(World):
    """Also knows the adjustments of every organisation."""

    def __init__(self, plan: Plan):
        super().__init__(plan)
        self.adjustments: dict[str, list[Row]] = defaultdict(list)
        for row in plan.facts["adjustments"].to_pylist():
            self.adjustments[row["subject_id"]].append(row)

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
            own = self._events[subject].setdefault(row[identity], [])
            if put:
                insort(own, row, key=lambda one: (one["held_on"], one["event_id"]))
            else:
                own[:] = [one for one in own if one[ROW] != row[ROW]]


def _move(rows: dict[str, list[Row]], identity: str, row: Row, put: bool) -> None:
    kept = [one for one in rows.get(identity, ()) if one[ROW] != row[ROW]]
    rows[identity] = sorted([*kept, row], key=lambda one: one[ROW]) if put else kept
    if not rows[identity]:
        del rows[identity]
