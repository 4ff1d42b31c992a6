"""提醒情况 as a workbook: what the page shows, all pages of it."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders import queries
from zhibu.web.reminders.models import Reminder

MOST = 20_000
HEADINGS = ["日期", "党组织", "谁", "身份", "提醒什么", "类别", "怎么提醒的"]


@action("reminders.export")
def export(*, by: Scope, area: Organisation | None) -> bytes:
    """`area` as in the page's filter; the latest first."""
    rows = [_line(one) for one in queries.told(by, area)[:MOST]]
    name = area.name if area else by.unit
    write(
        by=by, action="reminders.export", sentence=f"导出提醒情况 {name}：{len(rows)} 条", thing=None,
        organisation=area, new={"rows": len(rows)}, happened_on=by.on,
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet("提醒情况", name, HEADINGS, rows, [12, 36, 12, 12, 40, 24, 20]))


def _line(one: Reminder) -> list[sheets.Cell]:
    kind = f"{one.asked.sent_by}提醒" if one.asked else one.get_kind_display()
    ways = one.digest.ways if one.digest else "站内"
    return [one.on, one.organisation.name, one.user.name, one.get_role_display(), one.title, kind, ways]
