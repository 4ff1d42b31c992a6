"""The common subset as plain data: the rules with a calendar or standing clock, read from the same rulebooks.

Left out for all peers: rules anchored on a date or owed after an event, grades, escalation, lists of evidence. Kept:
history, life, waivers, make-ups, late records, rejected events, every measure, conditions, scores with bonus and
deduction, ranks, roll-ups.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from zhibu.engine import periods
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Always, Calendar, Condition, Rule, Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.scheme import read as read_scheme

FIRST, LAST, AS_OF = date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 10)
DAY = min(LAST, AS_OF)
UNITS = ("month", "quarter", "half_year", "year")
STATUSES = ("met", "late", "missed", "exempt", "open", "upcoming")


@dataclass(frozen=True, slots=True)
class Span:
    """A period of a duty; `code` is the same number for the same label in every duty."""

    code: int
    label: str
    first: date
    last: date
    deadline: date

    @property
    def basis(self) -> date:
        return min(self.last, AS_OF)


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule with its periods. `unit` None: a standing one, whose condition is `stands`."""

    number: int
    rule: Rule
    unit: str | None
    spans: tuple[Span, ...]
    stands: Condition | None

    @property
    def fixed(self) -> float | None:
        """The need that is the same for all, or None."""
        wanted = self.rule.needs.at_least if self.rule.needs else None
        return None if wanted is None or hasattr(wanted, "column") else float(wanted)

    @property
    def basis(self) -> tuple[str, int, int, str | None] | None:
        """Column, numerator, denominator, rounding of a need that depends on the organisation."""
        wanted = self.rule.needs.at_least if self.rule.needs else None
        if wanted is None or not hasattr(wanted, "column"):
            return None
        times = Fraction(wanted.times)
        return wanted.column, times.numerator, times.denominator, wanted.round

    def points(self, status: str) -> float:
        return float(getattr(self.rule.points, status))


@dataclass(frozen=True, slots=True)
class Task:
    duties: tuple[Duty, ...]
    scheme: Scheme
    labels: tuple[str, ...]

    def weights(self) -> list[tuple[int, int, float]]:
        """(duty, place of the dimension, weight) of every duty that counts."""
        return [
            (duty.number, place, float(dimension.weight))
            for place, dimension in enumerate(self.scheme.dimensions)
            for duty in self.duties
            if any(pattern.fits(duty.rule.rulebook, duty.rule.id) for pattern in dimension.rules)
        ]


def common(rule: Rule) -> bool:
    return isinstance(rule.clock, Calendar | Always)


def read(folder: Path) -> Task:
    """The task of a folder the generator made."""
    books = load([folder / "rules"])
    scheme = read_scheme(folder / "scheme.yaml")
    labels = [period.label for unit in UNITS for period in periods.calendar(unit, (FIRST, LAST))]
    found = [(book, rule) for book in books for rule in book.rules if common(rule)]
    labels.append(f"{DAY}..{DAY}")
    duties = tuple(_duty(number, book, rule, labels) for number, (book, rule) in enumerate(found))
    return Task(duties, scheme, tuple(labels))


def _duty(number: int, book: Rulebook, rule: Rule, labels: list[str]) -> Duty:
    grace = timedelta(rule.grace)
    if isinstance(rule.clock, Always):
        own = [Span(len(labels) - 1, labels[-1], DAY, DAY, DAY)]
        return Duty(number, rule, None, tuple(own), rule.clock.condition)
    spans = [
        Span(labels.index(one.label), one.label, one.starts_on, one.ends_on, one.ends_on + grace)
        for one in periods.calendar(rule.clock.unit, (FIRST, LAST))
        if book.since <= one.starts_on and (book.until is None or one.ends_on <= book.until)
    ]
    return Duty(number, rule, rule.clock.unit, tuple(spans), None)


def days(labels: tuple[str, ...]) -> list[tuple[date, list[int]]]:
    """Every day an event may be held, with the codes of its month, quarter, half and year (-1 outside the year)."""
    known = {label: code for code, label in enumerate(labels)}
    found = []
    for number in range(366 * 3):
        day = date(2024, 1, 1) + timedelta(number)
        names = [f"{day:%Y-%m}", f"{day:%Y}Q{(day.month + 2) // 3}", f"{day:%Y}H{(day.month + 5) // 6}", f"{day:%Y}"]
        found.append((day, [known.get(name, -1) for name in names]))
    return found
