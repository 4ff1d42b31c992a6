"""应建应派: what the rules say of units. Nothing is counted here that the engine did not judge."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.coverage.models import UnitVerdict
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import rules_by_name

DONE, NOT_DONE = ("met", "late"), ("missed", "open")


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule and how the units within reach stand to it."""

    key: str  # rulebook/rule
    rule: Rule | None
    done: int
    waiting: int

    @property
    def title(self) -> str:
        return self.rule.title if self.rule else self.key

    @property
    def asked(self) -> int:
        return self.done + self.waiting

    @property
    def share(self) -> float | None:
        """Done of those it asks; None when it asks nobody."""
        return self.done / self.asked if self.asked else None

    @property
    def note(self) -> str:
        return f"{self.done} 个做到，{self.waiting} 个还没有"


def verdicts(scope: Scope, place: int | None = None) -> QuerySet[UnitVerdict]:
    """Of the present year, on units that still are."""
    still = overlapping(scope.on, scope.on, starts="unit__founded_on", ends="unit__closed_on")
    rows = UnitVerdict.objects.within(scope).filter(still, year=scope.on.year)
    rows = rows.filter(unit__place=place) if place else rows
    rows = rows.select_related("unit", "unit__organisation", "unit__place", "unit__authority")
    return rows.order_by("unit__organisation__path", "unit__name", "rulebook", "rule")


def judged(scope: Scope, place: int | None = None) -> list[Judged]:
    """Every rule that asks a unit within reach."""
    rules = rules_by_name()
    rows = verdicts(scope, place).order_by().values("rulebook", "rule")
    counts = rows.annotate(done=Count("pk", Q(status__in=DONE)), waiting=Count("pk", Q(status__in=NOT_DONE))).order_by(
        "rulebook", "rule"
    )
    return [
        Judged(
            f"{one['rulebook']}/{one['rule']}", rules.get((one["rulebook"], one["rule"])), one["done"], one["waiting"]
        )
        for one in counts
    ]


def waiting(scope: Scope, key: str, place: int | None = None) -> list[UnitVerdict]:
    """What is not done, of one rule (`key`) or of all; each with the `title` of its rule."""
    rows = verdicts(scope, place).filter(status__in=NOT_DONE)
    if key:
        rulebook, _, rule = key.partition("/")
        rows = rows.filter(rulebook=rulebook, rule=rule)
    rules, found = rules_by_name(), list(rows)
    for one in found:
        rule = rules.get((one.rulebook, one.rule))
        one.title, one.words = (rule.title, rule.sentence) if rule else (one.rule, "")
    return found
