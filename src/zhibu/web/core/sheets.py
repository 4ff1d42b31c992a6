"""Tables out: a workbook or CSV of what the page shows. Nothing in them can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

Cell = str | int | float | Decimal | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LONG = 32_000  # characters; Excel stops at 32,767
# What a spreadsheet may take for the start of a formula, full-width signs included.
RISKY = tuple("=+-@\t\r\n＝＋－＠")


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
            page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", "", sheet.title)[:31] or "表")
            _fill(page, sheet, bold)
    return buffer.getvalue()


def _fill(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, bold: xlsxwriter.format.Format) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.write_string(0, 0, _text(sheet.title), bold)
    page.write_string(1, 0, _text(sheet.filters))
    for column, heading in enumerate(sheet.headings):
        page.write_string(2, column, _text(heading), bold)
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
        page.write_string(row, column, _text(cell))


def _text(cell: Cell) -> str:
    """As it is, without the control characters that make a workbook unreadable."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", " ", str(cell))[:TOO_LONG]


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark, so that Excel reads it; risky texts get an apostrophe in front."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in ([sheet.title], [sheet.filters], sheet.headings, *sheet.rows):
        writer.writerow([_harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _harmless(cell: Cell) -> str:
    text = "" if cell is None else str(cell).replace("\x00", " ")
    risky = isinstance(cell, str) and text.lstrip(" ").startswith(RISKY)
    return f"'{text}" if risky else text


def download(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"  # should a browser show it after all
    return response
