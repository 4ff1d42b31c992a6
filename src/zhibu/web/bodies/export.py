"""下属单位党组织覆盖 as a workbook: one line a unit."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.bodies import queries
from zhibu.web.bodies.models import Subunit
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

HEADINGS = ("主管部门党组织", "下属单位", "已覆盖", "覆盖的党组织", "组建方式")
WIDTHS = (30, 30, 8, 30, 14)


@action("organisations.export")
def export(*, by: Scope) -> bytes:
    found = [unit for one in queries.departments(by) for unit in one.units]
    rows = [
        [unit.organisation.name, unit.name, "是" if queries.covered(unit) else "否",
         unit.covered_by.name if unit.covered_by else "", unit.get_mode_display()]
        for unit in found
    ]  # fmt: skip
    unit = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    done = sum(queries.covered(one) for one in found)
    sheet = sheets.Sheet("下属单位党组织覆盖", f"{len(rows)} 个单位，已覆盖 {done} 个", HEADINGS, rows, WIDTHS)
    write(
        by=by, action="organisations.export", sentence=f"导出下属单位党组织覆盖 {len(rows)} 条",
        thing=unit or Subunit(), organisation=unit, new={"filters": sheet.filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheet)
