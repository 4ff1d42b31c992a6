"""The ledgers as workbooks: no contact, nobody's name outside; each with its line in the log."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.concerns import queries, visiting
from zhibu.web.concerns.models import Concern, PointKind, PointVisit
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding

MOST = 20_000
HEADINGS = ("编号", "来源", "事项", "类别", "受理单位", "办理单位", "受理日期", "答复期限", "答复日期",
            "答复用时（天）", "状态", "结果", "评价")  # fmt: skip
WIDTHS = (14, 14, 40, 20, 26, 26, 12, 12, 12, 12, 16, 20, 10)
VISITS = ("日期", "联系点类别", "联系点", "单位", "去了几人", "做了什么", "发现问题", "已解决", "登记日期")
VISIT_WIDTHS = (12, 18, 30, 26, 9, 40, 9, 9, 12)


@action("concerns.export")
def ledger(*, by: Scope, asked: queries.Asked, unit: str) -> bytes:
    """The rows of the page's filter."""
    rows = [_row(one) for one in queries.filtered(queries.concerns(by), asked, by.on)[:MOST]]
    _line(by, f"导出反映事项台账 {unit} {len(rows)} 件", asked.filters(), len(rows))
    return sheets.workbook(
        sheets.Sheet(f"{unit}反映事项台账", f"单位：{unit}；{asked.filters()}", HEADINGS, rows, WIDTHS)
    )


@action("concerns.export")
def visits(*, by: Scope, year: int, kind: str, unit: str) -> bytes:
    """The months, then every visit of the year."""
    filters = f"{year} 年；类别：{PointKind(kind).label if kind else '全部'}"
    rows = [_visit(one) for one in visiting.visits(by, year, kind).filter(withdrawn_on=None)[:MOST]]
    months = [_month(one) for one in visiting.months(by, year)]
    _line(by, f"导出到联系点台账 {unit} {len(rows)} 次", filters, len(rows))
    heads = ("月份", *PointKind.labels, "合计（次）", "发现问题（个）", "已解决（个）")
    return sheets.workbooks([
        sheets.Sheet(f"{unit}到联系点按月", f"单位：{unit}；{year} 年", heads, months, (8, 18, 14, 14, 12, 14, 14)),
        sheets.Sheet("逐次", f"单位：{unit}；{filters}", VISITS, rows, VISIT_WIDTHS),
    ])  # fmt: skip


def _line(by: Scope, sentence: str, filters: str, rows: int) -> None:
    own = finding.own(by)
    write(
        by=by, action="concerns.export", sentence=sentence, thing=own or Concern(), organisation=own,
        new={"filters": filters, "rows": rows},
    )  # fmt: skip


def _row(one: Concern) -> list[sheets.Cell]:
    return [
        one.number, one.get_source_display(), one.what, one.kind.name if one.kind else "", one.organisation.name,
        one.handler.name, one.taken_on, one.due_on, one.replied_on, one.days, one.get_state_display(),
        one.get_outcome_display(), one.get_rating_display(),
    ]  # fmt: skip


def _visit(one: PointVisit) -> list[sheets.Cell]:
    return [
        one.visited_on, one.get_point_kind_display(), one.point, one.organisation.name, one.people, one.note,
        one.found, one.solved, one.recorded_on,
    ]  # fmt: skip


def _month(one: visiting.Month) -> list[sheets.Cell]:
    return [f"{one.month} 月" if one.month else "全年", *one.visits, one.all, one.found, one.solved]
