"""What goes in and what comes out: a changed row of facts, the verdicts it moved, the differences that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Protocol

from zhibu.engine.conditions import Row
from zhibu.engine.plan import Plan
from zhibu.engine.results import STATUSES
from zhibu.engine.scores import Score
from zhibu.engine.verdict import Verdict

Name = tuple[str, str]  # rulebook, rule
Counts = tuple[int, ...]  # of verdicts, in the order of STATUSES
NONE: Counts = (0,) * len(STATUSES)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a table of facts, as the table was handed over: put in, put in place of another, or taken out.

    `number` is the row's `#row`; None appends. `new` None takes the row out.
    """

    table: str
    number: int | None
    new: Row | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an organisation stands on the evaluation day: `parent` as its row `number` says it, the peer group."""

    parent: str | None
    group: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A subject whose verdicts, place or adjustments a change may have moved.

    `gone` and `new` are the verdicts that differ. `before` and `after`: the place of an organisation, None while it
    has no row on the evaluation day.
    """

    subject: str
    identity: str
    gone: tuple[Verdict, ...] = ()
    new: tuple[Verdict, ...] = ()
    before: Place | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """`undo` applied to the same evaluator takes everything back."""

    moved: tuple[Moved, ...]
    undo: tuple[Change, ...]


class Evaluator(Protocol):
    """Keeps the facts and judges. What it says after changes is what a full run over the changed facts would say."""

    @property
    def plan(self) -> Plan:
        """Rules, window, days and scheme; its facts are those of the beginning."""

    def apply(self, changes: Sequence[Change]) -> Applied:
        """All of them or none: raises EngineError when a row is not fit, rows overlap, or the rules no longer bind."""

    def verdicts(self, organisation: str) -> Sequence[Verdict]:
        """The verdicts of an organisation as of now."""

    def run(self, organisation: str, rule: Name) -> tuple[int, date] | None:
        """How many verdicts of a rule are missed in a row (escalation.run), and since which day; None if none."""

    def adjusted(self, organisation: str) -> tuple[Fraction, Fraction]:
        """(bonus, deduction) of an organisation as of now (scores.adjusted)."""

    def exists(self, organisation: str) -> bool:
        """Some row of the table of organisations is of this one, whatever its days."""

    def places(self) -> Iterable[tuple[str, Place]]:
        """Every organisation with a row on the evaluation day, before any change."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation in its peer group. `score` has the dimensions; None where only the place was kept."""

    group: str | None
    total: Fraction
    rank: int
    group_size: int
    grade: str | None
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """What became of the rest of a peer group. `ranks`: steps down (negative: up) → how many organisations;
    `grades`: (from, to) → how many."""

    group: str | None
    ranks: Mapping[int, int]
    grades: Mapping[tuple[str | None, str | None], int]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything a change moved; pairs are (before, after), None where there is nothing.

    `standings`: of those whose verdicts changed their status, who moved, or whose adjustments a change is about.
    `rollups`: by (organisation, rulebook, rule) the counts of its subtree. `escalations`: rows of ESCALATIONS by the
    same key.
    """

    verdicts: tuple[tuple[Verdict | None, Verdict | None], ...] = ()
    standings: Mapping[str, tuple[Standing | None, Standing | None]] = field(default_factory=dict)
    others: tuple[Others, ...] = ()
    rollups: Mapping[tuple[str, str, str], tuple[Counts, Counts]] = field(default_factory=dict)
    escalations: Mapping[tuple[str, str, str], tuple[Row | None, Row | None]] = field(default_factory=dict)
