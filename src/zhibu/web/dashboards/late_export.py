"""The 督办台 as a workbook: one line per overdue duty, in the order of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.dashboards.late import Asked, Late, days_late, late
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import period_of

MOST = 2000  # organisations
HEADINGS = ("组织", "代码", "事项", "期次", "期限", "逾期天数", "建议（由人决定）", "书记", "电话")
WIDTHS = (28, 12, 18, 14, 12, 10, 18, 10, 16)


@action("board.export")
def export(*, by: Scope, asked: Asked) -> bytes:
    found = late(by, replace(asked, size=MOST))
    sheet = sheets.Sheet(_title(asked), _filters(found, by), HEADINGS, list(_rows(found, by)), WIDTHS)
    write(
        by=by, action="board.export", sentence=f"导出{sheet.title}", thing=asked.area or Verdict(),
        organisation=asked.area, new={"filters": sheet.filters, "rows": found.duties},
    )  # fmt: skip
    return sheets.workbook(sheet)


def file_name(scope: Scope, asked: Asked) -> str:
    unit = (asked.area.short_name or asked.area.name) if asked.area else "联系点"
    return sheets.file_name(unit, "督办台", str(asked.year), scope.on)


def _title(asked: Asked) -> str:
    return f"{asked.area.name if asked.area else '联系点'}督办台"


def _filters(found: Late, scope: Scope) -> str:
    asked = found.asked
    parts = [f"单位：{asked.area.name if asked.area else '联系点'}", f"年度：{asked.year}（按期限）"]
    parts += [f"事项：{asked.item}"] if asked.item else []
    return "；".join([*parts, f"截至 {scope.on.isoformat()}"])


def _rows(found: Late, scope: Scope) -> Iterable[list[sheets.Cell]]:
    for row in found.rows:
        steps = {(one.rulebook, one.rule): one.step for one, _ in row.proposals}
        here = row.organisation
        for duty in row.duties:
            verdict, title = duty.verdict, duty.rule.title if duty.rule else duty.verdict.rule
            days = days_late(verdict.deadline, scope.on)
            yield [
                here.name, here.code, title, period_of(verdict, scope.on), verdict.deadline.isoformat(), days,
                steps.get((verdict.rulebook, verdict.rule), ""), here.secretary_name, here.phone,
            ]  # fmt: skip
