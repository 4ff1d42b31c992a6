"""Citizen identity numbers, GB 11643-1999: six digits of area, eight of birth, three of order (odd: male), one check
character. Serves meaning. And the calendar of birthdays and months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class BadNumber(ValueError):
    """`str()` follows the words 身份证号."""


@dataclass(frozen=True, slots=True)
class Identity:
    number: str
    born_on: date
    sex: str  # m, f


def check_character(first_17: str) -> str:
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def known(word: str) -> Identity:
    """What 18 characters say, seventeen digits and a digit or X. Raises BadNumber."""
    if check_character(word[:17]) != word[17]:
        raise BadNumber("校验码错误（第 18 位对不上），多为抄错一位")
    try:
        born = date(int(word[6:10]), int(word[10:12]), int(word[12:14]))
    except ValueError:
        raise BadNumber(f"号里的出生日期 {word[6:14]} 不存在") from None
    return Identity(word, born, "m" if int(word[16]) % 2 else "f")


def of_age(born: date, on: date, years: int = 18) -> bool:
    """Has the birthday `years` after `born` come by `on`? Who was born on 29 February turns on 1 March."""
    return (on.year - born.year, on.month, on.day) >= (years, born.month, born.day)


def months_later(day: date, months: int) -> date:
    """The same day of a later (or, below 0, earlier) month, clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
