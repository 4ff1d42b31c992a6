"""Rows are added, a mistake is taken out again; the rate of a committee is set; the table is exported."""

from __future__ import annotations

from typing import Any

from django.db import models

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.funds import queries
from zhibu.web.funds.models import Budget, Fund, Income, Premises, Rate, Spend
from zhibu.web.organisations.models import Organisation

BOOKS: dict[str, type[models.Model]] = {
    "fund": Fund, "budget": Budget, "spend": Spend, "income": Income, "premises": Premises,
}  # fmt: skip
HEADINGS = (
    "党组织",
    "种类",
    "工资总额",
    "应提取",
    "已提取或拨付",
    "到账日期",
    "预算",
    "支出",
    "其中学习",
    "阵地（个）",
    "面积",
    "缺什么",
)


@action("funds.keep")
def add(*, by: Scope, organisation: Organisation, book: str, **told: Any) -> models.Model:
    """A row of one of BOOKS; a fund of the same kind and year is written over. Raises Unfit for a day ahead."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    for name in ("spent_on", "arrived_on"):
        if told.get(name) and told[name] > by.on:
            raise Unfit(name, "日期不能在今天以后")
    model = BOOKS[book]
    if model is Fund:
        made, _ = Fund.objects.within(by).update_or_create(
            organisation=here, kind=told.pop("kind"), year=told.pop("year"), defaults=told
        )
    else:
        made = model._default_manager.create(organisation=here, **told)
    word = str(model._meta.verbose_name)
    new = {name: str(value) for name, value in told.items() if name in ("year", "kind", "amount", "purpose", "source")}
    write(
        by=by, action="funds.keep", sentence=f"登记{word} {here.name}", thing=made, organisation=here, new=new,
        happened_on=told.get("spent_on"),
    )  # fmt: skip
    return made


@action("funds.keep")
def remove(*, by: Scope, book: str, number: int, why: str) -> None:
    """A row entered by mistake is taken out; the log keeps that it was there, and why it went."""
    model = BOOKS[book]
    row: Any = reached(model._default_manager.within(by).select_related("organisation"), number)  # type: ignore[attr-defined]
    word = str(model._meta.verbose_name)
    old = {"amount": str(row.amount)} if hasattr(row, "amount") else {}
    write(
        by=by, action="funds.keep", sentence=f"删去登记错的{word} {row.organisation.name}", thing=row,
        organisation=row.organisation, old=old, new={"reason": why},
    )  # fmt: skip
    row.delete()


@action("funds.rate")
def set_rate(*, by: Scope, organisation: Organisation, **told: Any) -> Rate:
    """The rate from a year on for the organisation and all below it, with its document."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    made, _ = Rate.objects.within(by).update_or_create(
        organisation=here, kind=told.pop("kind"), year=told.pop("year"), defaults=told
    )
    new = {"permille": str(made.permille), "basis": made.basis, "year": made.year}
    write(by=by, action="funds.rate", sentence=f"登记经费提取比例 {here.name}", thing=made, organisation=here, new=new)
    return made


@action("funds.export")
def export(*, by: Scope, year: int, want: str, unit: str) -> bytes:
    rows = queries.table(by, year, want)
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="funds.export", sentence=f"导出经费和阵地 {year} 年 {len(rows)} 行", thing=place or Fund(),
        organisation=place, new={"rows": len(rows)},
    )  # fmt: skip
    told = f"单位：{unit}；{year} 年；{queries.WANTS.get(want, '全部')}；截至 {by.on.isoformat()}；金额单位为元"
    cells = [_cells(row) for row in rows]
    return sheets.workbook(sheets.Sheet(f"{year}年经费和阵地", told, HEADINGS, cells, (28, *(14,) * 10, 24)))


def _cells(row: queries.Row) -> list[sheets.Cell]:
    fund = row.fund
    told: list[sheets.Cell] = ["", "", "", "", ""]
    if fund:
        due = row.due.amount if row.due else None
        arrived = fund.arrived_on.isoformat() if fund.arrived_on else ""
        told = [fund.get_kind_display(), fund.wages, due, fund.amount, arrived]
    return [row.place.name, *told, row.budget, row.spent, row.study, row.premises, row.area, row.said]
