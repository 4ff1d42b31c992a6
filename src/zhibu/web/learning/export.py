"""Hours, who was trained, classes by organiser: as workbooks of what the pages show, each with its line in the log."""

from __future__ import annotations

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.learning import hours, queries
from zhibu.web.learning.audience import ALL, people
from zhibu.web.learning.models import TrainingClass
from zhibu.web.learning.words import FORMS, audience_word, choices
from zhibu.web.organisations.models import Organisation

MOST = 20_000  # rows of one workbook


@action("learning.export")
def hours_book(*, by: Scope, area: Organisation | None, year: int, unit: str) -> bytes:
    """学时 by form, a member a line, in the order of the roster."""
    forms = [word for _, word in choices(FORMS)]
    rows: list[list[sheets.Cell]] = [
        [one.member.organisation.name, one.member.name, *(told for _, told in one.by_form), one.total]
        for one in hours.studies(people(by, area, ALL)[:MOST], year)
    ]
    filters = f"单位：{unit}；{year} 年；截至 {by.on.isoformat()}"
    _line(by, f"导出学时 {unit} {len(rows)} 人", filters, len(rows))
    headings, widths = ["党组织", "姓名", *forms, "合计（学时）"], [30, 12, *[14] * len(forms), 12]
    return sheets.workbook(sheets.Sheet(f"{unit}{year}年学时", filters, headings, rows, widths))


@action("learning.export")
def trained_book(*, by: Scope, area: Organisation | None, year: int, audience: str, none: bool, unit: str) -> bytes:
    found = people(by, area, audience)
    chosen = list((queries.untrained(found, year) if none else found)[:MOST])
    known = queries.trained(chosen, year)
    rows: list[list[sheets.Cell]] = [
        [
            one.organisation.name, one.name, one.branch_post, "是" if one.pk in known else "否",
            "；".join(f"{held.name}（{held.ends_on:%Y-%m-%d}）" for held in known.get(one.pk, [])),
        ]
        for one in chosen
    ]  # fmt: skip
    state = "当年没有参加培训的" if none else "全部"
    filters = f"单位：{unit}；{year} 年；对象：{audience_word(audience)}；{state}"
    _line(by, f"导出受训情况 {unit} {len(rows)} 人", filters, len(rows))
    headings, widths = ["党组织", "姓名", "职务", "当年参加过培训班", "培训班"], [30, 12, 12, 16, 60]
    return sheets.workbook(sheets.Sheet(f"{unit}{year}年受训情况", filters, headings, rows, widths))


@action("learning.export")
def report_book(*, by: Scope, year: int, unit: str) -> bytes:
    """办班情况: numbers alone, nobody's name."""
    told = queries.report(by, year, by.on)
    rows: list[list[sheets.Cell]] = [[one.organisation.name, one.classes, one.people, one.hours] for one in told]
    filters = f"单位：{unit}；{year} 年；截至 {by.on.isoformat()}"
    _line(by, f"导出办班情况 {unit} {len(rows)} 个单位", filters, 0)
    headings, widths = ["举办单位", "期数", "人次", "学时"], [36, 10, 10, 10]
    return sheets.workbook(sheets.Sheet(f"{unit}{year}年办班情况", filters, headings, rows, widths))


def _line(by: Scope, sentence: str, filters: str, rows: int) -> None:
    place = queries.here(by)
    write(
        by=by, action="learning.export", sentence=sentence, thing=place or TrainingClass(), organisation=place,
        new={"filters": filters, "rows": rows},
    )  # fmt: skip
