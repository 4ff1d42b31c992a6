"""A register taken out in the columns of its book: what was brought in comes out the same, and goes in unchanged."""

from __future__ import annotations

from collections.abc import Sequence

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.imports import limits, registers
from zhibu.web.imports.books.columns import COLUMNS, TITLES, Column
from zhibu.web.imports.models import Batch
from zhibu.web.organisations.models import Organisation

LEFT_OUT = {"serial", "id_number", "note"}


def columns(kind: str) -> Sequence[Column]:
    return [one for one in COLUMNS[kind] if one.field not in LEFT_OUT]


def unit(scope: Scope) -> str:
    place = Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
    return place.name if place else scope.title


def export(*, by: Scope, kind: str) -> bytes:
    """The rows of the post's reach, under the action of that register's own export. Raises NotAllowed."""
    return action(registers.OF[kind].EXPORT)(_export)(by=by, kind=kind)


def _export(*, by: Scope, kind: str) -> bytes:
    fields = [one.field for one in columns(kind)]
    rows = []
    for row in registers.OF[kind].rows(by):
        if len(rows) == limits.ROWS - 10:
            break
        cells = [row.get(field) for field in fields]
        rows.append([cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in cells])
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    told = f"单位：{place.name if place else by.title}；截至 {by.on.isoformat()}；可以改好再导入"
    write(
        by=by, action=registers.OF[kind].EXPORT, sentence=f"导出{TITLES[kind]} {len(rows)} 行", thing=Batch(),
        organisation=place, new={"rows": len(rows)},
    )  # fmt: skip
    headings = [one.names[0] for one in columns(kind)]
    return sheets.workbook(sheets.Sheet(TITLES[kind], told, headings, rows, (20,) * len(headings)))
