"""The register and the list of what must be built, as workbooks, each with its line in the log."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.coverage import due, queries
from zhibu.web.coverage.models import Mode, Unit
from zhibu.web.coverage.queries import Asked
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of one workbook
HEADINGS = (
    "名称", "类别", "统一社会信用代码", "行业", "片区", "责任党委", "行业主管单位", "职工人数", "党员人数",
    "正式党员人数", "规模以上", "正常经营", "成立日期", "组建方式", "党组织", "有人联系", "工会", "团组织", "妇联组织",
    "固定活动场所", "企业党校", "暂不具备条件的原因",
)  # fmt: skip
WIDTHS = (30, 10, 20, 14, 12, 20, 20, 9, 9, 11, 9, 9, 12, 10, 24, 9, 6, 7, 9, 20, 9, 24)
DUE = ("名称", "类别", "片区", "责任党委", "事项", "期限", "党员人数", "职工人数", "规则")
DUE_WIDTHS = (30, 10, 12, 24, 20, 12, 9, 9, 40)


@action("coverage.export")
def register(*, by: Scope, asked: Asked, unit: str) -> bytes:
    """The rows of the page's filter."""
    rows = [_row(one) for one in queries.listed(by, asked)[:MOST]]
    filters = queries.filters(by, asked)
    _line(by, f"导出单位台账 {unit} {len(rows)} 个", filters, len(rows))
    return sheets.workbook(sheets.Sheet(f"{unit}单位台账", f"单位：{unit}；{filters}", HEADINGS, rows, WIDTHS))


@action("coverage.export")
def must_build(*, by: Scope, key: str, place: int | None, unit: str, filters: str) -> bytes:
    """What the page 应建应派 lists."""
    rows = [_due(one) for one in due.waiting(by, key, place)[:MOST]]
    _line(by, f"导出应建应派名单 {unit} {len(rows)} 条", filters, len(rows))
    return sheets.workbook(sheets.Sheet(f"{unit}应建应派名单", f"单位：{unit}；{filters}", DUE, rows, DUE_WIDTHS))


def _line(by: Scope, sentence: str, filters: str, rows: int) -> None:
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="coverage.export", sentence=sentence, thing=place or Unit(), organisation=place,
        new={"filters": filters, "rows": rows},
    )  # fmt: skip


def _row(one: Unit) -> list[sheets.Cell]:
    return [
        one.name, one.get_kind_display(), one.credit_code, one.trade, one.place.name if one.place else "",
        one.organisation.name if one.answered else "", one.authority.name if one.authority else "", one.employees,
        one.party_members, one.full_members, yes(one.above_scale), yes(one.operating),
        one.founded_on.isoformat() if one.founded_on else "", Mode(one.mode).label if one.mode else "",
        one.party_name or "", yes(one.sent), yes(one.union), yes(one.youth), yes(one.women), one.premises,
        yes(one.school), one.not_ripe,
    ]  # fmt: skip


def _due(one: due.UnitVerdict) -> list[sheets.Cell]:
    unit = one.unit
    return [
        unit.name, unit.get_kind_display(), unit.place.name if unit.place else "", unit.organisation.name, one.title,
        one.deadline.isoformat(), unit.party_members, unit.employees, one.words,
    ]  # fmt: skip


def yes(value: bool | None) -> str:
    return {True: "是", False: "否", None: ""}[value]
