"""届期: when the term of an organisation ends, as the published rulebook of terms says. The one meaning of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.engine.conditions import holds
from zhibu.engine.holidays import official
from zhibu.engine.periods import Period, add_months, following
from zhibu.engine.rulebooks.model import After, Rule
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.queries import books_in_force

ELECTED, ELECTION, REMINDER = "elected_on", "election", "term_reminder"


@dataclass(frozen=True, slots=True)
class Term:
    """`opens_on`: from then on an election counts for it (with approval when early). `remind_by` may be a draft rule's;
    None where no rule asks for a reminder."""

    rule: str  # branch-terms/branch-term
    title: str
    source: str
    opens_on: date
    ends_on: date
    remind_by: date | None


class Terms:
    """The rules of terms in force, read once; `of` then answers for many organisations."""

    def __init__(self) -> None:
        rules = [rule for book in books_in_force() for rule in book.rules if _by_election(rule)]
        self._terms = [rule for rule in rules if rule.needs and ELECTION in rule.needs.event]
        self._reminders = [rule for rule in rules if rule.needs and REMINDER in rule.needs.event]

    def of(self, organisation: Organisation) -> Term | None:
        """The present term; None when the day of the election, the sector or a rule for it is missing."""
        rule, elected = self._binding(organisation), organisation.elected_on
        period = _period(rule, elected) if rule and elected else None
        if rule is None or elected is None or period is None:
            return None
        reminder = next((one for one in self._reminders if holds(one.where, _row(organisation))), None)
        notice = _period(reminder, elected) if reminder else None
        return Term(
            f"{rule.rulebook}/{rule.id}", rule.title, f"{rule.source.title}{rule.clause}", period.starts_on,
            period.ends_on, notice.ends_on if notice else None,
        )  # fmt: skip

    def bind(self, organisation: Organisation) -> bool:
        """Whether a rule gives it a term at all: work committees and party groups are appointed and have none."""
        return self._binding(organisation) is not None

    def _binding(self, organisation: Organisation) -> Rule | None:
        row = _row(organisation)
        return next((one for one in self._terms if one.status == "active" and holds(one.where, row)), None)


def anniversary(day: date, years: int) -> date:
    """The same day so many years later, 28 February for the 29th where there is none."""
    return add_months(day, 12 * years)


def _row(organisation: Organisation) -> dict[str, object]:
    return {"kind": organisation.kind, "sector": organisation.sector or None, ELECTED: organisation.elected_on}


def _by_election(rule: Rule) -> bool:
    return rule.subject == "organisation" and isinstance(rule.clock, After) and rule.clock.column == ELECTED


def _period(rule: Rule, elected: date) -> Period | None:
    assert isinstance(rule.clock, After)
    return following(elected, rule.clock, official())
