"""A plan's rules on one kind of subject as the kernel's tables. Serves speed; the reference fills every entry."""

from __future__ import annotations

import ctypes as c
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.conditions import exact
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.places import places_of_few
from zhibu.engine.measures import based, double
from zhibu.engine.packed import Unfit, clocks, native
from zhibu.engine.packed.native import Numbers, addresses
from zhibu.engine.packed.programs import Programs
from zhibu.engine.packed.sieves import bits, everything, ruled_out, sieve
from zhibu.engine.packed.subjects import Subjects
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import After, Always, Anchored, Basis, Rule

log = logging.getLogger(__name__)
FIXED, DATED, TRIGGERED, STANDING = range(4)
MEASURES = {"count": 0, "days": 1, "hours": 1, "topics": 2, "people": 3}
LARGEST = 2**62  # of 64 bits
WIDEST = 2**126  # of 128 bits: no sum of amounts comes near


@dataclass(slots=True)
class Compiled:
    """`bounds` by group; group g has the rules `rule_of[g]` … `rule_of[g + 1] - 1`, versions of one rule.

    `scales`: units to the whole, by rule. `shown`: the needs to print, by rule and code of its basis. `labels`: of the
    fixed periods. `waivers`: reasons in the kernel's order. `struct` is the kernel's view; `kept` keeps it alive.
    `made` has the same tables by name, for the kernel in numpy.
    """

    subjects: Subjects
    bounds: list[Bound]
    rule_of: Numbers
    labels: list[str]
    scales: list[int]
    shown: list[Numbers]
    waivers: list[str]
    struct: native.Plan
    kept: list[Any]
    made: _Compiler

    @property
    def groups(self) -> int:
        return len(self.rule_of) - 1


def compile_plan(plan: Plan, subjects: Subjects) -> Compiled:
    """Raises Unfit when a column can't be coded."""
    order = sorted((bound for bound in plan.rules if bound.rule.subject == subjects.kind), key=_group)
    return _Compiler(plan, subjects, order).compiled()


def _group(bound: Bound) -> tuple[str, str]:
    return bound.rule.rulebook, bound.rule.id


class _Compiler:
    def __init__(self, plan: Plan, subjects: Subjects, bounds: list[Bound]):
        self.plan, self.subjects, self.bounds, self.events = plan, subjects, bounds, subjects.events
        self.rows, self.happened = Programs(subjects.rows.column), Programs(self.events.table.column)
        self.kept: list[Any] = []
        self.kernel = native.compiled()  # None: the one in numpy judges
        self.unaided: Any = None  # what that one makes ready once
        self.slots: list[tuple[Bound, Period]] = []
        self.numbers: dict[str, list[int]] = {name: [] for name in _BY_RULE}
        self.tables: dict[str, list[Numbers | None]] = {name: [] for name in _TABLES}
        self.scales: list[int] = []
        self.needs: list[int] = []
        self.shown: list[Numbers] = []
        self.labels = self.events.table.column("makes_up") if bounds else None
        self._same: dict[Any, Numbers] = {}

    def compiled(self) -> Compiled:
        for bound in self.bounds:
            self._rule(bound)
        names = [_group(bound) for bound in self.bounds]
        firsts = [place for place, name in enumerate(names) if place == 0 or name != names[place - 1]]
        rule_of = np.array([*firsts, len(names)], np.int32) if names else np.zeros(1, np.int32)
        struct, reasons = native.Plan(), self._waivers()
        self._fill(struct, rule_of)
        return Compiled(
            self.subjects,
            self.bounds,
            rule_of,
            [period.label for _, period in self.slots],
            self.scales,
            self.shown,
            reasons,
            struct,
            self.kept,
            self,
        )

    # --- one rule ---

    def _rule(self, bound: Bound) -> None:
        rule, add = bound.rule, self.numbers
        add["clock"].append(_clock(rule))
        add["measure"].append(MEASURES[rule.needs.measure] if rule.needs else 0)
        add["condition"].append(self.rows.place(rule.clock.condition) if isinstance(rule.clock, Always) else -1)
        add["partial"].append(int(rule.partial == "exempt"))
        add["name"].append(self._name(rule))
        self._clocked(bound)
        self._measured(rule)

    def _name(self, rule: Rule) -> int:
        return [one.rule.name for one in self.bounds].index(rule.name)

    def _clocked(self, bound: Bound) -> None:
        fixed = self.plan.fixed(bound)
        assert all(one.ends_on < other.starts_on for one, other in pairwise(fixed or []))  # the kernel relies on it
        own: clocks.Own | None = None
        clock, date = bound.rule.clock, -1
        if isinstance(clock, Anchored | After) and clock.column is not None:
            date = self.rows.column(clock.column)
            own = clocks.of_dates(self.plan, bound, self.rows.coded(clock.column).values)
        elif isinstance(clock, After):
            own = clocks.of_triggers(self.plan, bound, self.events.days)
        self.numbers["date"].append(date)
        self.numbers["base"].append(len(self.slots))
        self.numbers["n_slots"].append(len(fixed or []))
        self.slots += [(bound, period) for period in fixed or []]
        self.tables["own_of"].append(None if own is None else own.of)
        self.tables["own"].append(None if own is None else own.rows)
        self._placed(bound.rule, fixed)

    def _placed(self, rule: Rule, fixed: list[Period] | None) -> None:
        """Rules with the same periods share their tables."""
        of_days = of_labels = None
        if fixed is not None and rule.needs:
            key = tuple(fixed)
            if key not in self._same:
                assert self.labels is not None
                self._same[key] = clocks.slots_of_days(fixed, self.events.days)
                self._same["labels", key] = clocks.slots_of_labels(fixed, self.labels.values)
            of_days, of_labels = self._same[key], self._same["labels", key]
        self.tables["slot_of"].append(of_days)
        self.tables["made_slot"].append(of_labels)

    # --- how much ---

    def _measured(self, rule: Rule) -> None:
        column, scale, amounts = -1, 1, None
        if rule.needs and rule.needs.measure in ("days", "hours"):
            column = self.happened.column(rule.needs.measure)
            scale, amounts = _amounts(self.happened.coded(rule.needs.measure).values)
        self.numbers["amount"].append(column)
        self.tables["amounts"].append(amounts)
        self.scales.append(scale)
        self._needed(rule, scale)

    def _needed(self, rule: Rule, scale: int) -> None:
        least = rule.needs.at_least if rule.needs else Decimal(0)
        basis, need, needs, shown = -1, 0, None, np.zeros(1)
        if isinstance(least, Basis):
            basis = self.rows.column(least.column)
            found = [based(least, exact(value)) for value in self.rows.coded(least.column).values]
            needs = native.wide([0, *(_units(one, scale) for one in found)])
            shown = np.array([0.0, *map(double, found)])
        else:
            need, shown = _units(Fraction(least), scale), np.array([double(Fraction(least))])
        self.numbers["basis"].append(basis)
        self.needs.append(need)
        self.tables["needs"].append(needs)
        self.shown.append(shown)

    # --- which events, which waivers ---

    def _wanted(self) -> dict[str, Numbers]:
        """By code of types: the rules that want such an event, and those that it triggers."""
        wanted: dict[str, list[int]] = {}
        triggered: dict[str, list[int]] = {}
        for place, bound in enumerate(self.bounds):
            for type_ in bound.rule.needs.event if bound.rule.needs else ():
                wanted.setdefault(type_, []).append(place)
            if isinstance(bound.rule.clock, After) and bound.rule.clock.event is not None:
                triggered.setdefault(bound.rule.clock.event, []).append(place)
        sets = self.events.table.column("types").values
        trigger_of, triggers = _lists([_rules(triggered, types) for types in sets])
        of_types = bits([[], *(_rules(wanted, types) for types in sets)], len(self.bounds))
        return {"wanted": of_types, "trigger_of": trigger_of, "triggers": triggers} | self._in_time()

    def _in_time(self) -> dict[str, Numbers]:
        """By code of days, and of labels of what is made up: the rules with a period there or no fixed periods."""
        rules = len(self.bounds)
        days = everything(len(self.events.days) or 1, rules)
        labels = everything(len(self.labels.values if self.labels else ()) + 1, rules)
        for rule, tables in enumerate(zip(self.tables["slot_of"], self.tables["made_slot"], strict=True)):
            for found, slots in zip((days, labels), tables, strict=True):
                if slots is not None:
                    ruled_out(found, rule, slots >= 0)
        return {"in_time": days, "makes_good": labels}

    def _topics(self) -> tuple[Numbers, Numbers, Numbers | None]:
        """By code of topics: its topics as numbers; as bits of a word, unless there are more than 64."""
        sets = self.events.table.column("topics").values if MEASURES["topics"] in self.numbers["measure"] else ()
        tokens: dict[str, int] = {}
        lists = [[tokens.setdefault(topic, len(tokens)) for topic in topics or ()] for topics in sets]
        bits = (
            np.array([0, *(sum({1 << one for one in topics}) for topics in lists)], np.uint64)
            if len(tokens) <= 64
            else None
        )
        return (*_lists(lists), bits)

    def _waivers(self) -> list[str]:
        table = self.plan.facts["waivers"]
        names = list(dict.fromkeys(bound.rule.name for bound in self.bounds))
        mine = pc.and_(
            pc.equal(table["subject"], self.subjects.kind), pc.is_in(table["rule"], pa.array(names, pa.string()))
        )
        table = table.filter(mine)
        owner = places_of_few(plain(table["subject_id"]), self.subjects.ids)
        order = np.argsort(owner, kind="stable")
        order = order[np.searchsorted(owner[order], 0) :]
        table, owner = table.take(pa.array(order)), owner[order]
        places = {bound.rule.name: self._name(bound.rule) for bound in self.bounds}
        self.of_waivers: tuple[Numbers, ...] = (
            np.searchsorted(owner, np.arange(len(self.subjects) + 1)).astype(np.int64),
            np.array([places[name] for name in table["rule"].to_pylist()], np.int32),
            *(np.asarray(plain(table[side].cast(pa.int32()))).astype(np.int32) for side in ("from", "to")),
        )
        found: list[str] = table["reason"].to_pylist()
        return found

    # --- the kernel's view ---

    def _fill(self, struct: native.Plan, rule_of: Numbers) -> None:
        subjects, events = self.subjects, self.events
        struct.rules, struct.groups, struct.slots = len(self.bounds), len(rule_of) - 1, len(self.slots)
        struct.as_of, struct.day = clocks.number(self.plan.as_of), clocks.number(self.plan.day)
        struct.seen = int(np.searchsorted(events.days, struct.as_of, side="right"))
        for name in ("row_of", "valid_from", "valid_to", "born", "gone"):
            self._point(struct, name, getattr(subjects, name))
        self._point(struct, "event_of", events.of)
        self._point(struct, "days", events.days)
        self._point(struct, "rule_of", rule_of)
        self._programs(struct)
        self._codes(struct)
        pairs = self._wanted()
        *self.topics, topic_bits = self._topics()
        self.named = clocks.named_days(self.labels.values if self.labels else ())
        self.periods = self._slots()
        pairs |= dict(zip(("topic_of", "topic", "made_start", "made_end"), (*self.topics, *self.named), strict=True))
        pairs |= dict(zip(("waiver_of", "waiver_name", "waiver_from", "waiver_to"), self.of_waivers, strict=True))
        pairs |= self.periods
        pairs |= {"id_at": events.ids.begins, "id_bytes": events.ids.text}
        for name in _BY_RULE:
            pairs[name] = np.array(self.numbers[name] or [0], np.int32)
        pairs["need"] = native.wide(self.needs)
        for name in _TABLES:
            self.kept.append(self.tables[name])
            pairs[name] = addresses(self.tables[name])
        for name, numbers in pairs.items():
            self._point(struct, name, numbers)
        self._point(struct, "id_row", events.ids.rows)
        self._point(struct, "topic_bits", topic_bits)

    def _programs(self, struct: native.Plan) -> None:
        """Conditions for the compiled kernel. The one in numpy takes them as they are, however many and deep."""
        try:
            if self.kernel:
                self._tested(struct)
        except Unfit as reason:
            log.info("judged in numpy: %s", reason)
            self.kernel = None

    def _tested(self, struct: native.Plan) -> None:
        rules = [bound.rule for bound in self.bounds]
        wheres = [rule.where for rule in rules], [rule.needs.where if rule.needs else None for rule in rules]
        for prefix, programs, conditions in zip(("row", "event"), (self.rows, self.happened), wheres, strict=True):
            view, kept = sieve(conditions, programs)
            tests, arrays = programs.tests()
            columns = (native.Column * (len(programs.columns) + 1))(
                *(native.column(one.codes) for one in programs.columns)
            )
            self.kept += [programs, kept, tests, arrays, columns]
            setattr(struct, f"{prefix}_sieve", view)
            setattr(struct, f"{prefix}_tests", tests)
            setattr(struct, f"{prefix}_columns", c.cast(columns, c.c_void_p))

    def _codes(self, struct: native.Plan) -> None:
        """Columns of events that the kernel reads whatever the rules; one that no rule needs stands in for another."""
        table, measures = self.events.table, self.numbers["measure"]
        types = table.column("types")
        struct.types, struct.held = native.column(types.codes), native.column(self.events.held)
        struct.recorded = native.column(self.events.recorded)
        struct.makes_up = native.column((self.labels or types).codes)
        struct.person = native.column((table.column("person_id") if MEASURES["people"] in measures else types).codes)
        struct.topics = native.column((table.column("topics") if MEASURES["topics"] in measures else types).codes)

    def _slots(self) -> dict[str, Numbers]:
        ends = [clocks.number(period.ends_on) for _, period in self.slots]
        deadlines = [clocks.number(clocks.deadline(bound, period)) for bound, period in self.slots]
        return {
            "start": np.array([clocks.number(period.starts_on) for _, period in self.slots] or [0], np.int32),
            "end": np.array(ends or [0], np.int32),
            "deadline": np.array(deadlines or [0], np.int32),
            "timely_below": np.searchsorted(self.events.days, deadlines or [0], side="right").astype(np.int32),
        }

    def _point(self, struct: native.Plan, name: str, numbers: Numbers | None) -> None:
        self.kept.append(numbers)
        setattr(struct, name, native.at(numbers))


_BY_RULE: list[str] = [
    "clock",
    "measure",
    "condition",
    "partial",
    "name",
    "base",
    "n_slots",
]
_BY_RULE += ["basis", "date", "amount"]
_TABLES = ("needs", "amounts", "slot_of", "made_slot", "own_of", "own")


def _clock(rule: Rule) -> int:
    match rule.clock:
        case Always():
            return STANDING
        case Anchored():
            return DATED
        case After(column=column):
            return TRIGGERED if column is None else DATED
    return FIXED


def _units(need: Fraction, scale: int) -> int:
    """The least number of units that reaches the need; beyond all sums it stays beyond."""
    return max(-WIDEST, min(WIDEST, math.ceil(need * scale)))


def _amounts(values: Sequence[Decimal]) -> tuple[int, Numbers]:
    """Units to the whole that write every value exactly, and the values in them."""
    places = max((_decimals(value) for value in values), default=0)
    return 10**places, native.wide([0, *(int(Fraction(value) * 10**places) for value in values)])


def _decimals(value: Decimal) -> int:
    fraction = Fraction(value)
    return next(places for places in range(19) if (fraction * 10**places).denominator == 1)


def _rules(by_type: dict[str, list[int]], types: Sequence[str]) -> list[int]:
    return sorted({place for type_ in types for place in by_type.get(type_, ())})


def _lists(lists: list[list[int]]) -> tuple[Numbers, Numbers]:
    """Lists by code; code 0 has none."""
    flat = [item for one in lists for item in one]
    return np.cumsum([0, 0, *map(len, lists)], dtype=np.int64), np.array(flat or [0], np.int32)
