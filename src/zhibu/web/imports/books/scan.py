"""One pass over the XML of a workbook before any library sees it. Serves speed and safety: regular expressions on the
raw bytes, linear in their length.

Two things can't be had later: a single filled cell at XFD1048576 makes a reader allocate the whole rectangle, and
calamine gives a formula's cached value without saying that it is a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhibu.web.imports import limits
from zhibu.web.imports.books.refuse import Refused

_TAIL = 400  # longer than one opening tag of a cell
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACROS = re.compile(rb"macroEnabled", re.IGNORECASE)
# A filled cell (no self-closing tag) in column GS or later, or in row 200000 or later.
_FAR = re.compile(
    rb"<(?:\w{1,8}:)?c\s(?:[^<>]{0,150}\s)?r=[\"'](?:[A-Z]{3,}\d+|(?:[H-Z][A-Z]|G[S-Z])\d+|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7,}))[\"']"
    rb"[^<>]{0,150}(?<!/)>"
)
# The same by its address alone: begins with a literal, so the search runs at the speed of memchr.
_MAYBE_FAR = re.compile(rb' r="(?:[A-Z]{3}|[H-Z][A-Z]\d|G[S-Z]\d|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7}))')
_FORMULA = re.compile(
    rb"<(?:\w{1,8}:)?c\s(?:[^<>]{0,150}\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]{0,150}>\s{0,20}<(?:\w{1,8}:)?f[\s/>]"
)
_MOST_FORMULAS = 200_000


class Budget:
    """Bytes that may still be unpacked."""

    def __init__(self, left: int):
        self.left = left

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Refused(f"文件解开后超过 {limits.UNPACKED_MB} MB，没有读取。删去用不着的工作表和图片，或分成几个文件")

    def counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.spend(len(chunk))
            yield chunk


def part(chunks: Iterable[bytes]) -> None:
    """Refuse entities and macros in any XML part."""
    for window in _windows(chunks):
        _entities(window)
        if _MACROS.search(window):
            raise Refused("文件带有宏（.xlsm）。另存为不带宏的“Excel 工作簿（.xlsx）”后再传")


def sheet(chunks: Iterable[bytes]) -> set[tuple[int, int]]:
    """(row, column) of the formula cells of a sheet; refuses a cell far outside the table."""
    found: set[tuple[int, int]] = set()
    for window in _windows(chunks):
        _entities(window)
        if (_MAYBE_FAR.search(window) or b"r='" in window) and _FAR.search(window):
            raise Refused(
                f"表格里有单元格在第 {limits.ROWS:,} 行或第 {limits.COLUMNS} 列以外。"
                "删去表格右边和下边用不着的行列，保存后再传"
            )
        if b"<f" in window or b":f" in window:
            for letters, row in _FORMULA.findall(window):
                found.add((int(row), column_number(letters.decode())))
        if len(found) > _MOST_FORMULAS:
            raise Refused("表格里公式太多。全选后“选择性粘贴—数值”，保存再传")
    return found


def column_number(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _entities(window: bytes) -> None:
    if _DOCTYPE.search(window):
        raise Refused("文件里有不该有的 XML 声明，没有读取。用 Excel 或 WPS 打开，另存后再传")


def _windows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, each with the end of the one before, so that nothing hides on a border."""
    tail = b""
    for chunk in chunks:
        if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refused("文件的文字编码不是 UTF-8，没有读取。用 Excel 或 WPS 打开，另存后再传")
        window = tail + chunk
        yield window
        tail = window[-_TAIL:]
