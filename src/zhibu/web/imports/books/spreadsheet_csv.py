"""CSV: UTF-8 with or without mark, UTF-16 with mark, else GB18030, as Chinese Excel saves it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from zhibu.web.imports.books.cells import Cell
from zhibu.web.imports.books.refuse import Refused

_SAMPLE = 1 << 16
csv.field_size_limit(1 << 20)


def rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            delimiter = _delimiter(file.read(_SAMPLE))
            file.seek(0)
            for number, cells in enumerate(csv.reader(file, delimiter=delimiter), 1):
                yield number, list(cells)
        except (csv.Error, UnicodeError) as error:
            raise Refused("CSV 文件损坏，读到一半停了。用 Excel 打开，另存为 .xlsx 后再传") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(_SAMPLE):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise Refused("CSV 的文字编码认不出来。用 Excel 打开，另存为 .xlsx 后再传")


def _delimiter(sample: str) -> str:
    return max(",\t;", key=lambda mark: sample.count(mark))
