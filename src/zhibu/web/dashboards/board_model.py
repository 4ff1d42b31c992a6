"""What a board is: the question, its rows, its numbers. No database."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page

from zhibu.web.dashboards import items
from zhibu.web.dashboards.cells import Cell
from zhibu.web.dashboards.items import Counts, Item
from zhibu.web.dashboards.months import Month, Window
from zhibu.web.duties.models import Evaluation
from zhibu.web.organisations.models import Organisation

COLUMNS = 10  # items side by side; the others share one column, so that the table fits an office screen


def leads_deeper(organisation: Organisation) -> bool:
    """A branch is the last row, even where groups stand below it: their duties are in its row."""
    return bool(organisation.numchild) and not organisation.is_branch


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader chose; every field is in the address."""

    month: Month
    present: bool = False  # the month of the evaluation day, which also shows what is overdue of the month before
    area: Organisation | None = None  # None: the contact points themselves
    item: str = ""  # rulebook/rule: first column, and the order of the rows
    only_late: bool = False
    sector: str = ""
    part: int = 0  # which ten of the items
    page: str = "1"
    size: int = 50
    columns: int = COLUMNS

    @property
    def window(self) -> Window:
        return Window(self.month, self.present)


@dataclass(frozen=True, slots=True)
class Row:
    organisation: Organisation
    late: int
    due: int
    cells: tuple[Cell, ...]
    rest: Cell | None  # the items that have no column of their own
    own: bool = False  # 本级
    branches: int | None = None
    late_branches: int | None = None
    by_item: tuple[Cell, ...] = ()  # every item, for the phone, the export and the text

    @property
    def leads_deeper(self) -> bool:
        return not self.own and leads_deeper(self.organisation)

    @property
    def name(self) -> str:
        return "本级" if self.own else self.organisation.short_name or self.organisation.name

    @property
    def late_words(self) -> str:
        return f"逾期 {self.late} 项"

    @property
    def late_cells(self) -> list[Cell]:
        return sorted((cell for cell in self.by_item if cell.late), key=lambda cell: -cell.late)


@dataclass(frozen=True, slots=True)
class Board:
    asked: Asked
    evaluation: Evaluation | None
    items: tuple[Item, ...] = ()  # all that occur, with the totals of the area
    columns: tuple[Item, ...] = ()
    rest: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()
    page: Page | None = None
    organisations: int = 0
    late_organisations: int = 0
    soon: int = 0
    before: int | None = None  # overdue of the month before; None where the comparison says nothing
    all_branches: bool = False
    spread: tuple[float, float] | None = None  # the least and the greatest share overdue ÷ due of a row
    own_late: int = 0  # of the area's own duties

    @property
    def total(self) -> Counts:
        return items.total(self.items)

    @property
    def anything(self) -> bool:
        """Is there anything to speak of: evaluated, and something owed or overdue?"""
        return self.evaluation is not None and bool(self.total.due or self.total.missed)

    @property
    def spread_words(self) -> str:
        """各组织逾期占应办 0%–24%: how unevenly things go."""
        if self.spread is None or self.organisations < 2:
            return ""
        least, most = self.spread
        return f"各组织逾期占应办从 {100 * least:.0f}% 到 {100 * min(most, 1):.0f}%"

    @property
    def rest_total(self) -> Counts:
        return items.total(self.rest)

    @property
    def worst(self) -> Item | None:
        return max(self.items, key=lambda item: item.counts.missed, default=None) if self.total.missed else None

    @property
    def parts(self) -> int:
        return -(-len(self.items) // self.asked.columns)

    @property
    def next_part(self) -> int | str:
        return (self.asked.part + 1) % self.parts or ""

    @property
    def deep(self) -> bool:
        """Does any row lead deeper (then branches are counted beside it)?"""
        return any(row.leads_deeper for row in self.rows)
