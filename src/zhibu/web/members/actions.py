"""Taking the roster away as a workbook: masked, and with a line in the log."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.members import queries
from zhibu.web.members.models import Member
from zhibu.web.members.queries import KINDS, Asked
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of one workbook
HEADINGS = (
    "党组织", "组织代码", "姓名", "性别", "人员类别", "流动党员", "支部职务", "公民身份号码", "手机号码",
    "加入日期", "转正日期",
)  # fmt: skip
WIDTHS = (24, 12, 10, 6, 10, 10, 12, 22, 14, 12, 12)


@action("members.export")
def export(*, by: Scope, asked: Asked, unit: str) -> bytes:
    """The rows of the page's filter, on one sheet, numbers masked as on the page."""
    found = queries.roster(by, asked)[:MOST]
    rows = [_row(queries.shown(member)) for member in found]
    filters = _filters(asked, unit, by)
    place = asked.area or Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="members.export", sentence=f"导出党员名册 {unit} {len(rows)} 人", thing=place or Member(),
        organisation=place, new={"filters": filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet(f"{unit}党员名册", filters, HEADINGS, rows, WIDTHS))


def _filters(asked: Asked, unit: str, by: Scope) -> str:
    parts = [f"单位：{unit}", f"类别：{KINDS.get(asked.kind, '全部')}"]
    parts += [f"姓名含：{asked.q}"] if asked.q else []
    return "；".join([*parts, f"截至 {by.on.isoformat()}", "身份号码和手机号中间隐去"])


def _row(one: queries.Shown) -> list[sheets.Cell]:
    return [
        one.organisation, one.code, one.name, one.sex, one.kind, "是" if one.floating else "", one.post, one.identity,
        one.phone, one.joined_on.isoformat(), one.full_on.isoformat() if one.full_on else "",
    ]  # fmt: skip
