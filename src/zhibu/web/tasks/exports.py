"""The ledger of tasks as a workbook: what the page shows, with its line in the log."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding
from zhibu.web.tasks import queries
from zhibu.web.tasks.models import Task

MOST = 20_000
HEADINGS = ("任务", "类别", "办成的标准", "板块", "交办单位", "承办单位", "承办人", "定下的日期", "期限", "办到哪一步",
            "报办结日期", "办结日期", "期限内报办结", "定下至今（天）", "最近一步")  # fmt: skip
WIDTHS = (40, 10, 30, 14, 26, 26, 10, 12, 12, 16, 12, 12, 14, 14, 12)


@action("tasks.export")
def ledger(*, by: Scope, asked: queries.Asked) -> bytes:
    """The rows of the page's filter."""
    found = queries.filtered(queries.tasks(by), asked, by)[:MOST]
    rows = [_row(one, by) for one in found]
    own = finding.own(by)
    write(
        by=by, action="tasks.export", sentence=f"导出任务台账 {by.unit} {len(rows)} 件", thing=own or Task(),
        organisation=own, new={"filters": asked.filters(), "rows": len(rows)},
    )  # fmt: skip
    title = f"{by.unit}任务台账"
    return sheets.workbook(sheets.Sheet(title, f"截至 {by.on}；{asked.filters()}", HEADINGS, rows, WIDTHS))


def _row(one: Task, by: Scope) -> list[sheets.Cell]:
    order = one.order
    in_time = {None: "", True: "是", False: "否"}[one.in_time]
    return [
        order.title, order.get_kind_display(), order.measure, order.section, one.organisation.name, one.owner.name,
        one.person, order.decided_on, one.due_on, one.get_state_display(), one.reported_on, one.closed_on, in_time,
        one.age(by.on), one.moved_on,
    ]  # fmt: skip
