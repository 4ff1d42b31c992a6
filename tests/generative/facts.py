"""Small worlds of facts: histories, nulls, founding and closing days inside periods, make-ups, late records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.generative.conditions import HOSTILE, KINDS, TAGS, WORDS
from tests.generative.days import any_day, core_day, maybe_day, shift
from tests.generative.dice import Dice
from tests.generative.rulebooks import TYPES

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Maker = Callable[[Dice], Any]

# Most sums stay small, so that they meet what is needed; now and then a number is large, tiny or long.
RARE = (1 / 3, 0.12345678, 250.75, 1e-7)
HUGE = (1_000_000.5, 9_300_000.25, 999_999_999_999.5)
FUNDS = (100.0, 120.5, 5000.5, 1e30, 1e-20, 123456789.12345678)

DELAYS = [0, 0, 1, 10, 31, 45, 60, 90, -1]
LABELS = ["2024-01", "2024-02", "2024-06", "2024Q1", "2024Q2", "2024H1", "2024", "2023-12", "2024-2", "上月"]


def _one(*options: Any) -> Maker:
    return lambda dice: dice.pick(options)


def _tags(dice: Dice) -> list[str] | None:
    return None if dice.chance(4) else [dice.pick(TAGS) for _ in range(dice.pick([0, 1, 2, 3]))]


count = _one(None, 0, 1, 2, 3, 5, 10)
amount = _one(None, 0.0, 0.1, 0.2, 0.5, 1.0, 1.1, 2.25, *RARE)
fund = _one(None, 0.0, 0.1, 0.2, 0.5, 1.0, 1.1, 2.25, 0.1, 0.2, 0.5, 1.0, 1.1, *FUNDS)
word = _one(None, "", *WORDS)


def quantity(dice: Dice) -> float | None:
    return dice.pick(HUGE) if dice.chance(40) else amount(dice)


flag = _one(None, True, False)
kind = _one(*KINDS[:2], *KINDS[:2], KINDS[2])


def facts(dice: Dice, rules: list[str]) -> Tables:
    organisations = _organisations(dice)
    orgs = _ids(organisations, "org_id")
    people, units = _people(dice, orgs), _units(dice)
    ids = {"organisation": orgs, "person": _ids(people, "person_id"), "unit": _ids(units, "unit_id")}
    subjects = [(subject, id_) for subject in ids for id_ in ids[subject]]
    return {
        "organisations": organisations,
        "people": people,
        "units": units,
        "events": _events(dice, orgs, ids["person"], ids["unit"]),
        "waivers": [_waiver(dice, subjects, rules) for _ in range(dice.pick([0, 1, 3]))],
        "adjustments": [_adjustment(dice, orgs) for _ in range(dice.pick([0, 2, 4]))],
    }


def _ids(rows: list[Row], key: str) -> list[str]:
    return sorted({row[key] for row in rows})


# --- subjects and their history -----------------------------------------------------------------------------


def _organisations(dice: Dice) -> list[Row]:
    ids = [f"o{n}" for n in range(dice.pick([1, 3, 4, 6]))]
    rows: list[Row] = []
    for n, id_ in enumerate(ids):
        above: list[str | None] = [None, *ids[:n]]
        if dice.chance(40):  # a cycle or an unknown parent: both backends must refuse
            above += [id_, ids[-1], "nobody"]
        columns = {
            "parent_id": _one(*above), "kind": kind, "sector": _one(None, "农村", "机关"), "members": count,
            "fund": fund, "tags": _tags, "chartered_on": maybe_day, "model": flag, HOSTILE: word,
            "Kind": count, "need": word, "FUND": fund,
        }  # fmt: skip
        rows += _history(dice, {"org_id": id_}, columns, ("founded_on", "dissolved_on"))
    return rows


def _people(dice: Dice, orgs: list[str]) -> list[Row]:
    columns = {
        "org_id": _one(*orgs),
        "role": kind,
        "age": count,
        "chartered_on": maybe_day,
        HOSTILE: word,
        "tags": _tags,
    }
    people = range(dice.pick([0, 2, 3]))
    return [row for n in people for row in _history(dice, {"person_id": f"p{n}"}, columns, ("joined_on", "left_on"))]


def _units(dice: Dice) -> list[Row]:
    columns = {"kind": kind, "staff": count, "chartered_on": maybe_day, HOSTILE: word}
    units = range(dice.pick([0, 1, 2]))
    return [row for n in units for row in _history(dice, {"unit_id": f"u{n}"}, columns, ("founded_on", "dissolved_on"))]


def _history(dice: Dice, id_: Row, columns: dict[str, Maker], life: tuple[str, str]) -> list[Row]:
    """The rows of one subject. Its lifetime is usually one thing, but rows may disagree about it."""
    lifetime, rows = _lifetime(dice), []
    for valid_from, valid_to in _spells(dice):
        lifetime = _lifetime(dice) if dice.chance(6) else lifetime
        values = {name: make(dice) for name, make in columns.items()}
        days = dict(zip(life, lifetime, strict=True)) | {"valid_from": valid_from, "valid_to": valid_to}
        rows.append(id_ | values | days)
    return rows


def _lifetime(dice: Dice) -> tuple[date | None, date | None]:
    how = dice.pick(["always"] * 5 + ["founded", "closed", "both"])
    start = any_day(dice) if how in ("founded", "both") else None
    end = any_day(dice) if how in ("closed", "both") else None
    return (end, start) if start and end and end < start and not dice.chance(8) else (start, end)


def _spells(dice: Dice) -> list[tuple[date | None, date | None]]:
    """The validity of a subject's rows: one open row, or two or three that follow each other, some with a gap."""
    turns = sorted({core_day(dice) for _ in range(dice.pick([0, 0, 0, 1, 2]))})
    spells: list[tuple[date | None, date | None]] = []
    start = None
    for turn in turns:
        spells.append((start, shift(turn, -1)))
        start = shift(turn, dice.pick([0, 0, 20]))
    spells.append((start, None))
    return [(first, last) for first, last in spells if first is None or last is None or first <= last]


# --- events, waivers, adjustments ---------------------------------------------------------------------------


def _events(dice: Dice, orgs: list[str], people: list[str], units: list[str]) -> list[Row]:
    subjects = {
        "org_id": _one(*orgs, *orgs, None),
        "person_id": _one(*people, *people, "p0", "stranger", None),
        "unit_id": _one(*units, *units, None),
    }
    # Numbers run backwards so that the order of ids is not the order of arrival.
    rows = [_event(dice, f"e{40 - n}", subjects) for n in range(dice.pick([0, 15, 25, 25]))]
    labels = LABELS + [f"{row['held_on']}..{shift(row['held_on'], n)}" for row in rows[:4] for n in (0, 9, 30, 45)]
    for row in rows:
        row["makes_up"] = dice.pick(labels) if dice.chance(4) else None
    return rows


def _event(dice: Dice, id_: str, subjects: dict[str, Maker]) -> Row:
    held = any_day(dice)
    columns = {
        "expected": count, "present": count, "days": quantity, "hours": quantity, "topics": _tags, "venue": word,
        HOSTILE: word, "online": flag, "period": word, "Held_On": word,
    }  # fmt: skip
    return {
        "event_id": id_,
        "types": [dice.pick(TYPES[:2] + TYPES) for _ in range(dice.pick([1, 2]))],
        "held_on": held,
        "recorded_on": shift(held, dice.pick(DELAYS)),
        **{name: make(dice) for name, make in (subjects | columns).items()},
    }


def _waiver(dice: Dice, subjects: list[tuple[str, str]], rules: list[str]) -> Row:
    subject, id_ = dice.pick(subjects)
    start, end = sorted([any_day(dice), any_day(dice)])
    reason = dice.pick(["整顿", "停产", "a'b"])
    days = {"from": None if dice.chance(12) else start, "to": end}  # without a first day the row is rejected
    return {"subject": subject, "subject_id": id_, "rule": dice.pick(rules), **days, "reason": reason}


def _adjustment(dice: Dice, orgs: list[str]) -> Row:
    points = dice.pick([0.1, 0.2, 1.0, 3.5, 0.005, -0.3, -2.0, -100.0, 0.0, 0.1, 1.0, 0.0049999996, 1 / 3])
    return {"subject_id": dice.pick(orgs), "item": "表彰", "on": any_day(dice), "points": points, "reason": "事由"}
