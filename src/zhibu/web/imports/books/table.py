"""The data rows of a sheet: what is no data (blank, total, footer, heading rows) is left out and counted."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhibu.web.imports import limits
from zhibu.web.imports.books.cells import Cell, blank, squeeze
from zhibu.web.imports.books.headers import Header, find_header, is_repeated
from zhibu.web.imports.books.workbook import Sheet

# The word, then nothing, a figure or a unit: 合计党支部 is an organisation.
_TOTAL = re.compile(
    r"^(?:合计|总计|小计|共计|累计|本页合计|本页小计|总数|汇总)(?:$|[^\u4e00-\u9fff]|[人个名数])|^共\d+"
)
_FOOTER = re.compile(
    r"^(?:填表人|制表人|审核人|填报人|负责人|经办人|联系人|复核人|填报单位|填表单位|填表说明|填报说明|说明|注|备注|单位|签字|签名|盖章"
    r"|打印日期|填报日期|制表日期|填表日期|填表时间|主管领导|领导签字|党委书记|支部书记|书记签字|审批人|统计人|第\d+页)(?:\(.*?\))?[:：]"
)
_FOOTER_BARE = re.compile(r"^(?:注[:：]|说明[:：]|第\d+页|以下空白|以下无正文|[—-]+完[—-]+)")
_DITTO = {"同上", "〃", "″", '"', "''", "同前"}
_PLAIN = ("serial", "note")


@dataclass(slots=True)
class Table:
    """One sheet with its header. Skipped rows are counted by why."""

    sheet: Sheet
    header: Header
    skipped: Counter = field(default_factory=Counter)
    book: int = 0  # place among the files of the call

    @property
    def kind(self) -> str:
        return self.header.kind

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """(Excel's row number, cells) of the data rows."""
        self.skipped.clear()
        last: list[Cell] = []
        width = len(self.header.titles)
        for number, cells in self.sheet.rows():
            if number <= self.header.row:
                continue
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            if why := self._no_data(number, cells):
                self.skipped[why] += 1
                continue
            self._ditto(cells, last)
            last = cells
            yield number, cells

    def formula(self, row: int, column: int) -> bool:
        return (row, column) in self.sheet.formulas

    def _no_data(self, number: int, cells: list[Cell]) -> str:
        """Why the row is no data; empty when it is. Looks no further than the second filled cell."""
        serial, told = self._serial_and_told(number, cells)
        if not told:
            return "blank"  # also when only the running number was filled in beforehand
        lead = "" if serial is None else squeeze(cells[serial])
        if serial is None or lead.isdigit() or not isinstance(cells[serial], str):
            lead = squeeze(cells[told[0]])
        if _TOTAL.match(lead):
            return "total"
        if _FOOTER.match(lead) or _FOOTER_BARE.match(lead):
            return "footer"
        if is_repeated(self.header, cells):
            return "header"
        if len(told) == 1 and serial is None and told[0] not in self._named():
            return "heading"
        return ""

    def _serial_and_told(self, number: int, cells: list[Cell]) -> tuple[int | None, list[int]]:
        """Where the running number stands, if it is filled, and the first two filled places beside it."""
        fields = self.header.fields
        plain = tuple(fields.get(name) for name in _PLAIN)
        serial, told = None, []
        for place, cell in enumerate(cells):
            if blank(cell) and not (self.sheet.formulas and (number, place) in self.sheet.formulas):
                continue
            if place == plain[0]:
                serial = place
                if isinstance(cell, str) and not squeeze(cell).isdigit():
                    told.append(place)  # 合计 stands where the number would
            elif place != plain[1]:
                told.append(place)
            if len(told) == 2:
                break
        return serial, told

    def _named(self) -> set[int]:
        return {place for name, place in self.header.fields.items() if name not in _PLAIN}

    def _ditto(self, cells: list[Cell], last: list[Cell]) -> None:
        for name in ("branch", "superior", "sector"):
            place = self.header.fields.get(name)
            if place is not None and isinstance(cells[place], str) and cells[place].strip() in _DITTO and last:
                cells[place] = last[place]


def table_of(sheet: Sheet) -> Table:
    """The table on a sheet. Raises NoHeader."""
    head = list(itertools.islice(sheet.rows(), limits.HEADER_ROWS))
    return Table(sheet, find_header(head))
