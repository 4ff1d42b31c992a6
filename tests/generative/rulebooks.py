"""Rulebooks as a person would write them: YAML text, read by the real loader. Every clock, measure and corner."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.generative.conditions import KINDS, condition
from tests.generative.days import core_day, shift
from tests.generative.dice import Dice
from tests.generative.page import text

TYPES = ["meeting", "lesson", "visit", "sign'ed"]
BASIS = {"organisation": ["members", "fund", "FUND"], "person": ["age"], "unit": ["staff"]}
SOURCES = {"S": {"title": "《某条例》", "issuer": "某机关", "issued": date(2018, 10, 28)}}
POINTS: list[dict[str, float]] = [
    {"met": 2, "late": 1, "missed": 0},
    {"met": 0.7, "late": 0.35, "missed": 0.05},
    {"met": 0, "late": 0, "missed": 0},
    {"met": 3, "late": 1.5, "missed": -1},
    {"late": 0.125},
    {"met": 1, "late": 0.12344999, "missed": 0.0000001},
]
DRAFTS = [{"status": "draft"}, {"evidence": "memory"}, {"evidence": "memory", "status": "active"}]

Yaml = dict[str, Any]


def rulebooks(dice: Dice) -> list[str]:
    """The YAML text of one or two regulations, each in one version or two."""
    return _versions(dice, "book-a") + (_versions(dice, "book-b") if dice.chance(2) else [])


def _versions(dice: Dice, id_: str) -> list[str]:
    """A second version replaces the first on a day inside the window, with rules of the same names."""
    names = [f"r{n}" for n in range(dice.pick([2, 3, 4]))]
    since = core_day(dice) if dice.chance(6) else date(2018, 1, 1)
    until = max(since, dice.pick([date(2024, 5, 15), date(2024, 6, 30), core_day(dice)]))
    ending = dice.pick(["open", "open", "open", "until", "replaced"])
    versions = [_book(dice, id_, since, None if ending == "open" else until, names)]
    if ending == "replaced":
        versions.append(_book(dice, id_, shift(until, 1), None, names))
    return versions


def _book(dice: Dice, id_: str, since: date, until: date | None, names: list[str]) -> str:
    effective: dict[str, date] = {"from": since} | ({"until": until} if until else {})
    rules = [_rule(dice, name) for name in names]
    return text(
        {"id": id_, "title": "某条例", "level": "central", "effective": effective, "sources": SOURCES, "rules": rules}
    )


def _rule(dice: Dice, id_: str) -> Yaml:
    applies = _applies(dice)
    clock = _clock(dice, applies["subject"])
    rule: Yaml = {
        "id": id_,
        "title": "规则",
        "source": {"ref": "S", "clause": "第一条"},
        "applies_to": applies,
        **clock,
    }
    if "always" not in clock:
        rule["needs"] = _needs(dice, applies["subject"])
        if dice.chance(2) and "event" in clock.get("after", {}):
            rule["needs"]["event"] = [clock["after"]["event"]]  # what triggers the step may be the step
        if dice.chance(2) and "date" in clock.get("after", {}):
            rule["needs"] = {"event": TYPES}  # or nearly none of these rare periods would be met
    if dice.chance(2):
        rule["grace"] = {"days": dice.pick([0, 1, 10, 31])}
    if dice.chance(3):
        rule["strength"] = dice.pick(["hard", "soft", "may"])
    if dice.chance(2):
        rule["points"] = dice.pick(POINTS)
    if dice.chance(2):
        rule["partial"] = dice.pick(["exempt", "due"])
    return rule | (dice.pick(DRAFTS) if dice.chance(6) else {})


def _applies(dice: Dice) -> Yaml:
    subject = dice.pick(["organisation", "organisation", "organisation", "person", "unit"])
    where = dice.pick(["none", "none", "none", "kinds", "any"])
    if where == "none":
        return {"subject": subject}
    kinds = {"role" if subject == "person" else "kind": KINDS[:2]}
    return {"subject": subject, "where": kinds if where == "kinds" else condition(dice, subject)}


def _clock(dice: Dice, subject: str) -> Yaml:
    kind = dice.pick(["calendar", "calendar", "anchored", "after", "after", "after", "always"])
    if kind == "calendar":
        return {"every": dice.pick(["month", "quarter", "half_year", "year"])}
    if kind == "anchored":
        return {
            "every": {**dice.pick([{"months": 1}, {"months": 2}, {"months": 5}, {"years": 1}]), "from": "chartered_on"}
        }
    if kind == "always":
        return {"always": condition(dice, subject)}
    trigger = {"date": "chartered_on"} if dice.chance(2) else {"event": dice.pick(TYPES[:2] + TYPES)}
    if dice.chance(3):
        return {"after": trigger, "within": _span(dice, [9, 30, 45], [1, 2], [0, 1, 5, 10])}
    within = _span(dice, [31, 60, 60], [2, 2, 3], [5, 30, 45])
    return {"after": trigger, "within": within, "not_before": _span(dice, [0, 1, 25, 30], [1], [1, 5, 10])}


def _span(dice: Dice, *lengths: list[int]) -> Yaml:
    unit, options = dice.pick(list(zip(["days", "months", "working_days"], lengths, strict=True)))
    return {unit: dice.pick(options)}


def _needs(dice: Dice, subject: str) -> Yaml:
    needs: Yaml = {"event": dice.some(TYPES, 1, 3)}
    if dice.chance(4):
        needs["where"] = condition(dice, "event")
    if measure := dice.pick([None, None, "count", "days", "hours", "topics", "people"]):
        needs["measure"] = measure
    if dice.chance(2):
        needs["at_least"] = dice.pick([1, 1, 2, 3, 0.5, 1.1, 0, 0.3333333]) if dice.chance(2) else _basis(dice, subject)
    return needs


def _basis(dice: Dice, subject: str) -> Yaml:
    basis = {"column": dice.pick(BASIS[subject]), "times": dice.pick([0.1, 0.5, 1, 0.333, 1.25, 0.123456789])}
    return basis | dice.pick([{}, {"round": "up"}, {"round": "down"}])
