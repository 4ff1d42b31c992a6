"""What all explanations of one evaluation share: the rules as written, tied to the facts once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhibu.engine import holidays as calendars
from zhibu.engine.bind import bind
from zhibu.engine.facts import Facts
from zhibu.engine.holidays import Holidays
from zhibu.engine.owed import owed
from zhibu.engine.periods import Period
from zhibu.engine.phrases import Words
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import Rule, Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.world import World


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All rules are bound, not only the one asked about: together they decide the types of columns."""

    books: tuple[Rulebook, ...]
    plan: Plan
    words: Words

    def versions(self, rule: str) -> list[tuple[Bound, Rule]]:
        """The active rules called `rulebook/rule`, each tied to the facts and as written."""
        written = [one for book in self.books for one in book.rules if one.status == "active"]
        return [pair for pair in zip(self.plan.rules, written, strict=True) if pair[1].name == rule]

    def world(self, subject: str, identity: str) -> World:
        return World(self.plan, only=(subject, identity))

    def owed(self, rule: str, identity: str) -> list[Period]:
        """The periods of a rule that give the subject a verdict."""
        return [
            period
            for bound, _ in self.versions(rule)
            for period, _ in owed(self.world(bound.rule.subject, identity), bound, identity)
        ]


def inquire(
    rulebooks: Iterable[Rulebook],
    facts: Facts,
    window: tuple[date, date],
    as_of: date,
    *,
    scheme: Scheme | None = None,
    holidays: Holidays | None = None,
    words: Words | None = None,
) -> Inquiry:
    """Arguments as those of `evaluate`. Raises EngineError as it does."""
    books = tuple(rulebooks)
    plan = bind(books, facts, window, as_of, scheme, "all", holidays or calendars.official())
    return Inquiry(books, plan, words or {})
