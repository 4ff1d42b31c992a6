"""P18 事项库: what is asked of whom, on what basis. Read-only here; texts come in by publishing."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.regulations.pages import rule_pages
from zhibu.web.regulations.queries import books_with_counts, results, versions
from zhibu.web.regulations.words import LEVELS


@page("regulations.view")
def rulebooks(request: HttpRequest) -> HttpResponse:
    """Every published rulebook, the centre's first."""
    books = sorted(books_with_counts(), key=lambda book: (_level(book.level), book.rulebook, book.since))
    levels = [(LEVELS.get(level, level), list(group)) for level, group in groupby(books, key=lambda book: book.level)]
    return htmx.page(
        request,
        "regulations/rulebooks.html",
        {"levels": levels, "today": request.scope.on, "may_try": request.scope.may("trials.view")},
    )


@page("regulations.view")
def rulebook(request: HttpRequest, rulebook: str) -> HttpResponse:
    """One rulebook, rule by rule, with the year's result in the reader's reach; `?since=` for an older version."""
    scope = request.scope
    found = versions(rulebook)
    book = next(
        (one for one in found if one.since.isoformat() == request.GET.get("since")), found[0] if found else None
    )
    if book is None:
        raise Http404
    shown = results(scope.doing("branch.view"), rulebook, scope.on.year) if scope.may("branch.view") else {}
    context = {
        "book": book,
        "level": LEVELS.get(book.level, book.level),
        "versions": [one for one in found if one.pk != book.pk],
        "rules": rule_pages(list(book.rules.all()), shown),
        "year": scope.on.year,
        "shows_results": scope.may("branch.view"),
    }
    return htmx.page(request, "regulations/rulebook.html", context)


def _level(level: str) -> int:
    return list(LEVELS).index(level) if level in LEVELS else len(LEVELS)
