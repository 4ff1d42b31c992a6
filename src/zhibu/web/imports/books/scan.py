"""One pass over the XML of a workbook before any library sees it. Serves speed and safety: regular expressions on the
raw bytes, linear in their length.

Two things can't be had later: a single filled cell at XFD1048576 makes a reader allocate the whole rectangle, and
calamine gives a formula's cached value without saying that it is a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhibu.web.core import xmlparts
from zhibu.web.imports import limits
from zhibu.web.imports.books.refuse import Refused

_MACROS = re.compile(rb"macroEnabled", re.IGNORECASE)
# A cell as every office program writes it: its address first. Any other spelling could hide an address from us and show
# it to the reader.
_CELL = re.compile(
    rb"<(?:\w{1,8}:)?c\s+r=[\"']([A-Z]{1,3})(\d{1,7})[\"'](?:\s+(?!r=)\w{1,10}=[\"'][^\"'<>&]{0,40}[\"']){0,5}\s{0,5}(/?)>"
)
_USUAL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="\d{1,6}")?(?: t="\w{1,9}")?(/?)>')  # the same, twice as fast
_STARTS = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r")
_PREFIXED = re.compile(rb"<\w{1,99}:c[\s/>]")
_LONGEST = 300  # bytes of one tag
_FORMULA = re.compile(
    rb"<(?:\w{1,8}:)?c\s(?:[^<>]{0,150}\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]{0,150}>\s{0,20}<(?:\w{1,8}:)?f[\s/>]"
)
_MOST_FORMULAS = 200_000


def part(chunks: Iterable[bytes]) -> None:
    """Refuse entities and macros in any XML part."""
    for window in xmlparts.windows(chunks):
        if _MACROS.search(window):
            raise Refused("文件带有宏（.xlsm）。另存为不带宏的“Excel 工作簿（.xlsx）”后再传")


def sheet(chunks: Iterable[bytes]) -> set[tuple[int, int]]:
    """(row, column) of the formula cells of a sheet; refuses cells far outside the table and tables too large to hold.

    A reader allocates the whole rectangle around the filled cells: two of them far apart are enough to take a gigabyte.
    """
    found: set[tuple[int, int]] = set()
    extent = _Extent()
    for window in xmlparts.windows(chunks):
        extent.add([(letters, row) for letters, row, empty in _cells(window) if not empty])
        if b"<f" in window or b":f" in window:
            for letters, row in _FORMULA.findall(window):
                found.add((int(row), column_number(letters.decode())))
        if len(found) > _MOST_FORMULAS:
            raise Refused("表格里公式太多。全选后“选择性粘贴—数值”，保存再传")
    return found


def _cells(window: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """(column, row, / when empty) of the cells; refuses when there are more tags of cells than cells we can read."""
    cells = _USUAL.findall(window)
    begun = sum(map(window.count, _STARTS)) + (len(_PREFIXED.findall(window)) if b":c" in window else 0)
    last = window.rfind(b"<")
    cut = window[last:] if last > window.rfind(b">") else b""  # looked at whole in the next window
    begun -= cut.startswith(_STARTS) or bool(_PREFIXED.match(cut))
    if begun > len(cells):
        cells = _CELL.findall(window)
    if begun > len(cells) or len(cut) > _LONGEST:
        raise Refused("工作表的内部写法少见，没有读取。用 Excel 或 WPS 打开，另存后再传")
    return cells


class _Extent:
    """How far the filled cells of a sheet reach, and how many there are."""

    def __init__(self) -> None:
        self.rows = self.columns = self.cells = 0

    def add(self, filled: list[tuple[bytes, bytes]]) -> None:
        if not filled:
            return
        letters = {column for column, _ in filled}
        self.columns = max(self.columns, *(column_number(one.decode()) + 1 for one in letters))
        self.rows = max(self.rows, *(int(row) for row in {row for _, row in filled}))
        self.cells += len(filled)
        if self.rows >= limits.ROWS or self.columns > limits.COLUMNS:
            raise Refused(
                f"表格里有单元格在第 {limits.ROWS:,} 行或第 {limits.COLUMNS} 列以外。"
                "删去表格右边和下边用不着的行列，保存后再传"
            )
        if self.cells > limits.CELLS or self.rows * self.columns > limits.CELLS:
            raise Refused(
                f"表格有 {self.rows:,} 行、{self.columns} 列，超过 {limits.CELLS:,} 格。"
                "删去右边用不着的列，或按乡镇、部门分成几个文件"
            )


def column_number(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
