"""Tables out: a workbook or CSV of what the page shows. Nothing in them can run as a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse

from zhibu.web.core.saved import to_be_saved

Cell = str | int | float | Decimal | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LONG = 32_000  # characters; Excel stops at 32,767
# What a spreadsheet may take for the start of a formula (OWASP, CSV Injection; memory). NFKC brings full-width, small
# and raised signs to these.
TRIGGERS = "=+-@\u2212"
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols by category, yet nothing to see


@dataclass(frozen=True, slots=True)
class Sheet:
    """Title in row 1, the filters in words in row 2, headings in row 3."""

    title: str
    filters: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = field(default=())


def file_name(unit: str, table: str, period: str, on: date, kind: str = "xlsx") -> str:
    """单位_表名_期次_日期.xlsx, without the characters a file system refuses."""
    parts = [part for part in (unit, table, period, on.isoformat()) if part]
    words = [re.sub(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+', "", part) for part in parts]
    return f"{'_'.join(words)[:150]}.{kind}"


def workbook(sheet: Sheet) -> bytes:
    return workbooks([sheet])


def workbooks(sheets: Iterable[Sheet]) -> bytes:
    """A page for each. Texts are written as strings, whatever they begin with; only numbers are numbers."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(re.sub(r"[\[\]:*?/\\'\s]+", " ", clean(sheet.title)).strip()[:31] or "表")
            _fill(page, sheet, bold)
    return buffer.getvalue()


def _fill(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, bold: xlsxwriter.format.Format) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.write_string(0, 0, clean(sheet.title), bold)
    page.write_string(1, 0, clean(sheet.filters))
    for column, heading in enumerate(sheet.headings):
        page.write_string(2, column, clean(heading), bold)
    page.freeze_panes(3, 1)
    page.set_landscape()
    page.repeat_rows(2)
    for number, row in enumerate(sheet.rows, 3):
        for column, cell in enumerate(row):
            _write(page, number, column, cell)


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        page.write_number(row, column, cell)
    elif cell is not None and cell != "":
        page.write_string(row, column, clean(cell))


def clean(cell: Cell) -> str:
    """As it is, without the control characters and halves of characters that make a file unreadable."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", " ", str(cell))[:TOO_LONG]


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark, so that Excel reads it; texts in quotes, an apostrophe before what could be a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_STRINGS)
    for row in ([sheet.title], [sheet.filters], sheet.headings, *sheet.rows):
        writer.writerow([_harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    """Each line of a text, because some readers begin a row at each."""
    if cell is None or (isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool)):
        return cell
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n")
    lines = [f"'{line}" if _begins_formula(line) else line for line in clean(text).split("\n")]
    return ("'" if text.startswith("\n") else "") + "\n".join(lines)


def _begins_formula(line: str) -> bool:
    """A tab leads, or the first sign to be seen is a trigger: blanks, controls and joiners before it hide nothing."""
    seen = (one for one in line if unicodedata.category(one)[0] not in "ZCM" and one not in BLANKS)
    return line.startswith("\t") or unicodedata.normalize("NFKC", next(seen, " "))[0] in TRIGGERS


def download(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    return to_be_saved(HttpResponse(content, content_type=kind), name)
