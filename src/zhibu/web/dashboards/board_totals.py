"""Which organisations are rows of a board, in which order, and the totals over all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.dashboards import items
from zhibu.web.dashboards.board_model import Asked
from zhibu.web.dashboards.items import Counts, sums
from zhibu.web.dashboards.months import Window
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.duties.status import soon_on
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation


def rows_of(scope: Scope, asked: Asked) -> QuerySet[Organisation]:
    if asked.area:
        rows = tree.children(asked.area).within(scope)
    else:
        rows = Organisation.objects.within(scope).filter(path__in=outermost(scope.prefixes))
    return rows.filter(sector=asked.sector) if asked.sector else rows


def outermost(prefixes: Iterable[str]) -> list[str]:
    """Contact points without those inside another one: nothing is counted twice."""
    kept: list[str] = []
    for path in sorted(prefixes):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def with_lateness(rows: QuerySet[Organisation], asked: Asked) -> QuerySet[Organisation]:
    """The worst first: by the chosen item, else by all of them."""
    window = asked.window
    in_month, inside = window.tallies("tallies__"), window.covering("tallies__")
    book, _, rule = asked.item.partition("/")
    of_item = in_month & Q(tallies__rulebook=book, tallies__rule=rule) if asked.item else in_month
    owed = sum((F(f"tallies__{name}") for name in items.COUNTED if name != "met"), F("tallies__met"))
    rows = rows.annotate(
        late=Coalesce(Sum("tallies__missed", filter=of_item), 0),
        late_of_all=Coalesce(Sum("tallies__missed", filter=in_month), 0),
        due=Coalesce(Sum(owed, filter=inside), 0),
    )
    return rows.order_by("-late", "-late_of_all", "path")


def counts_by_item(scope: Scope, asked: Asked, rows: QuerySet[Organisation]) -> dict[str, Counts]:
    tallies = _tallies(scope, asked, rows).filter(asked.window.tallies())
    tallies = tallies.values("rulebook", "rule").annotate(**sums(asked.window))
    return {f"{row['rulebook']}/{row['rule']}": Counts.of(row) for row in tallies.order_by()}


def _tallies(scope: Scope, asked: Asked, rows: QuerySet[Organisation]) -> QuerySet[Tally]:
    """The area's own tallies are the sum of its rows and of its own duties; with a filter the rows are summed."""
    tallies = Tally.objects.within(scope)
    if asked.area and not asked.sector:
        return tallies.filter(organisation=asked.area)
    return tallies.filter(organisation__in=rows.order_by().values("pk"))


def missed(scope: Scope, asked: Asked, rows: QuerySet[Organisation]) -> int | None:
    """Overdue of a month; None when that year was never evaluated."""
    found = _tallies(scope, asked, rows).filter(Window(asked.month).tallies())
    return found.aggregate(n=Sum("missed"))["n"]


def soon(scope: Scope, asked: Asked, rows: QuerySet[Organisation], today: date) -> int:
    near = Verdict.objects.within(scope).filter(asked.window.covering() & soon_on(today))
    if asked.area and not asked.sector:
        return near.filter(subtree("organisation__path", asked.area.path)).count()
    return near.annotate(row=row_of(rows)).exclude(row="").count()


def row_of(rows: Iterable[Organisation]) -> Case:
    """The path of the row in whose subtree a verdict lies; empty outside all of them."""
    cases = [When(subtree("organisation__path", row.path), then=Value(row.path)) for row in rows]
    return Case(*cases, default=Value(""), output_field=CharField())
