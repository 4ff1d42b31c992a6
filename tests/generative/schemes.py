"""Schemes as YAML text: weights, caps, grades with shares, ladders."""

from __future__ import annotations

from typing import Any

from tests.generative.dice import Dice
from tests.generative.page import text

GRADES: list[list[dict[str, Any]]] = [
    [{"grade": "好", "min": 90, "max_share": 0.333}, {"grade": "较好", "min": 30, "max_share": 0.5}, {"grade": "差"}],
    [{"grade": "好", "min": 10, "max_share": 0.5}, {"grade": "一般", "min": 30}, {"grade": "差"}],
    [{"grade": "好", "min": 75}, {"grade": "一般", "min": 12.345, "max_share": 0.25}],
    [{"grade": "好", "max_share": 0.7}, {"grade": "差"}],
]
STEPS = [{1: "提醒", 2: "警告", 3: "通报"}, {2: "警告", 5: "通报"}, {1: "提醒"}]


def scheme(dice: Dice, names: list[str]) -> str:
    """A scheme over the rules named (`rulebook/rule`)."""
    ids = dice.some(["life", "Life", "team", 'du"es'], 1, 3)
    found: dict[str, Any] = {"id": "s", "title": "考核办法"}
    if peers := dice.pick(["sector", "kind", "model", "fund", "Kind", None]):
        found["peer_group"] = peers
    found["dimensions"] = [
        {
            "id": id_,
            "title": "维度",
            "weight": dice.pick([40, 60, 33.3, 0.5, 100, 40, 60, 0.1234567]),
            "rules": _patterns(dice, names),
        }
        for id_ in ids
    ]
    for key, cap in (("bonus", [5, 0.5]), ("deduction", [10, 120])):
        if not dice.chance(3):
            found[key] = {"cap": dice.pick(cap)}
    found["grades"] = dice.pick(GRADES)
    if not dice.chance(8):
        found["escalation"] = {"rules": _patterns(dice, names), "steps": dice.pick(STEPS)}
    return text(found)


def _patterns(dice: Dice, names: list[str]) -> list[str]:
    books = sorted({name.split("/")[0] + "/*" for name in names})
    return dice.some(books * 2 + names, 1, 3)
