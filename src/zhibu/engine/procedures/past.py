"""The records of a case, and what counts of them. Serves the meaning; history.py makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from zhibu.engine.procedures.model import SKIPPED, Outcome, Procedure, Record
from zhibu.engine.rulebooks.model import Scalar


@dataclass(frozen=True, slots=True)
class Counted:
    """A record and the version in force on its day."""

    record: Record
    version: Procedure


@dataclass(frozen=True, slots=True)
class Past:
    """`counting`: records that were not gone back over; `made`: all; `kept_papers`: those that stay for good."""

    counting: tuple[Counted, ...] = ()
    made: tuple[Counted, ...] = ()
    kept_papers: frozenset[str] = frozenset()
    values: Mapping[str, Scalar] = field(default_factory=dict)
    ended: str | None = None

    def of(self, step: str) -> tuple[Record, ...]:
        return tuple(one.record for one in self.counting if one.record.step == step)

    def has(self, step: str) -> bool:
        return any(one.record.step == step for one in self.counting)

    def days(self, step: str) -> list[date]:
        return [record.done for record in self.of(step)]

    def papers(self) -> frozenset[str]:
        """The papers there are."""
        return self.kept_papers.union(*(papers_of(one) for one in self.counting))

    def times(self, step: str, outcome: str) -> int:
        """How often the step ended so, gone back over or not."""
        return sum(one.record.step == step and one.record.outcome == outcome for one in self.made)


def outcome_of(one: Counted) -> Outcome | None:
    """None for a step left out, and for what its version does not know."""
    if not one.version.knows(one.record.step):
        return None
    outcomes = one.version.step(one.record.step).outcomes
    return next((outcome for outcome in outcomes if outcome.id == one.record.outcome), None)


def papers_of(one: Counted) -> frozenset[str]:
    """Handed in with the record, or made by its step."""
    made = one.record.outcome != SKIPPED and one.version.knows(one.record.step)
    return one.record.papers.union(one.version.step(one.record.step).makes if made else ())
