"""Citizen identity numbers as cells of a book hold them; what a number says is `members/identity.py`."""

from __future__ import annotations

import re

from zhibu.web.imports.books.cells import Cell, squeeze
from zhibu.web.members.identity import BadNumber, Identity, known

_LOST = "以数值存储，末位已丢失：把这一列设为“文本”后重新填写这个号码"


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
    return known(word)


def _shape(word: str) -> str:
    if re.fullmatch(r"\d+X?", word):
        return f"号有 {len(word)} 位，应为 18 位"
    return "号里有数字和末位 X 以外的字"


def masked(number: str) -> str:
    """The number with its middle hidden, for sentences and logs."""
    return f"{number[:4]}{'*' * 10}{number[14:]}" if len(number) == 18 else "*" * len(number)
