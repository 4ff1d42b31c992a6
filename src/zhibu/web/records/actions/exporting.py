"""The list of records as a workbook: what the page shows, all pages of it. Numbers of people, no names."""

from __future__ import annotations

from django.db.models import QuerySet

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.records.models import Record

MOST = 20_000
HEADINGS = ("活动日期", "活动", "党组织", "主题", "应到", "实到", "录入日期", "活动后几天", "补课", "现在", "编号")
WIDTHS = (12, 30, 36, 40, 8, 8, 12, 12, 16, 12, 14)


@action("records.export")
def export(*, by: Scope, rows: QuerySet[Record], shown: str) -> bytes:
    """`rows` of the asker's reach; `shown`: the filters in words."""
    found = [_cells(one) for one in rows[:MOST]]
    write(
        by=by, action="records.export", sentence=f"导出活动记录，{len(found)} 条", thing=None, organisation=None,
        new={"filters": shown, "rows": len(found)}, happened_on=by.on,
    )  # fmt: skip
    about = f"{shown}；只导出前 {MOST:,} 条" if len(found) == MOST else shown
    return sheets.workbook(sheets.Sheet("活动记录", about, HEADINGS, found, WIDTHS))


def _cells(one: Record) -> list[sheets.Cell]:
    now = "已撤回" if one.withdrawn_at else one.get_review_display() if one.review else ""
    return [
        one.held_on, one.types_words, one.organisation.name, one.topic, one.expected, one.present, one.recorded_on,
        one.days_late, one.makes_up_words, now, one.number,
    ]  # fmt: skip
