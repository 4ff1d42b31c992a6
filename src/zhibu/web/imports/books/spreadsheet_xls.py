"""Old .xls files are read in a child process with a limit on memory and time: their cells can claim a rectangle of
65,536 × 256 and there is no cheap way to look beforehand. The child hands rows over as lines of JSON, which can harm
nobody even if the file has taken the child over; run as `python -m zhibu.web.imports.books.spreadsheet_xls FILE`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import python_calamine as calamine

from zhibu.web.imports import limits
from zhibu.web.imports.books.cells import Cell
from zhibu.web.imports.books.refuse import Refused

_RESAVE = "用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再传"
Rows = Iterator[tuple[int, list[Cell]]]


def sheets(path: Path) -> list[tuple[str, Callable[[], Rows]]]:
    """(name, reader) of each visible sheet. Raises Refused when the child gave up."""
    spool = _Spool()
    command = [sys.executable, "-m", "zhibu.web.imports.books.spreadsheet_xls", str(path)]
    try:
        done = subprocess.run(  # noqa: S603
            command, stdout=spool.file, stderr=subprocess.DEVNULL, timeout=limits.XLS_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"文件太大，{limits.XLS_SECONDS} 秒还没有读完。{_RESAVE}") from None
    if done.returncode:
        raise Refused(f"这个 .xls 文件打不开。{_RESAVE}")
    return [(name, partial(_rows, spool, name)) for name in _names(spool)]


class _Spool:
    """What the child wrote; closed with the last reader."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115

    def __del__(self) -> None:
        self.file.close()


def _names(spool: _Spool) -> list[str]:
    return list(dict.fromkeys(name for name, _, _ in _all(spool)))


def _rows(spool: _Spool, name: str) -> Rows:
    return ((number, cells) for sheet, number, cells in _all(spool) if sheet == name)


def _all(spool: _Spool) -> Iterator[tuple[str, int, list[Cell]]]:
    spool.file.seek(0)
    for line in spool.file:
        name, number, cells = json.loads(line, object_hook=_cell)
        yield name, number, cells


_DAYS = {"datetime": datetime, "date": date, "time": time}


def _cell(tagged: dict[str, str]) -> Cell:
    """{"date": "2025-01-31"} → the day; what `_plain` wrote."""
    (kind, text), *_ = tagged.items()
    return _DAYS[kind].fromisoformat(text)


def _plain(cell: object) -> object:
    for kind, made in _DAYS.items():  # a datetime is a date too: the order matters
        if isinstance(cell, made):
            return {kind: cell.isoformat()}
    return str(cell)


def child(path: str) -> None:
    memory = limits.XLS_MEMORY_MB << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.XLS_SECONDS, limits.XLS_SECONDS))
    from zhibu.web.imports.books.workbook import walk

    book = calamine.CalamineWorkbook.from_path(path)
    for meta in book.sheets_metadata:
        if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet:
            for number, cells in walk(book.get_sheet_by_name(meta.name)):
                print(json.dumps((meta.name, number, cells[: limits.COLUMNS]), default=_plain))


if __name__ == "__main__":
    child(sys.argv[1])
