"""挂图作战: organisations × items in one month. Rows that lead deeper show 「逾期/应办」 from the tallies; branches
show the status of each duty.

Every number adds up: the totals are those of all rows of the area, whatever page or 只看有逾期的 shows, and the area's
own duties stand in a row of their own (本级).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, ExpressionWrapper, F, FloatField, Max, Min, Q, QuerySet, Value
from django.db.models.functions import NullIf

from zhibu.web.core.scope import Scope
from zhibu.web.dashboards import items
from zhibu.web.dashboards.board_model import Asked, Board, Row
from zhibu.web.dashboards.board_rows import filled, own_row
from zhibu.web.dashboards.board_totals import counts_by_item, missed, rows_of, soon, with_lateness
from zhibu.web.dashboards.items import Item
from zhibu.web.dashboards.months import Window
from zhibu.web.duties.models import Evaluation
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation


def board(scope: Scope, asked: Asked) -> Board:
    evaluation = Evaluation.objects.filter(year=asked.month.year).first()
    if evaluation is None:
        return Board(asked, None)
    asked = replace(asked, present=Window.of(asked.month, evaluation.as_of).present)
    today = evaluation.as_of  # tallies and verdicts are of that day; the page says so
    everything = rows_of(scope, asked)
    found = items.counted(items.named(), counts_by_item(scope, asked, everything))
    columns, rest = columns_of(found, asked)
    counted = with_lateness(everything, asked)
    page = Paginator(_listed(counted, asked), asked.size).get_page(asked.page)
    rows = filled(scope, asked, list(page.object_list), found, columns, rest, today)
    own = own_row(scope, asked, found, columns, rest, today)
    if own and page.number == 1:
        rows.insert(0, own)
    return Board(
        asked, evaluation, tuple(found), columns, rest, tuple(rows), page,
        soon=soon(scope, asked, everything, today),
        before=None if asked.present else missed(scope, replace(asked, month=asked.month.before), everything),
        own_late=own.late if own else 0,
        **_how_many(counted),
    )  # fmt: skip


def _listed(rows: QuerySet[Organisation], asked: Asked) -> QuerySet[Organisation]:
    return (
        rows.filter(late__gt=0)
        if asked.only_late
        else rows.filter(Q(due__gt=0) | Q(late_of_all__gt=0) | Q(dissolved_on=None))
    )


def _how_many(rows: QuerySet[Organisation]) -> dict[str, Any]:
    """Organisations that owe something, those with something overdue, the spread between them; are all branches?"""
    owing = Q(due__gt=0) | Q(late_of_all__gt=0)
    share = F("late_of_all") * 1.0 / NullIf("due", Value(0))
    found = rows.annotate(share=ExpressionWrapper(share, FloatField())).aggregate(
        most=Max("share"),
        least=Min("share"),
        everyone=Count("pk", filter=owing),
        late=Count("pk", filter=Q(late_of_all__gt=0)),
        branches=Count("pk", filter=owing & Q(kind__in=BRANCH_KINDS)),
    )
    return {
        "organisations": found["everyone"],
        "late_organisations": found["late"],
        "spread": None if found["most"] is None else (found["least"], found["most"]),
        "all_branches": found["everyone"] == found["branches"],
    }


def columns_of(found: list[Item], asked: Asked) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Ten at a time, the most overdue first in choosing, in the order of the rulebooks; the chosen item leads."""
    ranked = sorted(found, key=lambda item: (item.key != asked.item, -item.counts.missed, -item.counts.due, item.place))
    start = asked.part * asked.columns
    picked = ranked[start : start + asked.columns] or ranked[: asked.columns]
    picked.sort(key=lambda item: (item.key != asked.item, item.place))
    keys = {item.key for item in picked}
    return tuple(picked), tuple(item for item in found if item.key not in keys)


__all__ = ["Asked", "Board", "Row", "board"]
