"""What is in force, for the engine and for pages. Rules are public inside the installation: no scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType

from django.db.models import Count, Q, QuerySet, Sum

from zhibu.engine.rulebooks.model import Rulebook as EngineBook
from zhibu.engine.scheme import Scheme as EngineScheme
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.library import book_of, scheme_of
from zhibu.web.regulations.models import Rule, Rulebook, Scheme


def published() -> QuerySet[Rulebook]:
    """Rulebooks not withdrawn, the centre's first."""
    return Rulebook.objects.filter(withdrawn_at=None)


def books_in_force() -> tuple[EngineBook, ...]:
    """The engine's objects of every published rulebook."""
    return tuple(book_of(text, file) for text, file in published().values_list("text", "file"))


def editions() -> tuple[str, ...]:
    """What is in force by its digests: as long as they are the same, so are the rules."""
    return tuple(published().values_list("digest", flat=True))


def books_of(digests: Iterable[str]) -> tuple[EngineBook, ...]:
    """The engine's objects of these published rulebooks."""
    rows = Rulebook.objects.filter(digest__in=digests).values_list("text", "file")
    return tuple(book_of(text, file) for text, file in rows)


def schemes_in_force() -> QuerySet[Scheme]:
    """The current version of every published scheme, the latest year first."""
    return Scheme.objects.filter(withdrawn_at=None).order_by("-year")


def scheme_texts() -> list[tuple[int, str]]:
    """(year, text) of every published scheme, the latest first."""
    return list(schemes_in_force().values_list("year", "text"))


def scheme_for(year: int) -> EngineScheme | None:
    """The year's assessment scheme; the last earlier one when the year has none yet."""
    row = scheme_row(year)
    return scheme_of(row.text) if row else None


def scheme_row(year: int) -> Scheme | None:
    """The published row of `scheme_for(year)`, for pages."""
    return schemes_in_force().filter(year__lte=year).first()


def rules_by_name() -> Mapping[tuple[str, str], Rule]:
    """(rulebook, rule) → the row in words, for pages that list verdicts. One small query: a published rule never
    changes, so the rows are read again only when other rulebooks are in force. Not to be written to."""
    return _rules_of(tuple(published().values_list("pk", "published_at")))


@lru_cache(maxsize=4)
def _rules_of(books: tuple[tuple[int, datetime], ...]) -> Mapping[tuple[str, str], Rule]:
    rows = Rule.objects.filter(book__in=[pk for pk, _ in books]).select_related("book").defer("book__text")
    rows = rows.order_by("book__since", "position")
    return MappingProxyType({(row.book.rulebook, row.rule): row for row in rows})


def counts_in(scheme: Scheme, rulebook: str, rule: str) -> bool:
    """The rule belongs to a dimension of the published scheme."""
    names = {f"{rulebook}/{rule}", f"{rulebook}/*"}
    return any(not names.isdisjoint(dimension["rules"]) for dimension in scheme.dimensions)


def scheme_versions() -> QuerySet[Scheme]:
    """Every version of every scheme ever published, the latest first."""
    return Scheme.objects.order_by("-published_at", "-pk")


def books_on(day: date) -> QuerySet[Rulebook]:
    """The rulebooks that were published, and not yet withdrawn, at the end of a day."""
    published_by_then = Rulebook.objects.filter(published_at__date__lte=day)
    return published_by_then.filter(Q(withdrawn_at=None) | Q(withdrawn_at__date__gt=day))


def books_with_counts() -> list[Rulebook]:
    """Published rulebooks without their texts, with `active` and `drafts` rules counted."""
    counts = {"active": Count("rules", Q(rules__status="active")), "drafts": Count("rules", Q(rules__status="draft"))}
    return list(published().defer("text").annotate(**counts))


def versions(rulebook: str) -> list[Rulebook]:
    """The published versions of one rulebook, the latest first."""
    return list(published().filter(rulebook=rulebook).order_by("-since"))


@dataclass(frozen=True, slots=True)
class Result:
    """A rule's year in a reader's reach: how many organisations it binds, and their duties by outcome."""

    bound: int
    done: int
    missed: int
    due: int

    @property
    def concluded(self) -> int:
        return self.done + self.missed

    @property
    def rate(self) -> float | None:
        return self.done / self.concluded if self.concluded else None


_COUNTED = ("met", "late", "missed", "open", "upcoming", "exempt")


def results(scope: Scope, rulebook: str, year: int) -> dict[str, Result]:
    """Rule → result of the year at the roots of the reach.

    Read through the organisation's roll-ups (`tallies`), which an app above keeps: regulations know no duties.
    """
    roots = Organisation.objects.within(scope).filter(path__in=scope.prefixes)
    rows = roots.filter(tallies__year=year, tallies__rulebook=rulebook).order_by()
    sums = {name: Sum(f"tallies__{name}") for name in _COUNTED}
    found: dict[str, list[dict[str, int]]] = defaultdict(list)
    for row in rows.values("tallies__rule", "tallies__period").annotate(**sums):
        found[row["tallies__rule"]].append(row)
    return {rule: _result(periods) for rule, periods in found.items()}


def _result(periods: list[dict[str, int]]) -> Result:
    """Every organisation has one duty in a period, so the fullest period tells how many are bound."""
    total = {name: sum(row[name] for row in periods) for name in _COUNTED}
    return Result(
        bound=max(sum(row[name] for name in _COUNTED) for row in periods),
        done=total["met"] + total["late"],
        missed=total["missed"],
        due=sum(total.values()) - total["exempt"],
    )
