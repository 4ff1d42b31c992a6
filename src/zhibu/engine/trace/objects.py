"""What an explanation of a verdict consists of: frozen, exact, in Chinese where a person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from zhibu.engine.rulebooks.model import Rule, Source
from zhibu.engine.trace.remedies import Remedy
from zhibu.engine.verdict import Verdict

Miss = Literal["type", "condition", "unseen", "made_up", "before", "after", "rejected"]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the arithmetic: `value` is what `text` arrives at (a number, a day, a status, a reason, None)."""

    key: str
    text: str
    value: Fraction | date | str | bool | None


@dataclass(frozen=True, slots=True)
class Counted:
    """An event that belongs to the period. `amount`: what it alone measures."""

    event_id: str
    held_on: date
    recorded_on: date
    timely: bool
    amount: Fraction
    note: str


@dataclass(frozen=True, slots=True)
class Near:
    """An event that does not count, and why: one reason for each of `misses`. A rejected row may lack id and day."""

    event_id: str | None
    held_on: date | None
    misses: tuple[Miss, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excuse:
    """A waiver of this subject and rule that does not cover the period, and why. A rejected row may lack days."""

    first: date | None
    last: date | None
    reason: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Share:
    """What a verdict is worth of the total under a scheme, and what it brings, in one dimension."""

    dimension: str
    should: Fraction
    got: Fraction


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one verdict, ready to be shown. `shares` None: no scheme was asked about."""

    rule: Rule  # as written
    sentence: str
    source: Source
    clause: str
    grade: str
    strength: str
    verdict: Verdict
    arithmetic: tuple[Step, ...]
    counted: tuple[Counted, ...]
    near: tuple[Near, ...]
    excuses: tuple[Excuse, ...]
    remedies: tuple[Remedy, ...]
    shares: tuple[Share, ...] | None = None


class NoVerdictError(LookupError):
    """The rule gives this subject no verdict for this period. The message says why, and which periods there are."""
