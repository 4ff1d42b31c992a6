"""Dates in all the spellings of a county's books. Serves meaning."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from zhibu.web.imports.books.cells import Cell, missing, squeeze

EARLIEST = 1900
_SPELLED = re.compile(
    r"(\d{4})[年./\-—–－−_,、。·\\](\d{1,2})[月./\-—–－−_,、。·\\](\d{1,2})[日号.。]?(?:T?\d{1,2}[:：].*|星期.|周.|\(.*\))?"
)
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_ONLY = re.compile(r"\d{4}[年./\-](\d{1,2})月?|\d{4}年?|\d{6}")
_SHORT_YEAR = re.compile(r"\d{2}[年./\-]\d{1,2}[月./\-]\d{1,2}[日号]?")
_RANGE = re.compile(r"\d{4}.*\d[日号]?[至到~—-]{1,3}\d")
_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")


class NotADate(ValueError):
    """`str()` says what is wrong and what would be right."""


def read_date(value: Cell) -> date | None:
    """None for an empty cell. Raises NotADate with a sentence to follow the name of the column."""
    if missing(value):
        return None
    if isinstance(value, datetime):
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(float(value))
    return _text(squeeze(value).lstrip("'"))


@lru_cache(maxsize=50_000)
def _text(word: str) -> date | None:
    if found := _SPELLED.fullmatch(word) or _SOLID.fullmatch(word):
        return _real(word, *(int(part) for part in found.groups()[:3]))
    if re.search("[一二三四五六七八九〇零○]", word) and "年" in word:
        return _text(_arabic(word))
    if re.fullmatch(r"\d{5}(\.\d+)?", word):
        return _number(float(word))
    raise NotADate(_hint(word))


def _hint(word: str) -> str:
    if _MONTH_ONLY.fullmatch(word):
        return f"“{word}”没有写到日，要写成 2025.3.4 这样"
    if _SHORT_YEAR.fullmatch(word):
        return f"“{word}”的年份要写四位，如 2025.3.4"
    if _RANGE.match(word):
        return f"“{word}”是一段时间，填开始那一天，如 2025.3.4"
    return f"“{word[:20]}”不是日期，要写成 2025.3.4 这样"


def _number(value: float) -> date:
    """A number in the cell: 20250304, or Excel's count of days. 2025 and 2025.3 are a year and a month, not days."""
    if EARLIEST <= value < 2101:
        raise NotADate(_hint(f"{value:g}"))
    if value.is_integer() and 19000101 <= value <= 21001231:
        number = int(value)
        return _real(str(number), number // 10000, number // 100 % 100, number % 100)
    if 61 <= value < 73051:
        return _within(date(1899, 12, 30) + timedelta(days=int(value)))
    raise NotADate(_hint(f"{value:g}"))


def _real(word: str, year: int, month: int, day: int) -> date:
    try:
        return _within(date(year, month, day))
    except ValueError as error:
        if isinstance(error, NotADate):
            raise
        raise NotADate(f"“{word}”不存在，核对月和日") from None


def _within(found: date) -> date:
    if not EARLIEST <= found.year <= 2100:
        raise NotADate(f"“{found.isoformat()}”的年份不对，要在 {EARLIEST} 年以后")
    return found


def _arabic(word: str) -> str:
    """二〇二五年十一月三日 → 2025年11月3日."""
    return re.sub("[一二三四五六七八九十廿卅〇○零]+", lambda part: _han(part[0]), word)


def _han(digits: str) -> str:
    if "十" not in digits:
        return digits.translate(_HAN)
    tens, ones = digits.split("十", 1)
    return f"{tens.translate(_HAN) or 1}{ones.translate(_HAN) or 0}"
