"""Opens a book and walks its rows, whatever its form. Serves convenience: every form gives (row number, cells).

calamine holds a sheet in compact memory of its own and hands it out row by row; Python objects live for one row.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine

from zhibu.web.imports import limits
from zhibu.web.imports.books import sniff, spreadsheet_csv, spreadsheet_xls
from zhibu.web.imports.books.cells import Cell, blank
from zhibu.web.imports.books.refuse import Refused

Row = tuple[int, list[Cell]]


@dataclass(slots=True)
class Sheet:
    """`read()` starts the rows anew. `formulas` holds (row, column) of formula cells."""

    name: str
    read: Callable[[], Iterator[Row]]
    hidden: bool = False
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def rows(self) -> Iterator[Row]:
        for number, cells in self.read():
            if number > limits.ROWS:
                raise Refused(f"“{self.name}”超过 {limits.ROWS:,} 行。按乡镇或部门分成几个文件再传")
            yield number, cells[: limits.COLUMNS]


def open_book(path: Path) -> list[Sheet]:
    """The sheets of a file, hidden ones marked. Raises Refused."""
    found = sniff.sniff(path)
    if found.form == sniff.CSV:
        return [Sheet("", lambda: spreadsheet_csv.rows(path))]
    if found.form == sniff.XLS:
        return [Sheet(name, read) for name, read in spreadsheet_xls.sheets(path)]
    return _xlsx(path, found)


def _xlsx(path: Path, found: sniff.Sniffed) -> list[Sheet]:
    parts = _parts(path)
    book = _calamine(path)
    return [
        Sheet(
            name=meta.name,
            read=_reader(book, meta.name),
            hidden=meta.visible != calamine.SheetVisibleEnum.Visible,
            formulas={(row, column) for part, row, column in found.formulas if part == parts.get(meta.name)},
        )
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _calamine(path: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise Refused("文件设了打开密码。去掉密码，保存后再传") from error
    except Exception as error:
        raise Refused(f"文件损坏，打不开。{sniff.RESAVE}") from error


def _reader(book: calamine.CalamineWorkbook, name: str) -> Callable[[], Iterator[Row]]:
    """Rows of a sheet; it is parsed once, at the first look, and the header search is a look."""

    @cache
    def sheet() -> calamine.CalamineSheet:
        try:
            return book.get_sheet_by_name(name)
        except Exception as error:
            raise Refused(f"工作表“{name}”损坏，读不出来。{sniff.RESAVE}") from error

    return lambda: walk(sheet())


def walk(sheet: calamine.CalamineSheet) -> Iterator[Row]:
    """Rows with Excel's numbers; vertically merged cells are filled downwards.

    iter_rows gives the empty rows above the table but not the empty columns left of it (a test keeps watch).
    """
    left = [""] * (sheet.start[1] if sheet.start else 0)
    merged = _merged(sheet)
    above: dict[int, Cell] = {}
    for number, cells in enumerate(sheet.iter_rows(), 1):
        cells = left + cells
        for column, top in merged.get(number, ()):
            if number == top:
                above[column] = cells[column] if column < len(cells) else ""
            elif column < len(cells) and blank(cells[column]):
                cells[column] = above.get(column, "")
        yield number, cells


def _merged(sheet: calamine.CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """row → (column, top row) of each one-column merged area taller than one row."""
    found: dict[int, list[tuple[int, int]]] = {}
    left_over = limits.ROWS  # rows under merged areas, all together: areas that overlap are no table
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[: limits.MERGES]:
        if left == right and top < bottom <= limits.ROWS:
            left_over -= bottom - top + 1
            if left_over < 0:
                break
            for row in range(top, bottom + 1):
                found.setdefault(row + 1, []).append((left, top + 1))
    return found


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _parts(path: Path) -> dict[str, str]:
    """Name of a sheet → its file in the archive. The parts were searched for entities before."""
    try:
        with zipfile.ZipFile(path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
            rels = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError) as error:
        raise Refused(f"文件损坏，打不开。{sniff.RESAVE}") from error
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    sheets = list(book.iter(f"{_MAIN}sheet"))
    found = {sheet.get("name", ""): _inside(targets.get(sheet.get(f"{_REL}id"), "")) for sheet in sheets}
    if len(sheets) > limits.SHEETS:
        raise Refused(f"工作表太多，最多 {limits.SHEETS} 张。删去用不着的")
    if len(set(found.values())) < len(sheets):  # the same cells again and again
        raise Refused(f"文件的内部结构不对。{sniff.RESAVE}")
    return found


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
