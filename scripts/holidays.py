"""Writes src/zhibu/engine/holidays.yaml from the package `chinesecalendar`: run once a year, in December.

.venv/bin/python scripts/holidays.py
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

FIRST, LAST = 2018, 2026
TARGET = Path(__file__).parents[1] / "src/zhibu/engine/holidays.yaml"
HEAD = """\
# 国务院办公厅历年节假日安排:off 是放假的工作日(周一至周五),work 是调休上班的周末。
# 由 scripts/holidays.py 生成,来源 chinesecalendar {version};不在表中的年份按周末休息计,并标为“暂定”。
years:
"""


def main() -> None:
    lines = [HEAD.format(version=chinese_calendar.__version__)]
    lines += [year_entry(year) for year in range(FIRST, LAST + 1)]
    TARGET.write_text("".join(lines), encoding="utf-8")


def year_entry(year: int) -> str:
    first = date(year, 1, 1)
    days = [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
    off = [day for day in days if day.weekday() < 5 and chinese_calendar.is_holiday(day)]
    work = [day for day in days if day.weekday() >= 5 and chinese_calendar.is_workday(day)]
    return f"  {year}:\n    off: {flow(off)}\n    work: {flow(work)}\n"


def flow(days: Iterable[date]) -> str:
    return "[" + ", ".join(map(str, days)) + "]"


if __name__ == "__main__":
    main()
