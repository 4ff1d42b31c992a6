"""The rows of one page of the board: shares from the tallies, statuses from the verdicts, one query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Count, Q, Value, When

from zhibu.web.core.scope import Scope, any_subtree, subtree
from zhibu.web.dashboards.board_model import Asked, Row, leads_deeper
from zhibu.web.dashboards.board_totals import row_of
from zhibu.web.dashboards.cells import Cell, added, share_cell, status_cells
from zhibu.web.dashboards.items import Counts, Item, sums
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.duties.status import late_on
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

Columns = tuple[Item, ...]


def filled(
    scope: Scope,
    asked: Asked,
    rows: list[Organisation],
    found: list[Item],
    columns: Columns,
    rest: Columns,
    today: date,
) -> list[Row]:
    deep = [row for row in rows if leads_deeper(row)]
    flat = [row for row in rows if not leads_deeper(row)]
    cells = {**_shares(scope, asked, deep, found), **_statuses(scope, asked, flat, found, today)}
    branches, late = (_branches(scope, deep), _late_branches(scope, asked, deep, today)) if deep else ({}, {})
    return [
        _row(
            row, cells.get(row.pk, {}), found, columns, rest,
            branches=branches.get(row.path, 0) if leads_deeper(row) else None,
            late_branches=late.get(row.path, 0) if leads_deeper(row) else None,
        )
        for row in rows
    ]  # fmt: skip


def _row(organisation: Organisation, cells: dict[str, Cell], found: Iterable[Item], columns: Iterable[Item],
         rest: Columns, **more: object) -> Row:  # fmt: skip
    every = tuple(cells.get(item.key) or Cell(item) for item in found)
    by_key = {cell.item.key: cell for cell in every}
    others = [by_key[item.key] for item in rest]
    return Row(
        organisation,
        late=sum(cell.late for cell in every),
        due=sum(cell.due for cell in every),
        cells=tuple(by_key[item.key] for item in columns),
        rest=added(others) if rest else None,
        by_item=every,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def own_row(scope: Scope, asked: Asked, found: list[Item], columns: Columns, rest: Columns,
         today: date) -> Row | None:  # fmt: skip
    """The area's own duties; nothing under a filter by sector, or when it has none."""
    if asked.area is None or asked.sector:
        return None
    own = (
        Verdict.objects.within(scope)
        .filter(asked.window.verdicts(late_on(today)), organisation=asked.area)
        .select_related("organisation")
    )
    row = _row(
        asked.area,
        status_cells(own, {item.key: item for item in found}, asked.window, today),
        found,
        columns,
        rest,
        own=True,
    )
    late = sum(cell.late for cell in row.by_item if not asked.item or cell.item.key == asked.item)
    return row if row.due and (late or not asked.only_late) else None


def _shares(scope: Scope, asked: Asked, rows: list[Organisation], found: list[Item]) -> dict[int, dict[str, Cell]]:
    if not rows:
        return {}
    known = {item.key: item for item in found}
    tallies = Tally.objects.within(scope).filter(asked.window.tallies(), organisation__in=[row.pk for row in rows])
    cells: dict[int, dict[str, Cell]] = defaultdict(dict)
    for row in tallies.values("organisation_id", "rulebook", "rule").annotate(**sums(asked.window)).order_by():
        key = f"{row['rulebook']}/{row['rule']}"
        if key in known:
            cells[row["organisation_id"]][key] = share_cell(known[key], Counts.of(row))
    return cells


def _statuses(
    scope: Scope, asked: Asked, rows: list[Organisation], found: list[Item], today: date
) -> dict[int, dict[str, Cell]]:
    """Status cells of branches; the duties of groups below a branch are judged with it."""
    if not rows:
        return {}
    alone = Q(organisation__in=[row.pk for row in rows])
    groups = any_subtree("organisation__path", tuple(row.path for row in rows if row.numchild))
    verdicts = Verdict.objects.within(scope).filter(alone | groups).filter(asked.window.verdicts(late_on(today)))
    by_path: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts.select_related("organisation").order_by("deadline"):
        by_path[verdict.organisation.path].append(verdict)
    known = {item.key: item for item in found}
    return {row.pk: status_cells(_inside(by_path, row), known, asked.window, today) for row in rows}


def _inside(by_path: dict[str, list[Verdict]], row: Organisation) -> list[Verdict]:
    if not row.numchild:
        return by_path.get(row.path, [])
    return [verdict for path, found in by_path.items() if path.startswith(row.path) for verdict in found]


def _branches(scope: Scope, rows: list[Organisation]) -> dict[str, int]:
    """Number of branches in each row's subtree."""
    cases = [When(subtree("path", row.path), then=Value(row.path)) for row in rows]
    branches = Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None)
    grouped = branches.annotate(row=Case(*cases, default=Value(""), output_field=CharField())).exclude(row="")
    return dict(grouped.order_by().values_list("row").annotate(n=Count("pk")))


def _late_branches(scope: Scope, asked: Asked, rows: list[Organisation], today: date) -> dict[str, int]:
    late = Verdict.objects.within(scope).filter(asked.window.verdicts(late_on(today)) & late_on(today))
    late = late.filter(organisation__kind__in=BRANCH_KINDS).annotate(row=row_of(rows)).exclude(row="")
    return dict(late.order_by().values_list("row").annotate(n=Count("organisation", distinct=True)))
