"""The units of a programme as a workbook: what the page shows, all pages of it."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.programmes import queries
from zhibu.web.programmes.models import Programme

MOST = 20_000


@action("programmes.export")
def export(*, by: Scope, programme: Programme, state: str, shown: str) -> bytes:
    """`state` as in the page's filter, `shown` in words."""
    found = list(queries.units(by, programme, state)[:MOST])
    themed = ["主题"] if programme.themes else []
    cells: list[list[sheets.Cell]] = [
        [row.unit.name, row.records, row.last, *([f"{row.themes}/{len(programme.themes)}"] if themed else [])]
        for row in queries.lines(by, programme, found)
    ]
    write(
        by=by, action="programmes.export",
        sentence=f"导出{programme.get_kind_display()} {programme.name}：{len(found)} 个支部", thing=programme,
        organisation=programme.organisation, new={"rows": len(found)},
    )  # fmt: skip
    about = f"{shown}；{programme.starts_on} 至 {programme.ends_on or '没有定'}；{programme.document}"
    headings = ["党支部", "计入的记录", "最近一次", *themed]
    return sheets.workbook(sheets.Sheet(programme.name, about, headings, cells, [40, 14, 14, 12]))
