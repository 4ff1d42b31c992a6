"""What the overview lists as a workbook: branches, how far, members by grade. No person."""

from __future__ import annotations

from zhibu.web.appraisal import queries
from zhibu.web.appraisal.models import Appraisal, Grade
from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding

MOST = 20_000  # rows
HEADINGS = ("党支部", "情况", "名册日期", "归档日期", *Grade.labels, "等次名称")
WIDTHS = (34, 12, 12, 12, 8, 8, 10, 8, 30)


@action("appraisal.export")
def export(*, by: Scope, year: int, state: str, unit: str) -> bytes:
    """The rows of the page's filter, those that have not begun first."""
    shown = list(queries.places(by, year, state)[:MOST])
    rows = [_row(one) for one in queries.table(by, shown, year)]
    filters = f"单位：{unit}；{queries.STATES.get(state, '全部')}；等次人数只列已归档的"
    write(
        by=by, action="appraisal.export", sentence=f"导出民主评议情况 {unit} {year} 年", thing=Appraisal(),
        organisation=finding.own(by), new={"filters": filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet(f"{year}年民主评议党员", filters, HEADINGS, rows, WIDTHS))


def _row(one: queries.Row) -> list[sheets.Cell]:
    state, held = queries.STATES[one.state], one.round
    counts: list[sheets.Cell] = list(one.sums) if one.sums else [""] * len(Grade)
    days = [day.isoformat() if day else "" for day in (held and held.roster_on, held and held.archived_on)]
    return [one.place.name, state, *days, *counts, "、".join(held.grades.values()) if held else ""]
