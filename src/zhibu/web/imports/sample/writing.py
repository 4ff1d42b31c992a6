"""Writes a book as a county office would: title and unit rows, blank rows, a total, a footer."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from zhibu.web.imports.sample.mistakes import Formula, Number
from zhibu.web.imports.sample.sheets import EXTRA, HEADINGS, MEMBERS, ORGANISATIONS, Line


def dress(kind: str, lines: list[Line], dice: random.Random) -> list[Line]:
    """With blank rows, the header once more in the middle, a total and a footer."""
    dressed = list(lines)
    for _ in range(2):
        dressed.insert(dice.randrange(1, len(dressed)), Line({}, frame=True))
    if dice.random() < 0.5:
        heads = {name: (plain, other) for name, plain, other in HEADINGS[kind]}
        dressed.insert(len(dressed) // 2, Line({"#header": heads}, frame=True))
    good = sum(not line.why for line in lines)
    total: dict[str, Any] = {"serial": dice.choice(("合计", "总计", "合 计"))}
    if kind == MEMBERS:
        total["name"] = f"{good}人"
    elif kind == ORGANISATIONS:
        total["note"] = f"共{good}个"
    dressed.append(Line(total, frame=True))
    if dice.random() < 0.5:
        dressed.append(Line({"serial": "填表人：　　　审核人："}, frame=True))
    return dressed


def write(path: Path, kind: str, title: str, lines: list[Line], dice: random.Random, *, extra: bool, odd: bool) -> int:
    """Write the workbook; `lines` get their Excel row in `facts["row"]`. Returns the row of the header."""
    other = odd and dice.random() < 0.5
    columns = [entry for entry in HEADINGS[kind] if extra or entry[0] not in EXTRA]
    start = dice.randrange(2, 5) if odd else 0
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31])
        day = book.add_format({"num_format": "yyyy/m/d"})
        bold = book.add_format({"bold": True, "border": 1, "align": "center"})
        if odd:
            sheet.merge_range(0, 0, 0, len(columns) - 1, title, bold)
            sheet.write_string(1, 0, "填报单位：（盖章）　　　　填报日期：2026年1月5日")
        titles = [entry[2 if other else 1] for entry in columns]
        sheet.write_row(start, 0, titles, bold)
        sheet.set_column(1, len(columns), 16)
        for row, line in enumerate(lines, start + 1):
            line.facts["row"] = row + 1
            if "#header" in line.cells:
                sheet.write_row(row, 0, titles)
                continue
            for column, (name, _, _) in enumerate(columns):
                _cell(sheet, row, column, line.cells.get(name, ""), day)
    return start + 1


def _cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, None, "")
    elif isinstance(value, Number):
        sheet.write_number(row, column, value.value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif value != "":
        sheet.write_string(row, column, value)
