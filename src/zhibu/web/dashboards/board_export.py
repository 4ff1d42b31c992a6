"""导出所见: the board as a workbook, with the same rows, order and items, and the filters in row 2."""

from __future__ import annotations

from dataclasses import replace

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.dashboards.board import Asked, Board, Row, board
from zhibu.web.dashboards.places import home_area
from zhibu.web.duties.models import Tally
from zhibu.web.organisations.models import Sector

MOST = 2000  # rows of one workbook


@action("board.export")
def export(*, by: Scope, asked: Asked) -> bytes:
    """All rows of the filter on one sheet. Whoever takes a table away leaves a line in the log."""
    found = board(by, replace(asked, size=MOST, page="1", part=0))
    sheet = _sheet(found)
    place = asked.area or home_area(by)
    write(
        by=by, action="board.export", sentence=f"导出{sheet.title}", thing=place or Tally(), organisation=place,
        new={"filters": sheet.filters, "rows": len(found.rows)},
    )  # fmt: skip
    return sheets.workbook(sheet)


def file_name(scope: Scope, asked: Asked) -> str:
    unit = (asked.area.short_name or asked.area.name) if asked.area else "联系点"
    return sheets.file_name(unit, "挂图作战", asked.month.label, scope.on)


def filters_in_words(found: Board) -> str:
    asked = found.asked
    parts = [f"期次：{asked.month.words}", f"单位：{asked.area.name if asked.area else '联系点'}"]
    parts += [f"连同 {asked.month.before.month} 月到期还没有办的"] if asked.present else []
    if asked.sector:
        parts.append(f"类别：{Sector(asked.sector).label}")
    if asked.item:
        parts.append(f"按事项排：{next((i.title for i in found.items if i.key == asked.item), asked.item)}")
    parts += ["只看有逾期的"] if asked.only_late else []
    parts += [f"数据截至 {found.evaluation.as_of.isoformat()}"] if found.evaluation else []
    return "；".join([*parts, "应办不含“不要求”和“缓办”；“逾期/应办”按项计"])


def _sheet(found: Board) -> sheets.Sheet:
    unit = found.asked.area.name if found.asked.area else "联系点"
    headings = ["组织", "代码", "支部", "逾期支部", "逾期", "应办", *(item.title for item in found.items)]
    rows = [*map(_row, found.rows), _total(found)] if found.rows else []
    widths = [28, 12, 8, 10, 8, 8, *([12] * len(found.items))]
    return sheets.Sheet(f"{unit}{found.asked.month.words}挂图作战", filters_in_words(found), headings, rows, widths)


def _row(row: Row) -> list[sheets.Cell]:
    cells = [cell.words for cell in row.by_item]
    name = f"{row.organisation.name}（本级）" if row.own else row.organisation.name
    return [name, row.organisation.code, row.branches, row.late_branches, row.late, row.due, *cells]


def _total(found: Board) -> list[sheets.Cell]:
    shares = [f"{item.counts.missed}/{item.counts.due}" for item in found.items]
    return ["合计 逾期/应办", "", None, None, found.total.missed, found.total.due, *shares]
