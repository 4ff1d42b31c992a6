"""Drafts of a generated case: what a person changes before asking what would change."""

from __future__ import annotations

from typing import Any

import yaml

from tests.generative.dice import Dice
from tests.generative.page import text
from tests.generative.rulebooks import POINTS, rulebooks
from tests.generative.schemes import scheme
from tests.generative.world import Case

CHANGES = ("grace", "points", "partial", "needed", "where", "draft", "dropped", "title", "clock")


def drafted(dice: Dice, case: Case) -> tuple[list[str], str]:
    """(rulebooks, scheme) as YAML: the case's own, changed in one way or several."""
    how = dice.pick(["scheme", "scheme", "rule", "rule", "rule", "both", "both", "whole", "nothing"])
    books = case.rulebooks
    if how in ("rule", "both"):
        books = _changed(dice, books)
    if how == "whole":
        books = rulebooks(Dice(f"whole-{case.seed}"))
    return books, _scheme(dice, case, books) if how in ("scheme", "both") else case.scheme


def _changed(dice: Dice, texts: list[str]) -> list[str]:
    place = dice.pick(range(len(texts)))
    book = yaml.safe_load(texts[place])
    for _ in range(dice.pick([1, 2, 3])):
        own = [rule for rule in book["rules"] if rule["applies_to"]["subject"] == "organisation"]
        _change(dice, book, dice.pick(own or book["rules"]))
    return [*texts[:place], text(book), *texts[place + 1 :]]


def _change(dice: Dice, book: dict[str, Any], rule: dict[str, Any]) -> None:
    how = dice.pick(CHANGES)
    if how == "grace":
        rule["grace"] = {"days": dice.pick([0, 5, 20, 40])}
    elif how == "points":
        rule["points"] = dice.pick(POINTS)
    elif how == "partial":
        rule["partial"] = "due" if rule.get("partial") != "due" else "exempt"
    elif how == "needed" and "needs" in rule:
        rule["needs"]["at_least"] = dice.pick([1, 2, 3])
    elif how == "where":
        rule["applies_to"].pop("where", None)
    elif how == "draft":
        rule["status"] = "draft" if rule.get("status") == "active" else "active"
    elif how == "dropped" and len(book["rules"]) > 1:
        book["rules"].remove(rule)
    elif how == "clock" and "every" in rule:
        rule["every"] = dice.pick(["month", "quarter", "half_year", "year"])
    elif how == "title":
        rule["title"] = "改了名"


def _scheme(dice: Dice, case: Case, books: list[str]) -> str:
    """Another scheme, or the same with another weight, cap or list of grades."""
    names = sorted({f"{book['id']}/{rule['id']}" for book in map(yaml.safe_load, books) for rule in book["rules"]})
    other = yaml.safe_load(scheme(dice, names))
    if dice.chance(3):
        return text(other)
    own = yaml.safe_load(case.scheme)
    for key in dice.some(["dimensions", "bonus", "deduction", "grades", "peer_group", "escalation"], 1, 2):
        if key == "dimensions":
            dice.pick(own["dimensions"])["weight"] = dice.pick([20, 50, 12.5])
        elif key in other:
            own[key] = other[key]
        else:
            own.pop(key, None)
    return text(own)
