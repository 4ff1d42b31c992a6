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
_MERGED = re.compile(rb"mergeCell\s+ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
# A reader makes room for as many texts, styles … as a list says that it holds.
_COUNT = re.compile(rb"\b(?:uniqueC|c)ount\s*=\s*[\"']([^\"'<>]{0,40})[\"']")
_MOST_ENTRIES = 5_000_000
_ODD = "工作表的内部写法少见，没有读取。用 Excel 或 WPS 打开，另存后再传"


class Book:
    """Looks at the parts of one workbook; what they hold is counted together."""

    def __init__(self) -> None:
        self.cells = self.merged = 0

    def part(self, name: str, chunks: Iterable[bytes]) -> None:
        """Refuse entities, macros and lists that lie in any XML part."""
        texts = b""
        for window in xmlparts.windows(chunks):
            if name == "[Content_Types].xml" and _MACROS.search(window):
                raise Refused("文件带有宏（.xlsm）。另存为不带宏的“Excel 工作簿（.xlsx）”后再传")
            _honest_counts(window)
            texts = texts or (b"sst" if b"sst" in window[:2000] else b"-")
            if texts == b"sst":
                _short(window)

    def sheet(self, chunks: Iterable[bytes]) -> set[tuple[int, int]]:
        """(row, column) of the formula cells of a sheet; refuses cells far away and tables too large to hold.

        A reader allocates the whole rectangle around the filled cells: two of them far apart take a gigabyte.
        """
        found: set[tuple[int, int]] = set()
        extent = _Extent(limits.CELLS - self.cells)
        for window in xmlparts.windows(chunks):
            _short(window)
            _honest_counts(window)
            extent.add([(letters, row) for letters, row, empty in _cells(window) if not empty])
            if b"mergeCell" in window:
                self._merge(window)
            if b"<f" in window or b":f" in window:
                for letters, row in _FORMULA.findall(window):
                    found.add((int(row), column_number(letters.decode())))
            if len(found) > _MOST_FORMULAS:
                raise Refused("表格里公式太多。全选后“选择性粘贴—数值”，保存再传")
        self.cells += extent.area
        return found

    def _merge(self, window: bytes) -> None:
        areas = _MERGED.findall(window)
        if len(areas) < len(re.findall(rb"mergeCell[\s/>]", window)) - 1:  # the last one may be cut
            raise Refused(_ODD)
        for left, top, right, bottom in areas:
            wide = column_number(right.decode()) - column_number(left.decode()) + 1
            self.merged += max(1, wide) * max(1, int(bottom) - int(top) + 1)
        if self.merged > limits.MERGED:
            raise Refused("合并的单元格太多。取消合并，保存再传")


def _honest_counts(window: bytes) -> None:
    if b"ount" in window:
        for figure in _COUNT.findall(window):
            if not figure.isdigit() or int(figure[:9]) > _MOST_ENTRIES or len(figure) > 7:
                raise Refused(_ODD)


def _short(window: bytes) -> None:
    """No text of a cell is longer than a whole window."""
    if len(window) > limits.TEXT_KB << 10 and b"<" not in window:
        raise Refused("表格里有一格文字太长。删短或拆成几格再传")


def _cells(window: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """(column, row, / when empty) of the cells; refuses when there are more tags of cells than cells we can read."""
    if b"<c" not in window and b":c" not in window:
        return []
    cells = _USUAL.findall(window)
    begun = sum(map(window.count, _STARTS)) + (len(_PREFIXED.findall(window)) if b":c" in window else 0)
    last = window.rfind(b"<")
    cut = window[last:] if last > window.rfind(b">") else b""  # looked at whole in the next window
    begun -= cut.startswith(_STARTS) or bool(_PREFIXED.match(cut))
    if begun > len(cells):
        cells = _CELL.findall(window)
    if begun > len(cells) or len(cut) > _LONGEST:
        raise Refused(_ODD)
    return cells


class _Extent:
    """How far the filled cells of a sheet reach, and how many there are; `room` is what may still be held."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.rows = self.columns = self.cells = 0

    @property
    def area(self) -> int:
        return max(self.cells, self.rows * self.columns)

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
        if self.area > self.room:
            raise Refused(
                f"表格有 {self.rows:,} 行、{self.columns} 列，各表合计超过 {limits.CELLS:,} 格。"
                "删去右边用不着的列，或按乡镇、部门分成几个文件"
            )


def column_number(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
