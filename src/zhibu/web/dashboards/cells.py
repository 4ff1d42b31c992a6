"""Cells of the board. Their status is computed from verdicts and a day; nobody can set one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.web.dashboards.items import Counts, Item
from zhibu.web.dashboards.months import Window
from zhibu.web.design.vocabulary import STATUSES
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import Shown, shown

# Of several duties in one cell the one that most needs somebody speaks.
WORST_FIRST = ("late", "returned", "soon", "waiting", "todo", "extended", "done", "na")


@dataclass(frozen=True, slots=True)
class Cell:
    """One organisation × item: a status for a branch, late and due for an area."""

    item: Item
    status: str = "na"
    text: str = ""
    late: int = 0
    due: int = 0
    share: bool = False
    code: str = ""  # whose duty the status is, and of which period: where the explanation stands
    period: str = ""

    @property
    def shown_due(self) -> int:
        """Never less than what is overdue, so that it can't be hidden where nothing is owed any more."""
        return max(self.due, self.late)

    @property
    def words(self) -> str:
        """For exports and the phone: 5/64, or 已逾期 with its days."""
        if self.share:
            return f"{self.late}/{self.shown_due}" if self.shown_due else "--"
        return self.text or STATUSES[self.status].word


REST = Item("", "其他事项", "", (0, "", ""))


def share_cell(item: Item, counts: Counts) -> Cell:
    return Cell(item, late=counts.missed, due=counts.due, share=True)


def added(cells: Iterable[Cell]) -> Cell:
    """The items without a column of their own, in one cell."""
    cells = list(cells)
    return Cell(REST, late=sum(cell.late for cell in cells), due=sum(cell.due for cell in cells), share=True)


def status_cells(
    verdicts: Iterable[Verdict], known: Mapping[str, Item], window: Window, today: date
) -> dict[str, Cell]:
    """key → cell, the worst of its duties; `late` counts them all, so that rows and totals agree."""
    by_key: dict[str, list[tuple[Verdict, Shown]]] = defaultdict(list)
    for verdict in verdicts:
        by_key[f"{verdict.rulebook}/{verdict.rule}"].append((verdict, shown(verdict, today)))
    return {key: _cell(known[key], found, window) for key, found in by_key.items() if key in known}


def _cell(item: Item, found: list[tuple[Verdict, Shown]], window: Window) -> Cell:
    worst, face = min(found, key=lambda one: WORST_FIRST.index(one[1].status))
    return Cell(
        item,
        status=face.status,
        text=face.text,
        late=sum(one.status == "late" for _, one in found),
        code=worst.organisation.code,
        period=worst.period,
        due=sum(verdict.status != "exempt" and not window.owed_again(verdict.period) for verdict, _ in found),
    )
