"""Verdicts from what the kernel hands back: the very ones that the reference would have judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, get_args

from zhibu.engine.conditions import exact
from zhibu.engine.facts.numbers import number
from zhibu.engine.live.coding import Days
from zhibu.engine.live.found import Side
from zhibu.engine.live.kernel import Kernel
from zhibu.engine.live.world import Changing
from zhibu.engine.measures import based
from zhibu.engine.packed.clocks import deadline
from zhibu.engine.packed.subjects import EPOCH
from zhibu.engine.periods import Period
from zhibu.engine.rulebooks.model import Always, Basis
from zhibu.engine.verdict import Status, Verdict, earned

STATUSES: tuple[Status, ...] = get_args(Status)  # in the order of results.STATUSES and of the kernel
REASONS = {-1: None, -2: "partial", -3: "no basis"}  # as in kernel.c; waivers are numbered from 0
LOW = 2**64 - 1
Span = tuple[str, date, date, date]  # label, first day, last day, deadline


class Telling:
    def __init__(self, world: Changing, kernel: Kernel, events: Days):
        self._compiled, self._days = kernel.compiled, events.held
        self._event_id = world.event_id()
        self._slots: list[Span] = [
            (period.label, period.starts_on, period.ends_on, deadline(bound, period))
            for bound, period in self._compiled.made.slots
        ]
        self._rules = [bound.rule for bound in self._compiled.bounds]
        self._standing = [isinstance(rule.clock, Always) for rule in self._rules]
        self._names = [(rule.subject, rule.rulebook, rule.id, rule.strength) for rule in self._rules]
        self._points = [[earned(rule.points, status) for status in STATUSES] for rule in self._rules]
        self._most = [number(rule.points.met) for rule in self._rules]
        self._held = memoryview(events.held.whole)
        self._needs: dict[tuple[int, int], Fraction | None] = {}

    def verdicts(self, side: Side, places: Iterable[int]) -> list[Verdict]:
        return [self._verdict(side, place) for place in places]

    def _verdict(self, side: Side, at: int) -> Verdict:
        get = side.found.get
        rule, slot, status, excuse = get["rule"][at], get["slot"][at], get["status"][at], get["excuse"][at]
        subject, book, name, strength = self._names[rule]
        days: Span = self._slots[slot] if slot >= 0 else _period(get["start"][at], get["end"][at], get["deadline"][at])
        need = timely = total = None
        evidence: tuple[str, ...] = ()
        if not self._standing[rule]:
            need, scale = self._need(rule, get["need_code"][at]), self._compiled.scales[rule]
            timely, total = _sum(get["timely"], at, scale), _sum(get["total"], at, scale)
            evidence = self._evidence(side, at)
        return Verdict(
            subject, side.identity, book, name, strength, *days,
            STATUSES[status], need, timely, total, self._points[rule][status], self._most[rule], evidence,
            side.waivers[excuse]["reason"] if excuse >= 0 else REASONS[excuse], bool(get["provisional"][at]),
        )  # fmt: skip

    def _need(self, rule: int, code: int) -> Fraction | None:
        if (rule, code) not in self._needs:
            needs, made = self._rules[rule].needs, self._compiled.made
            least = needs.at_least if needs else None
            if isinstance(least, Basis):
                found = based(least, exact(made.rows.coded(least.column).values[code - 1])) if code else None
            else:
                found = None if least is None else number(least)
            self._needs[rule, code] = found
        return self._needs[rule, code]

    def _evidence(self, side: Side, at: int) -> tuple[str, ...]:
        """By day held, then id."""
        get = side.found.get
        events = get["evidence"][get["evidence_end"][at - 1] if at else 0 : get["evidence_end"][at]].tolist()
        if not events:
            return ()
        if side.come or not isinstance(side.places, slice):
            return tuple([identity for _, identity in sorted([self._event(side, one) for one in events])])
        first, held, named = side.places.start, self._held, self._event_id
        if len(events) == 1:
            return (named(first + events[0]),)
        return tuple([identity for _, identity in sorted([(held[first + one], named(first + one)) for one in events])])

    def _event(self, side: Side, event: int) -> tuple[int | None, str]:
        """Code of the day held, id."""
        if event >= side.resting:
            row = side.come[event - side.resting]
            return self._days.code(row), row["event_id"]
        places = side.places
        place = places.start + event if isinstance(places, slice) else int(places[event])
        return self._held[place], self._event_id(place)


@lru_cache(maxsize=65536)
def _period(start: int, end: int, deadline: int) -> Span:
    first, last, late = (date.fromordinal(one + EPOCH) for one in (start, end, deadline))
    return Period.of(first, last).label, first, last, late


def _sum(halves: Any, at: int, scale: int) -> Fraction:
    units = (halves[2 * at + 1] << 64) + (halves[2 * at] & LOW)
    return number(units) if scale == 1 else _units(units, scale)


@lru_cache(maxsize=65536)
def _units(units: int, scale: int) -> Fraction:
    return Fraction(units, scale)
