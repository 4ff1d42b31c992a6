"""What every backend is given and what it gives back: one plan, four tables.

A backend is a module in `backends/` with

    def answer(plan: Plan, tick: Callable[[], None]) -> Answer

`tick` is called once for each rule done. Tables have the schemas of `results.py` and come sorted: verdicts by
subject, subject_id, rulebook, rule, starts_on, ends_on; scores by org_id; rollups and escalations by org_id,
rulebook, rule (strings by code point). Scores, roll-ups and escalations are computed over all verdicts;
`plan.keep` only decides which verdicts are handed back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import pyarrow as pa

from zhibu.engine import periods
from zhibu.engine.facts import Facts
from zhibu.engine.holidays import Holidays
from zhibu.engine.periods import Period
from zhibu.engine.rulebooks.model import Always, Calendar, Rule
from zhibu.engine.scheme import Scheme

Keep = Literal["all", "exceptions", "none"]
EXCEPTIONS = ("late", "missed", "open", "exempt")


@dataclass(frozen=True, slots=True)
class Bound:
    """An active rule tied to the facts, with the days its rulebook is in effect (`until` inclusive, None is open).

    Conditions of a bound rule are ready to compute: every operand has the type of its column (ISO text against a
    date column has become a date), a test on a column without any value has become `Any(())` (false) unless it is
    `known`, and a `has` column is list<string>. Number against number, text against text, and so on.
    """

    rule: Rule
    since: date
    until: date | None

    def in_effect(self, first: date, last: date) -> bool:
        """The rulebook is in effect on the first and on the last day of a period."""
        return self.since <= first and (self.until is None or last <= self.until)


@dataclass(frozen=True, slots=True)
class Plan:
    """`window` is inclusive at both ends. `tree` has one row (org_id, parent_id, peer_group) per organisation that
    has a row on the evaluation day; its parents are in it and it has no cycle; the peer group is text."""

    rules: tuple[Bound, ...]
    facts: Facts
    window: tuple[date, date]
    as_of: date
    holidays: Holidays
    scheme: Scheme | None
    keep: Keep
    tree: pa.Table

    @property
    def day(self) -> date:
        """The evaluation day."""
        return min(self.as_of, self.window[1])

    def fixed(self, bound: Bound) -> list[Period] | None:
        """The periods of a calendar or standing rule, the same for every subject; None for the other clocks."""
        clock = bound.rule.clock
        if isinstance(clock, Calendar):
            found = periods.calendar(clock.unit, self.window)
        elif isinstance(clock, Always):
            found = [Period.of(self.day, self.day)]
        else:
            return None
        return [period for period in found if bound.in_effect(period.starts_on, period.ends_on)]


@dataclass(frozen=True, slots=True)
class Answer:
    verdicts: pa.Table
    scores: pa.Table
    rollups: pa.Table
    escalations: pa.Table


class Backend(Protocol):
    def answer(self, plan: Plan, tick: Callable[[], None]) -> Answer: ...
