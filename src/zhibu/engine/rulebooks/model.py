"""The frozen objects a rulebook becomes (engine.md section 1). Serves the meaning.

Every backend, the Chinese sentence of a rule and the explanation of a verdict read these objects and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zhibu.engine.errors import Place

Level = Literal["central", "province", "city", "county", "unit"]
Strength = Literal["hard", "soft", "may"]
Grade = Literal["text", "secondary", "memory"]
Status = Literal["active", "draft"]
Subject = Literal["organisation", "person", "unit"]
Measure = Literal["count", "days", "hours", "topics", "people"]
Scalar = str | int | Decimal | bool | date

# --- conditions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Equals:
    column: str
    value: Scalar
    place: Place


@dataclass(frozen=True, slots=True)
class OneOf:
    column: str
    values: tuple[Scalar, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Between:
    """`min` and `max` are inclusive, `more_than` and `less_than` strict; None is open."""

    column: str
    min: Decimal | date | None
    max: Decimal | date | None
    more_than: Decimal | date | None
    less_than: Decimal | date | None
    place: Place


@dataclass(frozen=True, slots=True)
class Known:
    column: str
    known: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Has:
    """The list column contains the value."""

    column: str
    value: Scalar
    place: Place


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Test = Equals | OneOf | Between | Known | Has
Condition = Test | All | Any | Not

# --- clocks -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """`every: month`, `quarter`, `half_year`, `year`."""

    unit: Literal["month", "quarter", "half_year", "year"]


@dataclass(frozen=True, slots=True)
class Anchored:
    """`every: {months: N, from: COLUMN}` or `{years: N, from: COLUMN}`; `months` is N, or 12·N."""

    months: int
    column: str
    place: Place


@dataclass(frozen=True, slots=True)
class Span:
    unit: Literal["days", "months", "working_days"]
    n: int


@dataclass(frozen=True, slots=True)
class After:
    """`after: {event: TYPE}` or `after: {date: COLUMN}`: exactly one of `event` and `column` is set."""

    event: str | None
    column: str | None
    within: Span
    not_before: Span | None
    place: Place


@dataclass(frozen=True, slots=True)
class Always:
    condition: Condition


Clock = Calendar | Anchored | After | Always

# --- rules --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Basis:
    """`at_least: {column: C, times: K, round: up|down}`: K × the subject's column, exact decimal."""

    column: str
    times: Decimal
    round: Literal["up", "down"] | None
    place: Place


@dataclass(frozen=True, slots=True)
class Needs:
    event: tuple[str, ...]
    where: Condition | None
    measure: Measure
    at_least: Decimal | Basis


@dataclass(frozen=True, slots=True)
class Points:
    met: Decimal
    late: Decimal
    missed: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """A regulation or notice. `address` is its official page, where one is known."""

    key: str
    title: str
    issuer: str
    issued: date | None
    number: str = ""
    address: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    rulebook: str
    id: str
    title: str
    source: Source
    clause: str
    strength: Strength
    evidence: Grade
    status: Status
    subject: Subject
    where: Condition | None
    clock: Clock
    needs: Needs | None  # None only under Always
    grace: int  # days
    points: Points
    partial: Literal["exempt", "due"]
    place: Place

    @property
    def name(self) -> str:
        """`rulebook/rule`, as waivers and schemes write it."""
        return f"{self.rulebook}/{self.id}"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of a regulation. `until` is inclusive; `digest` is the SHA-256 of the file's bytes, in hex."""

    id: str
    title: str
    level: Level
    since: date  # effective.from
    until: date | None
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    place: Place
    digest: str
