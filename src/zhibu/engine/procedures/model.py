"""The frozen objects a procedure and a case are made of (docs/decisions/0018-procedures.md). Serves the meaning.

The reader makes `Procedure`s, the web makes `Case`s; `standing.py` and `check.py` read them and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhibu.engine.ballots import Share
from zhibu.engine.errors import Place
from zhibu.engine.rulebooks.model import Condition, Grade, Level, Scalar, Source, Status, Strength, Subject

By = Literal["own", "superior", "department"]
ValueType = Literal["date", "whole", "money", "text", "flag", "choice"]
YES, SKIPPED = "yes", "skipped"

# --- a version of a procedure -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    unit: Literal["days", "months", "years", "working_days"]
    n: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step or gate rests on. `strength`, `evidence` and `status` say how it binds (section 3)."""

    source: Source | None
    clause: str
    strength: Strength
    evidence: Grade
    status: Status
    says: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day that depends on the case: that of a step, of a value or of the opening, and a span after it."""

    step: str | None
    value: str | None
    opened: bool
    span: Span


@dataclass(frozen=True, slots=True)
class From:
    moment: Moment
    ground: Ground


@dataclass(frozen=True, slots=True)
class Until:
    """`longest`: up to here with a reason; `because` names what reasons there may be."""

    moment: Moment
    longest: Span | None
    because: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Lasts:
    span: Span
    ground: Ground


@dataclass(frozen=True, slots=True)
class Age:
    value: str
    years: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class Where:
    condition: Condition
    ground: Ground


@dataclass(frozen=True, slots=True)
class Dates:
    value: str
    since: Moment | None
    until: Moment | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class VoteGate:
    quorum: Share | None
    passes: Share | None
    written: bool
    ground: Ground


Gate = From | Until | Lasts | Age | Where | Dates | VoteGate


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step can end. At most one of `to` and `ends` is set; `at_most` None: as often as wanted."""

    id: str
    title: str
    to: str | None = None
    ends: str | None = None
    at_most: int | None = None
    asks: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    effect: str | None = None


@dataclass(frozen=True, slots=True)
class Repeats:
    every: Span
    while_open: str


@dataclass(frozen=True, slots=True)
class Ballots:
    """An election of this step: `into` is the value that holds who is elected, `seats` and `valid` the values of the
    posts to fill and of ballots that count. `surplus`: more candidates than posts. `where` says on which cases."""

    into: str
    seats: str | None
    valid: str | None
    surplus: bool
    where: Condition | None


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    title: str
    stage: str
    help: str
    ground: Ground
    by: By
    of_kind: tuple[str, ...]
    after: tuple[str, ...]
    asks: tuple[str, ...]
    may_ask: tuple[str, ...]
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    gates: tuple[Gate, ...]
    outcomes: tuple[Outcome, ...]  # `yes` is always among them and first
    repeats: Repeats | None
    skippable: bool
    effect: str | None
    place: Place
    ballots: tuple[Ballots, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    id: str
    title: str
    type: ValueType
    options: Mapping[str, str]
    at_start: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    title: str
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version, supplements already laid over it. `until` is inclusive; `digest`: SHA-256 of its bytes."""

    id: str
    version: str
    title: str
    level: Level
    subject: Subject
    since: date
    until: date | None
    transition: Literal["step", "case"]
    finished: str
    sources: tuple[Source, ...]
    values: tuple[Value, ...]
    papers: tuple[Paper, ...]
    stages: Mapping[str, str]
    steps: tuple[Step, ...]  # in the order of the page
    place: Place
    digest: str

    def knows(self, step: str) -> bool:
        return any(one.id == step for one in self.steps)

    def step(self, step: str) -> Step:
        """Raises KeyError for a step this version does not know."""
        for one in self.steps:
            if one.id == step:
                return one
        raise KeyError(step)

    def following(self, step: str) -> frozenset[str]:
        """The steps that come after it, directly or not; among them itself only in a circle."""
        found: set[str] = set()
        reached = {step}
        while reached:
            reached = {one.id for one in self.steps if not reached.isdisjoint(one.after)} - found
            found |= reached
        return frozenset(found)

    def stays(self, paper: str) -> bool:
        return any(one.id == paper and one.stays for one in self.papers)


# --- a case -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Votes:
    """Heads counted. `seats` and `returned` are None where the vote has none."""

    due: int
    present: int
    yes: int
    no: int = 0
    abstain: int = 0
    written_yes: int = 0
    seats: int | None = None
    returned: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A step as it was done. `key` names the record for whoever keeps it (and for undoing)."""

    step: str
    done: date
    begun: date | None = None
    outcome: str = YES
    values: Mapping[str, Scalar] = field(default_factory=dict)
    votes: Votes | None = None
    papers: frozenset[str] = frozenset()
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """`records` in the order they were made. `written_later`: an old case, whose steps may lie before its opening."""

    opened: date
    values: Mapping[str, Scalar] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    written_later: bool = False


# --- answers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step cannot be recorded so, or should not, or a hint. `possible_on`: the first day on which it would do."""

    weight: Literal["refused", "reason_needed", "hint"]
    sentence: str
    clause: str = ""
    possible_on: date | None = None
    provisional: bool = False
    of_day: bool = False  # speaks of the day on which it was done: another day may do


@dataclass(frozen=True, slots=True)
class StepStanding:
    """Where one step stands on a day. `earliest` and `latest` are inclusive; None: no such limit, or not known yet."""

    step: Step
    state: Literal["done", "skipped", "next", "waiting", "dropped"]  # dropped: not asked for any more (section 6)
    records: tuple[Record, ...] = ()  # those that still count
    earliest: date | None = None
    latest: date | None = None
    longest: date | None = None
    early: bool = False
    overdue: bool = False
    late: bool = False  # done after `latest`
    provisional: bool = False
    missing: tuple[Paper, ...] = ()
    waits_for: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()  # what `check` would say of its day today


@dataclass(frozen=True, slots=True)
class Standing:
    """A case on a day. `ended`: the words with which it closed; None: open."""

    procedure: Procedure
    steps: tuple[StepStanding, ...]
    ended: str | None = None

    @property
    def next(self) -> tuple[StepStanding, ...]:
        return tuple(one for one in self.steps if one.state == "next")
