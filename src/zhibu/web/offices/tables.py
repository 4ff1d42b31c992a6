"""A register as a page and as a workbook: the same headings and rows, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.core.sheets import Cell
from zhibu.web.offices.models import Office
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of a workbook


@dataclass(frozen=True, slots=True)
class Row:
    """`url`: where the first cell leads; `late`: something is due here."""

    cells: tuple[Cell, ...]
    url: str = ""
    late: bool = False

    @property
    def texts(self) -> list[str]:
        """As a page shows them; days as in the workbook."""
        return ["--" if one is None or one == "" else str(one) for one in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """`headline`: the sentence the page begins with; `empty`: why there is nothing and what to do next."""

    title: str
    headline: str
    headings: Sequence[str]
    rows: list[Row]
    empty: str
    notes: tuple[str, ...] = field(default=())


@action("offices.export")
def export(*, by: Scope, table: Table, unit: str, area: Organisation | None) -> bytes:
    """The rows of a register as a workbook, with its audit line."""
    sheet = sheets.Sheet(
        f"{unit}{table.title}", f"单位：{unit}；截至 {by.on.isoformat()}", table.headings,
        [row.cells for row in table.rows[:MOST]], [28] + [16] * (len(table.headings) - 1),
    )  # fmt: skip
    place = area or Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="offices.export", sentence=f"导出{sheet.title}", thing=Office(), organisation=place,
        new={"filters": sheet.filters, "rows": len(sheet.rows)},
    )  # fmt: skip
    return sheets.workbook(sheet)
