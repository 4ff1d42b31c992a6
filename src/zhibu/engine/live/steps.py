"""A change with what it replaces, and whom it can concern."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.live.change import Change

Subject = tuple[str, str]  # organisation, person or unit; id


@dataclass(frozen=True, slots=True)
class Step:
    """A change with the row it replaces, both as the rules read them; `was` and `change.new` as they were written."""

    change: Change
    was: Row | None
    old: Row | None
    new: Row | None

    @property
    def table(self) -> str:
        return self.change.table

    @property
    def number(self) -> int:
        assert self.change.number is not None
        return self.change.number

    @property
    def differing(self) -> list[str]:
        """The columns whose cells are not the same in `old` and `new`, where both are there."""
        old, new = self.old, self.new
        return [] if old is None or new is None else [name for name, cell in old.items() if cell != new[name]]

    @property
    def back(self) -> Step:
        return Step(Change(self.table, self.number, self.was), self.change.new, self.new, self.old)


def named(step: Step) -> Iterable[Subject]:
    """The subjects whose verdicts, place or score a step can concern."""
    rows = [row for row in (step.old, step.new) if row is not None]
    if step.table == "waivers":
        found = [(row["subject"], row["subject_id"]) for row in rows]
    elif step.table == "adjustments":
        found = [("organisation", row["subject_id"]) for row in rows]
    else:
        kinds = [(subject, own[1]) for subject, own in SUBJECTS.items() if step.table in (own[0], "events")]
        found = [(subject, row[identity]) for row in rows for subject, identity in kinds if row[identity] is not None]
    return dict.fromkeys(found)
