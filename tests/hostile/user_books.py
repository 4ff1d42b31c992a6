"""Members' books as a user may send them: texts that look like formulas, formulas, links, names, more sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import batched
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.workbook.defined_name import DefinedName

HEADINGS = ["姓名", "公民身份号码", "出生日期", "人员类别", "所在党支部", "加入党组织日期", "转为正式党员日期", "备注"]
ROWS = 1000


def books(folder: Path, texts: Sequence[str]) -> Iterator[Path]:
    """All rows are wrong, so that each comes back in both forms."""
    for number, part in enumerate(batched(texts, ROWS)):
        yield _texts(folder / f"=党员{number}.xlsx", part)
    yield _formulas(folder / "+公式.xlsx", texts[:60])


def _texts(path: Path, texts: Sequence[str]) -> Path:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("=党员")
        for column, word in enumerate([*HEADINGS, "=1+1"]):
            sheet.write_string(0, column, word)
        for row, text in enumerate(texts, 1):
            for column in range(len(HEADINGS) + 1):
                sheet.write_string(row, column, text if column in (0, 7) else text[::-1])
    return path


def _formulas(path: Path, texts: Sequence[str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for text in texts:
        clean = ILLEGAL_CHARACTERS_RE.sub("", text).strip() or "x"
        sheet.append([f"={clean}"] * len(HEADINGS))
        for cell in sheet[sheet.max_row]:
            cell.hyperlink = "http://canary.invalid/"
    other = book.create_sheet("别的表")
    other["A1"], other["A2"] = '=HYPERLINK("http://canary.invalid/","x")', '=WEBSERVICE("http://canary.invalid/")'
    other["A3"].hyperlink = "http://canary.invalid/"
    book.defined_names["暗"] = DefinedName("暗", attr_text="cmd|'/C calc'!A0")
    sheet.defined_names["里"] = DefinedName("里", attr_text="[1]Sheet1!$A$1")
    book.save(path)
    return path
