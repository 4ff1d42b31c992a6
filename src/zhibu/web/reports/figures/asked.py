"""What every count is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

Number = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` as printed; empty for a line that is no number (a case)."""

    words: str
    value: str
    unit: str
    source: str
    url: str
    as_of: date
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An organisation with all below it, in days from `since` to `until`, as far as `scope` reaches.

    `action`: what the group of figures needs; the scope reaches where the post may do that.
    """

    scope: Scope
    here: Organisation
    since: date
    until: date

    def doing(self, action: str) -> Asked:
        return replace(self, scope=self.scope.doing(action))

    @property
    def as_of(self) -> date:
        """The last day that can be known."""
        return min(self.until, self.scope.on)

    @property
    def span(self) -> tuple[date, date]:
        return self.since, self.until

    def rows(self, model: Any) -> QuerySet:
        return model.objects.below(self.scope, self.here.path)

    def figure(self, words: str, value: Number, unit: str, source: str, url: str, basis: str = "") -> Figure:
        return Figure(words, shown(value), unit, source, url, self.as_of, basis)


def shown(value: Number) -> str:
    """1,234 and 98.5; `--` where there is nothing to tell."""
    return "--" if value is None else f"{value:,}"


def share(part: int, whole: int) -> Decimal | None:
    """Percent to one place; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None
