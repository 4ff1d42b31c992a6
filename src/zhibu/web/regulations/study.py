"""What published rules ask of one member in study hours a year: the figures of the rulebooks, never typed elsewhere.

No verdict: no page judges a person by hours. A draft rule is told as a draft and asks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhibu.engine.conditions import holds
from zhibu.engine.rulebooks.model import Rule
from zhibu.web.regulations.queries import books_in_force


@dataclass(frozen=True, slots=True)
class Asked:
    """`hours` a year by a rule: hard 应当 or soft 一般. `types`: the activities it counts."""

    title: str
    hours: Decimal
    source: str
    clause: str
    soft: bool
    draft: bool
    types: tuple[str, ...]
    rule: Rule

    def of(self, person: Mapping[str, Any]) -> bool:
        """Whether it asks that of this person (columns of the facts: is_secretary, frail, member_kind …)."""
        return holds(self.rule.where, person)


def hour_rules(year: int) -> list[Asked]:
    """The rules on a person's hours in force at the end of a year, the smallest first."""
    on = date(year, 12, 31)
    books = [one for one in books_in_force() if one.since <= on and (one.until is None or one.until >= on)]
    found = [_asked(rule) for book in books for rule in book.rules if _of_hours(rule)]
    return sorted(found, key=lambda one: (one.draft, one.hours))


def _of_hours(rule: Rule) -> bool:
    needs = rule.needs
    fixed = needs is not None and isinstance(needs.at_least, Decimal)
    return rule.subject == "person" and fixed and needs is not None and needs.measure == "hours"


def _asked(rule: Rule) -> Asked:
    needs = rule.needs
    assert needs and isinstance(needs.at_least, Decimal)
    return Asked(
        rule.title, needs.at_least, rule.source.title, rule.clause, rule.strength == "soft", rule.status == "draft",
        needs.event, rule,
    )  # fmt: skip
