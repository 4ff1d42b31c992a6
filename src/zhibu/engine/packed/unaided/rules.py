"""What each rule asks, as arrays: the tables of the compiled plan, none of them worked out a second time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhibu.engine.packed import native
from zhibu.engine.packed.compiled import FIXED, LARGEST, MEASURES, STANDING, TRIGGERED, Compiled
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.unaided.conditions import Conditions
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After

DOUBLE = 2**53  # sums of doubles are exact below


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule. `wanted` and `triggers`: codes of types. `own` and `own_of`: periods by the code of `date` (of rows) or
    of the day. `needs` by code of `basis` (of rows), or the only one, as whole numbers of any length."""

    place: int
    bound: Bound
    clock: int
    measure: int
    name: int
    base: int
    slots: slice
    wanted: list[int]
    triggers: list[int]
    date: Numbers | None
    own_of: Numbers | None
    own: Numbers | None
    basis: Numbers | None
    needs: Numbers
    amount: Numbers | None
    amounts: Numbers
    slot_of: Numbers | None
    made_slot: Numbers | None

    @property
    def fixed(self) -> bool:
        return self.clock in (FIXED, STANDING)

    @property
    def partial(self) -> bool:
        return self.bound.rule.partial == "exempt"


@dataclass(frozen=True, slots=True)
class Prepared:
    """`start` … `timely_below`: of the fixed periods of all rules. `waivers`: of, name, from, to. `named`: the
    days that a label names, first and last, by its code.
    `topics`: by code of a set of topics where its own begin, and topics as numbers."""

    compiled: Compiled
    rules: list[Asked]
    rows: Conditions
    events: Conditions
    start: Numbers
    end: Numbers
    deadline: Numbers
    timely_below: Numbers
    waivers: tuple[Numbers, ...]
    topics: list[Numbers]
    named: tuple[Numbers, Numbers]


def prepared(compiled: Compiled) -> Prepared:
    """Made once for a plan."""
    made = compiled.made
    if made.unaided is None:
        made.unaided = Prepared(
            compiled,
            [_asked(compiled, place) for place in range(len(compiled.bounds))],
            Conditions(compiled.subjects.rows.column),
            Conditions(compiled.subjects.events.table.column),
            made.periods["start"],
            made.periods["end"],
            made.periods["deadline"],
            made.periods["timely_below"],
            made.of_waivers,
            made.topics,
            made.named,
        )
    found: Prepared = made.unaided
    return found


def _asked(compiled: Compiled, place: int) -> Asked:
    made, bound = compiled.made, compiled.bounds[place]
    number = {name: numbers[place] for name, numbers in made.numbers.items()}
    table = {name: tables[place] for name, tables in made.tables.items()}
    rule = bound.rule
    event = rule.clock.event if isinstance(rule.clock, After) and number["clock"] == TRIGGERED else None
    basis = None if number["basis"] < 0 else made.rows.columns[number["basis"]].codes
    return Asked(
        place=place,
        bound=bound,
        clock=number["clock"],
        measure=number["measure"],
        name=number["name"],
        base=number["base"],
        slots=slice(number["base"], number["base"] + number["n_slots"]),
        wanted=_codes(compiled, rule.needs.event if rule.needs else ()),
        triggers=_codes(compiled, () if event is None else (event,)),
        date=None if number["date"] < 0 else made.rows.columns[number["date"]].codes,
        own_of=table["own_of"],
        own=table["own"],
        basis=basis,
        needs=_whole([made.needs[place]] if table["needs"] is None else native.narrowed(table["needs"])),
        amount=None if number["amount"] < 0 else made.happened.columns[number["amount"]].codes,
        amounts=_amounts(compiled, table["amounts"]),
        slot_of=table["slot_of"],
        made_slot=table["made_slot"],
    )


def _codes(compiled: Compiled, wanted: tuple[str, ...]) -> list[int]:
    sets = compiled.subjects.events.table.column("types").values
    return [code for code, types in enumerate(sets, 1) if not set(wanted).isdisjoint(types)]


def _whole(values: list[int]) -> Numbers:
    """64 bits if they are enough."""
    small = all(abs(value) < LARGEST for value in values)
    return np.array(values, np.int64 if small else object)


def _amounts(compiled: Compiled, pairs: Numbers | None) -> Numbers:
    """Doubles where every sum of them is exact, else Python's whole numbers."""
    if pairs is None:
        return np.zeros(0)
    values = native.narrowed(pairs)
    most = max(map(abs, values)) * max(1, compiled.subjects.events.most)
    return np.array(values, np.float64 if most < DOUBLE else object)


__all__ = ["MEASURES", "Asked", "Prepared", "prepared"]
