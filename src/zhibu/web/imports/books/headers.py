"""Finds the header row wherever it is and says which book it heads. Serves meaning.

The kind of a book is told from its headings, never from its file name.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cache

from zhibu.web.imports import limits
from zhibu.web.imports.books.cells import Cell, squeeze
from zhibu.web.imports.books.columns import COLUMNS, KINDS, SIGNATURE, TITLES

_DECOR = re.compile(r"[*＊:：。.?？]{1,20}$|^[*＊]+|^\d+[.、]|_x000[AaDd]_")
_BRACKETED = re.compile(r"[(（\[【][^(（\[【)）\]】]*[)）\]】]")


class NoHeader(ValueError):
    """`str()` teaches what is missing. `kind` is the book it looks like, empty when it looks like none."""

    def __init__(self, sentence: str, kind: str = ""):
        super().__init__(sentence)
        self.kind = kind


@dataclass(slots=True)
class Header:
    """`row` is the last row of the header (1-based); `fields` gives the column (0-based) of each field."""

    kind: str
    row: int
    fields: dict[str, int]
    titles: list[str]
    ignored: list[str] = field(default_factory=list)

    def title(self, name: str) -> str:
        """The user's own heading of a field."""
        return self.titles[self.fields[name]]

    @property
    def last_column(self) -> int:
        return max((place for place, title in enumerate(self.titles) if title), default=0)


def heading(value: Cell) -> str:
    """A heading without decoration: 应到人数（人）* → 应到人数."""
    word = squeeze(value)
    bare = _DECOR.sub("", _BRACKETED.sub("", word))
    return bare or word


def find_header(rows: list[tuple[int, list[Cell]]]) -> Header:
    """The header among the first rows of a sheet. Raises NoHeader."""
    rows = rows[: limits.HEADER_ROWS]
    best: Header | None = None
    for place, (number, cells) in enumerate(rows):
        for titles, last in _candidates(rows, place, number, cells):
            for kind in KINDS:
                found = _match(kind, titles, last)
                if found and (best is None or _weight(found) > _weight(best)):
                    best = found
    if best is None:
        raise NoHeader(
            "没有找到表头。表头要有“党组织名称、上级党组织”，或“姓名、公民身份号码”，或“党支部、日期、活动类型”"
        )
    _require(best)
    return best


def _candidates(rows, place, number, cells):
    """The row alone; and the row with the one below it, for headers of two rows."""
    yield [squeeze(cell) for cell in cells], number
    if place + 1 < len(rows):
        below_number, below = rows[place + 1]
        width = max(len(cells), len(below))
        padded = list(cells) + [""] * (width - len(cells))
        lower = list(below) + [""] * (width - len(below))
        yield [squeeze(low) or squeeze(top) for top, low in zip(padded, lower, strict=True)], below_number


def _weight(header: Header) -> tuple[int, int]:
    """More fields first; of equal ones the earlier row."""
    return (len(header.fields), -header.row)


def _match(kind: str, titles: list[str], row: int) -> Header | None:
    fields = _fields(kind, tuple(titles))
    if not any(all(name in fields for name in names) for names in SIGNATURE[kind]):
        return None
    known = set(fields.values())
    ignored = [title for place, title in enumerate(titles) if title and place not in known]
    return Header(kind, row, dict(fields), titles, ignored)


@cache
def _names(kind: str) -> dict[str, tuple[str, int]]:
    """Every name of every column → (field, rank): the earlier name is the better one."""
    found: dict[str, tuple[str, int]] = {}
    for one in COLUMNS[kind]:
        for rank, name in enumerate(one.names):
            found.setdefault(heading(name), (one.field, rank))
            found.setdefault(squeeze(name), (one.field, rank))
    return found


def _fields(kind: str, titles: tuple[str, ...]) -> dict[str, int]:
    """field → column. Exact names first (the better name wins, then the left column), then telling fragments."""
    ranked: dict[str, tuple[int, int]] = {}
    names = _names(kind)
    for place, title in enumerate(titles):
        if found := names.get(title) or names.get(heading(title)):
            name, rank = found
            ranked[name] = min(ranked.get(name, (99, place)), (rank, place))
    fields = {name: place for name, (_, place) in ranked.items()}
    if len(fields) >= 2:
        _by_fragments(kind, titles, fields)
    return fields


def _by_fragments(kind: str, titles: tuple[str, ...], fields: dict[str, int]) -> None:
    for one in COLUMNS[kind]:
        if one.field in fields:
            continue
        taken = set(fields.values())
        for place, title in enumerate(titles):
            if place not in taken and len(title) <= 20 and any(part in title for part in one.like):
                fields[one.field] = place
                break


def _require(header: Header) -> None:
    for one in COLUMNS[header.kind]:
        if one.required and one.field not in header.fields:
            near = difflib.get_close_matches(one.names[0], header.ignored, n=1, cutoff=0.3)
            hint = f"表里最接近的是“{near[0]}”，把它改成“{one.names[0]}”" if near else f"加上“{one.names[0]}”一列"
            raise NoHeader(
                f"像是{TITLES[header.kind]}（第 {header.row} 行是表头），但缺“{one.names[0]}”一列。{hint}再传",
                header.kind,
            )


def is_repeated(header: Header, cells: list[Cell]) -> bool:
    """The header once more in mid-sheet, as printed pages have it."""
    named = [place for place in header.fields.values() if place < len(cells)]
    if not any(isinstance(cells[place], str) and squeeze(cells[place]) == header.titles[place] for place in named[:3]):
        return False
    same = sum(squeeze(cells[place]) == header.titles[place] for place in named)
    return same >= max(2, len(header.fields) // 2 + 1)
