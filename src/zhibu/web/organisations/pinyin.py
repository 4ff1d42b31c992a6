"""Pinyin initials, so that `yhsq` finds 云河社区. Computed when a row is saved, searched with LIKE."""

from __future__ import annotations

import re
from itertools import islice

from pypinyin import Style, pinyin

MOST = 6  # spellings kept of one name: 重庆 is cq and zq


def initials(*names: str, longest: int = 120) -> str:
    """All spellings of the names, a space between them: `initials("重庆社区")` → "cqsq zqsq"."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(_spellings(name)))
    kept: list[str] = []
    for spelling in found:
        if len(" ".join([*kept, spelling])) <= longest:
            kept.append(spelling)
    return " ".join(kept)


def _spellings(name: str) -> list[str]:
    """The usual reading, then those with one character read in another way."""
    plain = re.sub(r"[^\w]", "", name or "").replace("_", "")
    if not plain:
        return []
    usual = [_letter(part[0]) for part in pinyin(plain, style=Style.FIRST_LETTER, errors=list)]
    found = {"".join(usual): None}
    for place, character in enumerate(plain):
        for letter in _readings(character):
            found["".join([*usual[:place], letter, *usual[place + 1 :]])] = None
    return list(islice(found, MOST))


def _readings(character: str) -> list[str]:
    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors=list)
    return [_letter(reading) for reading in found[0]]


def _letter(part: str) -> str:
    return part[:1].lower() if not part.isdigit() else part


def is_spelling(text: str) -> bool:
    """Could this be initials? Latin letters and digits only."""
    return bool(re.fullmatch(r"[A-Za-z0-9]+", text))
