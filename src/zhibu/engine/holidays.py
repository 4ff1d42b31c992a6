"""Working days by the State Council's yearly holiday table; other years know only weekends. Serves the meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa
import yaml

from zhibu.engine.errors import EngineError
from zhibu.engine.rulebooks.page import Page, read_page

TABLE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Holidays:
    """`off`: weekdays without work; `work`: weekend days with work; `years`: the years the table covers."""

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]

    def is_working(self, day: date) -> bool:
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def add(self, day: date, n: int) -> tuple[date, bool]:
        """The n-th working day after `day` (n = 0: the day itself), and whether a counted day is not covered."""
        guessed = False
        while n > 0 and day < date.max:
            day += timedelta(days=1)
            guessed = guessed or day.year not in self.years
            n -= self.is_working(day)
        return day, guessed

    def table(self, first: date, last: date) -> pa.Table:
        """One row a day, first … last inclusive: day date32, working bool, covered bool."""
        days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
        columns = {
            "day": pa.array(days, pa.date32()),
            "working": pa.array(map(self.is_working, days), pa.bool_()),
            "covered": pa.array((day.year in self.years for day in days), pa.bool_()),
        }
        return pa.table(columns)


@cache
def official() -> Holidays:
    """The table that comes with the engine."""
    return read(TABLE)


def read(path: Path | str) -> Holidays:
    """A holiday table: `years: {2025: {off: [dates], work: [dates]}}`. Raises EngineError with every fault."""
    page, root, _ = read_page(Path(path))
    table = Holidays(frozenset(), frozenset(), frozenset())
    if root is not None:
        found = page.mapping(root, "节假日表", ("years",), ("years",))
        table = _years(page, found["years"]) if "years" in found else table
    if page.faults:
        raise EngineError(page.faults)
    return table


def _years(page: Page, node: yaml.Node) -> Holidays:
    years, off, work = set[int](), set[date](), set[date]()
    for key, _, value in page.pairs(node, "years"):
        year = page.whole(key, "年份", least=1, most=9999)
        found = page.mapping(value, f"{year} 年", ("off", "work"), ("off", "work"))
        years.add(year)
        off |= _days(page, year, found.get("off"))
        work |= _days(page, year, found.get("work"))
    return Holidays(frozenset(years), frozenset(off), frozenset(work))


def _days(page: Page, year: int, node: yaml.Node | None) -> set[date]:
    days = set()
    for item in page.sequence(node, "日期", empty=True) if node is not None else []:
        day = page.day(item, "日期")
        if day.year not in (year, date.min.year):
            page.fault(item, f"{day} 不在 {year} 年")
        days.add(day)
    return days
