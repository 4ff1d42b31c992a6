"""Random changes of a generated world's facts: rows put in, put in place of others, taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from tests.generative import facts as making
from tests.generative.conditions import HOSTILE
from tests.generative.days import any_day, core_day, maybe_day, shift
from tests.generative.dice import Dice
from tests.generative.facts import Row
from tests.generative.world import TYPES, Case
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables
from zhibu.engine.live import Change

TABLES = ["events"] * 8 + ["organisations"] * 6 + ["people", "units"] + ["waivers"] * 3 + ["adjustments"] * 2
LIVES = {"organisations": ("founded_on", "dissolved_on"), "people": ("joined_on", "left_on")}
LIVES["units"] = LIVES["organisations"]
IDENTITY = {"organisations": "org_id", "people": "person_id", "units": "unit_id"}


@dataclass
class World:
    """The rows of a case as a person would keep them, by number; changed beside the engine and evaluated anew."""

    case: Case
    rules: list[str]
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    made: int = 0  # names given

    def __post_init__(self) -> None:
        for table, rows in self.case.facts.items():
            self.rows[table] = dict(enumerate(rows, 1))

    def opened(self) -> Facts:
        """The facts at first. Rows rejected on loading are out of the world from then on."""
        found = self.facts()
        for one in found.rejected:
            self.rows[one.table].pop(one.row, None)
        return found

    def facts(self) -> Facts:
        return from_tables(
            {
                name: pa.Table.from_pylist([rows[number] for number in sorted(rows)], pa.schema(TYPES[name]))
                for name, rows in self.rows.items()
            }
        )

    def make(self, change: Change) -> Change:
        """Makes the change and returns the one that takes it back."""
        rows, number = self.rows[change.table], change.number
        if number is None:
            number = max(rows, default=0) + 1
        old = rows.pop(number, None)
        if change.new is not None:
            rows[number] = dict(change.new)
        return Change(change.table, number, old)


def change(dice: Dice, world: World) -> Change:
    world.made += 1
    table = dice.pick(TABLES)
    rows = world.rows[table]
    number = dice.pick(sorted(rows)) if rows else None
    how = dice.pick(["put", "put", "replace", "replace", "replace", "take"])
    if number is None or how == "put":
        return Change(table, None, _new(dice, world, table))
    if how == "take":
        return Change(table, number, None)
    return Change(table, number, _other(dice, world, table, rows[number]))


def _new(dice: Dice, world: World, table: str) -> Row:
    orgs, people, units = (_ids(world, name) for name in ("organisations", "people", "units"))
    if table == "events":
        subjects = {
            "org_id": making._one(*orgs, *orgs, None),
            "person_id": making._one(*people, *people, None),
            "unit_id": making._one(*units, *units, None),
        }
        taken = world.rows["events"].values()
        name = dice.pick([row["event_id"] for row in taken]) if taken and dice.chance(20) else f"n{world.made}"
        return making._event(dice, name, subjects) | {"makes_up": _label(dice, world)}
    if table == "waivers":
        ids = [("organisation", one) for one in orgs] + [("person", one) for one in people]
        return making._waiver(dice, ids or [("organisation", "o0")], world.rules)
    if table == "adjustments":
        return making._adjustment(dice, orgs or ["o0"])
    return _subject(dice, world, table, f"{table[0]}{world.made}x")


def _subject(dice: Dice, world: World, table: str, identity: str) -> Row:
    """A new subject, or one more spell of a known one."""
    if world.rows[table] and dice.chance(3):
        return _other(dice, world, table, dice.pick(list(world.rows[table].values())))
    columns = {name: make(dice) for name, make in _columns(dice, world, table).items()}
    first, last = LIVES[table]
    days = {first: maybe_day(dice), last: None, "valid_from": None, "valid_to": None}
    return {IDENTITY[table]: identity} | columns | days


def _columns(dice: Dice, world: World, table: str) -> dict[str, Callable[[Dice], Any]]:
    word, count, kind = making.word, making.count, making.kind
    orgs = _ids(world, "organisations") or ["o0"]
    if table == "organisations":
        return {
            "parent_id": making._one(*orgs, None, "nobody" if dice.chance(10) else orgs[0]), "kind": kind,
            "sector": making._one(None, "农村", "机关"), "members": count, "fund": making.fund, "tags": making._tags,
            "chartered_on": maybe_day, "model": making.flag, HOSTILE: word, "Kind": count, "need": word,
            "FUND": making.fund,
        }  # fmt: skip
    if table == "people":
        return {
            "org_id": making._one(*orgs), "role": kind, "age": count, "chartered_on": maybe_day, HOSTILE: word,
            "tags": making._tags,
        }  # fmt: skip
    return {"kind": kind, "staff": count, "chartered_on": maybe_day, HOSTILE: word}


def _other(dice: Dice, world: World, table: str, row: Row) -> Row:
    """The row with one or two of its cells changed."""
    if table in IDENTITY:
        makers: dict[str, Callable[[Dice], Any]] = _columns(dice, world, table)
        makers |= dict.fromkeys((*LIVES[table], "valid_from", "valid_to"), maybe_day)
    else:
        fresh = _new(dice, world, table)
        makers = {name: making._one(value) for name, value in fresh.items() if name != "event_id"}
    changed = {name: makers[name](dice) for name in dice.some(sorted(makers), 1, 2)}
    if table == "events" and dice.chance(2):
        held = any_day(dice)
        changed |= {"held_on": held, "recorded_on": shift(held, dice.pick([0, 1, 40]))}
    if table == "events" and dice.chance(6):
        changed["types"] = []
    if table in IDENTITY and dice.chance(4):
        changed["valid_to"] = core_day(dice)
    return row | changed


def _ids(world: World, table: str) -> list[str]:
    return sorted({row[IDENTITY[table]] for row in world.rows[table].values()})


def _label(dice: Dice, world: World) -> str | None:
    labels = [row["makes_up"] for row in world.rows["events"].values() if row["makes_up"]]
    return dice.pick([*labels, *making.LABELS]) if dice.chance(4) else None
