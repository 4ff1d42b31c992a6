"""Conditions as the YAML of a rulebook writes them: every test on every type of column, nested."""

from __future__ import annotations

from typing import Any

from tests.generative.days import core_day
from tests.generative.dice import Dice

# A column that would end a query early if it were pasted into SQL, and values that would too. `Kind` beside `kind`
# is one name to SQL, and `need` and `period` are what the queries call their own columns.
HOSTILE = 'a"b; drop'
WORDS = ["红", "it's", "--x", "NULL"]
TAGS = ["甲", "乙", "O'Neil", "a|b"]
KINDS = ["branch", "joint_branch", "committee"]
NUMBERS = [-1, 0, 1, 2, 3, 5, 10, 0.5, 1.5, 2.25, 0.1, 100, 120.5, 0.12345678]
SHARES = [0.3, 0.5, 0.6, 0.666, 0.75, 0.8, 1]

COLUMNS: dict[str, dict[str, str]] = {
    "organisation": {
        "kind": "kind", "sector": "word", "members": "number", "fund": "number", "tags": "tags",
        "chartered_on": "day", "model": "flag", HOSTILE: "word", "parent_id": "word", "Kind": "number",
        "FUND": "number", "need": "word",
    },
    "person": {"role": "kind", "age": "number", "chartered_on": "day", HOSTILE: "word", "tags": "tags"},
    "unit": {"kind": "kind", "staff": "number", "chartered_on": "day", HOSTILE: "word"},
    "event": {
        "venue": "word", "attendance": "share", "expected": "number", "days": "number", "held_on": "day",
        "online": "flag", "period": "word", "topics": "tags", HOSTILE: "word", "person_id": "word", "Held_On": "word",
    },
}  # fmt: skip

OPERATORS = [
    ("min",),
    ("max",),
    ("min", "max"),
    ("more_than",),
    ("less_than",),
    ("more_than", "max"),
    ("min", "less_than"),
]


def condition(dice: Dice, table: str, depth: int = 0) -> dict[str, Any]:
    nesting = dice.pick(["flat", "flat", "flat", "all", "any", "not", "any of nots"]) if depth < 3 else "flat"
    if nesting == "flat":
        return {name: _test(dice, COLUMNS[table][name]) for name in dice.some(sorted(COLUMNS[table]), 1, 2)}
    if nesting == "not":
        return {"not": condition(dice, table, depth + 1)}
    parts = [condition(dice, table, depth + 1) for _ in range(dice.pick([1, 2, 3]))]
    return {"any": [{"not": part} for part in parts]} if nesting == "any of nots" else {nesting: parts}


def _test(dice: Dice, type_: str) -> Any:
    forms = {"tags": ["has", "has", "known"], "flag": ["equal", "known"]}
    ranged = ["range", "range", "equal", "one of", "known"]
    form = dice.pick(forms.get(type_, ranged if type_ in ("number", "share", "day") else ["equal", "one of", "known"]))
    if form == "known":
        return {"known": dice.pick([True, True, False])}
    if form == "has":
        return {"has": _scalar(dice, type_)}
    if form == "one of":
        return [_scalar(dice, type_) for _ in range(dice.pick([1, 2, 3]))]
    if form == "equal":
        return _scalar(dice, type_)
    keys = dice.pick(OPERATORS)
    return dict(zip(keys, sorted(_scalar(dice, type_) for _ in keys), strict=True))


def _scalar(dice: Dice, type_: str) -> Any:
    values: dict[str, list[Any]] = {
        "kind": KINDS, "word": WORDS, "number": NUMBERS, "share": SHARES, "tags": TAGS, "flag": [True, False],
    }  # fmt: skip
    return core_day(dice) if type_ == "day" else dice.pick(values[type_])
