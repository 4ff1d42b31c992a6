"""The list of cases as a workbook."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import queries
from zhibu.web.procedures.models import Case

MOST = 20_000
HEADINGS = (
    "编号", "程序", "党组织", "组织代码", "姓名或单位", "开始日期", "状态", "下一步", "由谁办", "最早", "最晚",
    "结果", "办结日期",
)  # fmt: skip
WIDTHS = (14, 16, 26, 12, 12, 12, 14, 20, 26, 12, 12, 16, 12)


@action("procedures.export")
def export(*, by: Scope, asked: queries.Asked, unit: str) -> bytes:
    """The rows of the page's filter, on one sheet; names as far as the post sees them."""
    found = queries.lines(by, queries.cases(by, asked)[:MOST])
    filters = "；".join(
        [f"单位：{unit}", f"范围：{queries.GROUPS.get(asked.group, '全部')}", f"截至 {by.on.isoformat()}"]
    )
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="procedures.export", sentence=f"导出办理台账 {unit} {len(found)} 件", thing=place or Case(),
        organisation=place, new={"filters": filters, "rows": len(found)},
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet(f"{unit}办理台账", filters, HEADINGS, [_row(one) for one in found], WIDTHS))


def _row(line: queries.Line) -> list[sheets.Cell]:
    case = line.case
    days = [one.isoformat() if one else "" for one in (case.next_from, case.next_until)]
    return [
        case.number, case.title, case.organisation.name, case.organisation.code, line.name, case.opened.isoformat(),
        f"{queries.GROUPS[line.group]}{'（逾期）' if line.overdue else ''}", case.next_title,
        case.next_at.name if case.next_at else "", *days, case.ended,
        case.ended_on.isoformat() if case.ended_on else "",
    ]  # fmt: skip
