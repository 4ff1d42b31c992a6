"""A table goes out, with its line."""

from __future__ import annotations

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation


@action("plans.export")
def export(*, by: Scope, sheet: sheets.Sheet, place: Organisation | None = None) -> bytes:
    """The workbook; `place`: of one organisation, else of the whole reach."""
    rows = list(sheet.rows)
    here = reached(Organisation.objects.within(by), place.pk) if place else None
    told = {"filters": sheet.filters, "rows": len(rows)}
    sentence = f"导出{sheet.title}，{len(rows)} 行"
    write(by=by, action="plans.export", sentence=sentence, thing=None, organisation=here, new=told, happened_on=by.on)
    return sheets.workbook(sheets.Sheet(sheet.title, sheet.filters, sheet.headings, rows, sheet.widths))
