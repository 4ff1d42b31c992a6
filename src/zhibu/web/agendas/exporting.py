"""The bodies of a year as a workbook: what the page shows."""

from __future__ import annotations

from zhibu.web.agendas import queries
from zhibu.web.agendas.models import AgendaItem
from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

HEADINGS = ("单位", "专题研究（次）", "最近一次", "听取汇报（次）", "分管负责人", "职务")
WIDTHS = (40, 14, 14, 14, 16, 20)


@action("agendas.export")
def export(*, by: Scope, year: int) -> bytes:
    found = queries.lines(by, year)
    rows: list[list[sheets.Cell]] = [
        [
            one.place.name, len(one.special), one.last, one.heard,
            one.person.tenure.name if one.person else "", one.person.tenure.office.title if one.person else "",
        ]
        for one in found
    ]  # fmt: skip
    unit = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="agendas.export", sentence=f"导出 {year} 年专题研究党建工作情况 {len(rows)} 条",
        thing=unit or AgendaItem(), organisation=unit, new={"rows": len(rows)},
    )  # fmt: skip
    zero = sum(not one.special for one in found)
    about = f"{year} 年；{len(rows)} 个单位，{zero} 个还没有专题研究；次数按活动记录"
    return sheets.workbook(sheets.Sheet("专题研究党建工作", about, HEADINGS, rows, WIDTHS))
