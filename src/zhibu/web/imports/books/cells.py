"""Cells as people type them → values. Serves meaning: every kindness towards handwriting is here."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Any

Cell = Any  # str, float, int, bool, date, datetime, time, timedelta or None

# Invisible characters that travel with copied text: zero-width, direction marks, soft hyphen, BOM, controls.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_SPACE = re.compile(r"\s+")
_BRACKETS = str.maketrans("〔［【〈《", "([[<<") | str.maketrans("〕］】〉》", ")]]>>")
FORMULA_SIGNS = "=+-@"


def text(value: Cell) -> str:
    """The cell as a trimmed string: full width folded, invisible characters dropped, inner spaces kept as one."""
    if isinstance(value, str):
        return _plain(value) if value.isascii() else _folded(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _plain(value: str) -> str:
    """The quick way for most cells: nothing to fold, seldom anything to drop."""
    return value if value.isalnum() else _SPACE.sub(" ", _INVISIBLE.sub("", value)).strip()


@lru_cache(maxsize=20_000)
def _folded(value: str) -> str:
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", value))).strip()


def squeeze(value: Cell) -> str:
    """`text` without any space: names, kinds, numbers (党 支 部 → 党支部, 卢　英 → 卢英)."""
    found = text(value)
    return found.replace(" ", "") if " " in found else found


def person_name(value: Cell) -> str:
    """A Chinese name without spaces; a name in Latin letters keeps one between its words. Dots are one kind of dot."""
    found = text(value)
    found = re.sub(r"[•‧・∙⋅●]", "·", found)
    return re.sub(r"(?<![A-Za-z.])\s+|\s+(?![A-Za-z])", "", found)


def blank(value: Cell) -> bool:
    if value is None or value == "":
        return True
    return isinstance(value, str) and not value.isalnum() and not text(value)


NOTHING = ("/", "-", "—", "——", "--", "无", "暂无")  # what people write to say that there is nothing


def missing(value: Cell) -> bool:
    """Empty, or a mark that says there is nothing."""
    return blank(value) or (isinstance(value, str) and squeeze(value) in NOTHING)


def looks_like_formula(value: Cell) -> bool:
    """Text that a spreadsheet would run: = + - @ in front, also in full width."""
    return isinstance(value, str) and text(value)[:1] in tuple(FORMULA_SIGNS)


def whole_number(value: Cell) -> int | None:
    """23, 23.0, “23人”, “２３”, “应到23” → 23. None when the cell holds no single whole number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return int(value) if float(value).is_integer() else None
    found = re.fullmatch(r"[^\d.+-]*([+-]?\d{1,9})(?:\.0+)?[^\d.A-Za-z]*", squeeze(value))
    return int(found[1]) if found else None


def phone(value: Cell) -> str:
    """A phone number as text, also when the sheet stored it as a number."""
    return squeeze(value).lstrip("'")[:30]


YES = {"是", "有", "√", "✓", "y", "yes", "1", "true", "流动"}
NO = {"", "否", "无", "×", "x", "n", "no", "0", "false", "-", "/", "不是", "非流动"}


def yes(value: Cell) -> bool | None:
    """是/否 in its spellings; None when it is neither."""
    word = squeeze(value).lower()
    return True if word in YES else False if word in NO else None


def brackets(value: str) -> str:
    return value.translate(_BRACKETS)
