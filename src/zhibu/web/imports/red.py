"""The user's own file back: red cells with comments, and a column 问题说明 to the right of the table.

Two forms: the whole book marked, or only the header and the bad rows, to be put right and sent again (the good ones are
in the database by then). Text stays text: a value that begins with = is written as a string, never as a formula.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.reader import drawings
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from zhibu.web.core.sheets import clean
from zhibu.web.imports.books.cells import blank, text
from zhibu.web.imports.books.check import OpenBook
from zhibu.web.imports.books.table import Table

log = logging.getLogger(__name__)
drawings.PILImage = (
    False  # pictures are left out: a stranger's picture is decoded in files/pixels.py's child, never here
)
COLUMN = "问题说明"
# openpyxl keeps every cell as an object: 37 MB for a million in read-only mode, 400 MB in this one. Larger books are
# written anew with XlsxWriter, without the user's own formatting.
MOST_CELLS = 400_000
_RED = PatternFill("solid", fgColor="FFFFC7CE")
_AMBER = PatternFill("solid", fgColor="FFF2CC")

Findings = list[dict[str, Any]]  # lines of store.findings


def marked(book: OpenBook, findings: Iterable[dict[str, Any]]) -> bytes:
    """The whole book with its findings marked, warnings in amber."""
    found = list(findings)
    if _is_xlsx(book.path) and max(len(table.header.titles) for table in book.tables) * _rows(book) <= MOST_CELLS:
        try:
            return _mark(book, found)
        except Exception:  # openpyxl is stricter than Excel about styles, names and drawings
            log.info("book %s is written anew", book.path.name, exc_info=True)
    return _written(book, found, only_bad=False)


def only_bad(book: OpenBook, findings: Iterable[dict[str, Any]]) -> bytes:
    """The header and the rows that were not accepted, ready to be corrected and sent again."""
    return _written(book, [line for line in findings if not line["accepted"]], only_bad=True)


def _is_xlsx(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _rows(book: OpenBook) -> int:
    return sum(1 for table in book.tables for _ in table.sheet.read())


# --- the user's own file ------------------------------------------------------------------------------------------


def _mark(book: OpenBook, findings: Findings) -> bytes:
    with book.path.open("rb") as file:
        workbook = openpyxl.load_workbook(file, keep_links=False)
    workbook.defined_names.clear()  # a name may stand for a formula
    for sheet in workbook.worksheets:
        sheet.defined_names.clear()
        _harmless(sheet)
    for table in book.tables:
        sheet = workbook[table.sheet.name]
        place = _column(table) + 1
        _title(sheet, table, place)
        for line in findings:
            if line["sheet"] == table.sheet.name:
                _mark_row(sheet, line, place)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _column(table: Table) -> int:
    """Where 问题说明 stands: right of the header, or where it stood when the file came back once before."""
    titles = table.header.titles
    return titles.index(COLUMN) if COLUMN in titles else table.header.last_column + 1


def _title(sheet: Worksheet, table: Table, place: int) -> None:
    cell = sheet.cell(table.header.row, place)
    beside = sheet.cell(table.header.row, max(1, place - 1))
    cell.value = COLUMN
    cell.font, cell.border, cell.alignment = copy(beside.font), copy(beside.border), copy(beside.alignment)
    sheet.column_dimensions[cell.column_letter].width = 60
    for below in _cells(sheet):
        if below.column == place and below.row > table.header.row:
            below.value = None


def _cells(sheet: Worksheet) -> list[Cell]:
    """The cells there are. iter_rows would make every cell up to the last formatted one: 17 thousand million."""
    return [cell for cell in sheet._cells.values() if isinstance(cell, Cell)]


def _mark_row(sheet: Worksheet, line: dict[str, Any], place: int) -> None:
    for column, reason, level in line["findings"]:
        if column is None:
            continue
        cell = sheet.cell(line["row"], column + 1)
        if isinstance(cell, Cell):  # not the inside of a merged area
            _comment(cell, reason)
            if level == "error" or cell.fill != _RED:
                cell.fill = _RED if level == "error" else _AMBER
    cell = sheet.cell(line["row"], place)
    if isinstance(cell, Cell):
        _set_text(cell, _says(line))


def _comment(cell: Cell, reason: str) -> None:
    before = f"{cell.comment.text}\n" if cell.comment else ""
    comment = Comment(f"{before}{reason}"[:1000], "支部")
    comment.width, comment.height = 260, 90
    cell.comment = comment


def _says(line: dict[str, Any]) -> str:
    errors = [reason for _, reason, level in line["findings"] if level == "error"]
    hints = [reason for _, reason, level in line["findings"] if level != "error"]
    return "；".join(errors + [f"提示：{hint}" for hint in hints])


def _harmless(sheet: Worksheet) -> None:
    """Formulas become the text they are; links go."""
    for cell in _cells(sheet):
        if cell.data_type == "f":
            _set_text(cell, str(getattr(cell.value, "text", cell.value)))
        if cell.hyperlink:
            cell.hyperlink = None


def _set_text(cell: Any, words: str) -> None:
    cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", words)[:32_000]
    cell.data_type = "s"
    cell.quotePrefix = True


# --- written anew -------------------------------------------------------------------------------------------------


def _written(book: OpenBook, findings: Findings, *, only_bad: bool) -> bytes:
    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options | {"constant_memory": False}) as workbook:
        formats = {
            "head": workbook.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2", "text_wrap": True}),
            "error": workbook.add_format({"bg_color": "#FFC7CE", "num_format": "@"}),
            "warning": workbook.add_format({"bg_color": "#FFF2CC", "num_format": "@"}),
            "text": workbook.add_format({"num_format": "@"}),
            "wrap": workbook.add_format({"text_wrap": True, "num_format": "@"}),
        }
        for number, table in enumerate(book.tables, 1):
            lines = {line["row"]: line for line in findings if line["sheet"] == table.sheet.name}
            if only_bad and not lines:
                continue
            sheet = workbook.add_worksheet(_sheet_name(table.sheet.name, number))
            _table(sheet, table, lines, formats, only_bad)
        if not workbook.worksheets():
            workbook.add_worksheet("没有问题行")
    return out.getvalue()


def _sheet_name(name: str, number: int) -> str:
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:31] or f"表{number}"


def _table(sheet, table: Table, lines: dict[int, dict[str, Any]], formats: dict[str, Any], only_bad: bool) -> None:
    place = _column(table)
    titles = list(table.header.titles[:place]) + [""] * (place - len(table.header.titles)) + [COLUMN]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, clean(title), formats["head"])
    sheet.set_column(0, max(0, place - 1), 14)
    sheet.set_column(place, place, 60)
    sheet.freeze_panes(1, 0)
    target = 1
    for number, cells in table.rows():
        line = lines.get(number)
        if only_bad and line is None:
            continue
        _row(sheet, target, cells[:place], line, place, formats)
        target += 1


def _row(
    sheet, target: int, cells: list[Any], line: dict[str, Any] | None, place: int, formats: dict[str, Any]
) -> None:
    found = {column: (reason, level) for column, reason, level in reversed(line["findings"])} if line else {}
    for column, value in enumerate(cells):
        reason, level = found.get(column, ("", "text"))
        if not blank(value) or reason:
            sheet.write_string(target, column, _plain(value), formats[level])
        if reason:
            sheet.write_comment(target, column, reason[:1000], {"author": "支部", "x_scale": 2})
    if line:
        sheet.write_string(target, place, clean(_says(line)), formats["wrap"])


def _plain(value: Any) -> str:
    """As the user sees it. A number too long for Excel stays visibly broken: it has to be typed again."""
    if isinstance(value, float) and abs(value) >= 1e15:
        return f"{value:.5E}"
    return clean(value) if isinstance(value, str) else text(value)
