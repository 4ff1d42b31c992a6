"""What is in force, for the engine and for pages. Rules are public inside the installation: no scope."""

from __future__ import annotations

from django.db.models import QuerySet

from zhibu.engine.rulebooks.model import Rulebook as EngineBook
from zhibu.engine.scheme import Scheme as EngineScheme
from zhibu.web.regulations.library import book_of, scheme_of
from zhibu.web.regulations.models import Rule, Rulebook, Scheme


def published() -> QuerySet[Rulebook]:
    """Rulebooks not withdrawn, the centre's first."""
    return Rulebook.objects.filter(withdrawn_at=None)


def books_in_force() -> tuple[EngineBook, ...]:
    """The engine's objects of every published rulebook."""
    return tuple(book_of(text, file) for text, file in published().values_list("text", "file"))


def scheme_for(year: int) -> EngineScheme | None:
    """The year's assessment scheme; the last earlier one when the year has none yet."""
    row = Scheme.objects.filter(year__lte=year).order_by("-year").values_list("text", flat=True).first()
    return scheme_of(row) if row else None


def rules_by_name() -> dict[tuple[str, str], Rule]:
    """(rulebook, rule) → the row in words, for pages that list verdicts. One query."""
    rows = Rule.objects.filter(book__withdrawn_at=None).select_related("book").order_by("book__since", "position")
    return {(row.book.rulebook, row.rule): row for row in rows}
