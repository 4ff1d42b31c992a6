"""Citizen identity numbers, GB 11643-1999: six digits of area, eight of birth, three of order (odd: male), one check
character. Serves meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhibu.web.imports.books.cells import Cell, squeeze

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LOST = "以数值存储，末位已丢失：把这一列设为“文本”后重新填写这个号码"


class BadNumber(ValueError):
    """`str()` follows the words 身份证号."""


@dataclass(frozen=True, slots=True)
class Identity:
    number: str
    born_on: date
    sex: str  # m, f


def check_character(first_17: str) -> str:
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read_identity(value: Cell) -> Identity:
    """Raises BadNumber. A number cell is never trusted: Excel keeps 15 digits of 18."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise BadNumber(_LOST if abs(value) >= 1e15 else f"号有 {len(f'{abs(value):.0f}')} 位，应为 18 位")
    word = squeeze(value).strip("'‘’`\"").replace("×", "X").replace("*", "X").upper().replace("Х", "X")
    word = word.replace("-", "") if re.fullmatch(r"[\d-]+X?", word) else word
    if re.fullmatch(r"\d(\.\d+)?E\+?\d{1,2}", word):
        raise BadNumber(_LOST)
    if re.fullmatch(r"\d{15}", word):
        raise BadNumber("号是 15 位旧号，换成 18 位的")
    if not re.fullmatch(r"\d{17}[\dX]", word):
        raise BadNumber(_shape(word))
    return _known(word)


def _shape(word: str) -> str:
    if re.fullmatch(r"\d+X?", word):
        return f"号有 {len(word)} 位，应为 18 位"
    return "号里有数字和末位 X 以外的字"


def _known(word: str) -> Identity:
    if check_character(word[:17]) != word[17]:
        raise BadNumber("校验码错误（第 18 位对不上），多为抄错一位")
    try:
        born = date(int(word[6:10]), int(word[10:12]), int(word[12:14]))
    except ValueError:
        raise BadNumber(f"号里的出生日期 {word[6:14]} 不存在") from None
    return Identity(word, born, "m" if int(word[16]) % 2 else "f")


def masked(number: str) -> str:
    """The number with its middle hidden, for sentences and logs."""
    return f"{number[:4]}{'*' * 10}{number[14:]}" if len(number) == 18 else "*" * len(number)


def of_age(born: date, on: date, years: int = 18) -> bool:
    """Has the birthday `years` after `born` come by `on`? Who was born on 29 February turns on 1 March."""
    return (on.year - born.year, on.month, on.day) >= (years, born.month, born.day)
