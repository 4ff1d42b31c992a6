"""Reads the fields of one row; what can't be read becomes a finding at its cell. Serves convenience."""

from __future__ import annotations

from datetime import date

from zhibu.web.imports.books import cells as c
from zhibu.web.imports.books.dates import NotADate, read_date
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.table import Table


class Fields:
    """One row of a table. `row` collects the findings."""

    __slots__ = ("_cells", "_table", "row")

    def __init__(self, table: Table, number: int, cells: list[c.Cell]):
        self._table, self._cells = table, cells
        self.row = Checked(table.sheet.name, number, table.book)

    def has(self, name: str) -> bool:
        """Does the table have this column?"""
        return name in self._table.header.fields

    def place(self, name: str) -> int | None:
        return self._table.header.fields.get(name)

    def raw(self, name: str) -> c.Cell:
        place = self.place(name)
        return "" if place is None else self._cells[place]

    def formula(self, name: str) -> bool:
        place = self.place(name)
        return place is not None and self._table.formula(self.row.row, place)

    def title(self, name: str) -> str:
        return self._table.header.title(name)

    def text(self, name: str, most: int) -> str:
        return c.text(self.raw(name))[:most]

    def error(self, name: str, reason: str) -> None:
        self.row.error(reason, self.place(name))

    def warn(self, name: str, reason: str) -> None:
        self.row.warn(reason, self.place(name))

    def date(self, name: str) -> date | None:
        try:
            return read_date(self.raw(name))
        except NotADate as error:
            self.error(name, f"日期不对：{self.title(name)}{error}")
            return None

    def past(self, name: str, today: date) -> date | None:
        """A date that can't lie ahead."""
        found = self.date(name)
        if found and found > today:
            self.error(name, f"{self.title(name)} {found.isoformat()} 还没有到，改为今天或以前的日期")
            return None
        return found

    def count(self, name: str, most: int = 1_000_000) -> int | None:
        """A whole number, not negative; None for an empty cell or one that was not understood (a finding says so)."""
        cell = self.raw(name)
        if c.missing(cell):
            return None
        number = c.whole_number(cell)
        if number is None or not 0 <= number <= most:
            self.error(name, f"{self.title(name)}“{c.text(cell)[:20]}”不是人数或个数，填整数，如 23")
            return None
        return number

    def person(self, name: str, most: int = 40) -> str:
        return c.person_name(self.raw(name))[:most]
