"""Verdicts from what the kernel hands back: the very ones that the reference would have judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from zhibu.engine.conditions import exact
from zhibu.engine.facts.numbers import number
from zhibu.engine.live.coding import Days
from zhibu.engine.live.kernel import Kernel, Side
from zhibu.engine.live.world import Changing
from zhibu.engine.measures import based
from zhibu.engine.packed.subjects import EPOCH
from zhibu.engine.periods import Period
from zhibu.engine.results import STATUSES
from zhibu.engine.rulebooks.model import Always, Basis
from zhibu.engine.verdict import Verdict, earned

REASONS = {-1: None, -2: "partial", -3: "no basis"}  # as in kernel.c; waivers are numbered from 0
LOW = 2**64 - 1


class Telling:
    def __init__(self, world: Changing, kernel: Kernel, events: Days):
        self._compiled, self._events = kernel.compiled, events
        self._event_id = world.event_id()
        self._slots = [period for _, period in self._compiled.made.slots]
        self._rules = [bound.rule for bound in self._compiled.bounds]
        self._standing = [isinstance(rule.clock, Always) for rule in self._rules]
        self._points = [[earned(rule.points, status) for status in STATUSES] for rule in self._rules]
        self._needs: dict[tuple[int, int], Fraction | None] = {}

    def verdicts(self, side: Side, places: Iterable[int]) -> list[Verdict]:
        return [self._verdict(side, place) for place in places]

    def _verdict(self, side: Side, at: int) -> Verdict:
        get = side.found.get
        number_, slot, status, excuse = get["rule"][at], get["slot"][at], get["status"][at], get["excuse"][at]
        rule, deadline = self._rules[number_], _day(get["deadline"][at])
        period = self._slots[slot] if slot >= 0 else _period(get["start"][at], get["end"][at])
        need = timely = total = None
        evidence: tuple[str, ...] = ()
        if not self._standing[number_]:
            need, scale = self._need(number_, get["need_code"][at]), self._compiled.scales[number_]
            timely, total = _sum(get["timely"], at, scale), _sum(get["total"], at, scale)
            evidence = self._evidence(side, at)
        return Verdict(
            rule.subject, side.identity, rule.rulebook, rule.id, rule.strength,
            period.label, period.starts_on, period.ends_on, deadline,
            STATUSES[status], need, timely, total, self._points[number_][status], number(rule.points.met), evidence,
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
        if len(events) < 2:
            return tuple([self._event(side, one)[1] for one in events])
        return tuple([identity for _, identity in sorted([self._event(side, one) for one in events])])

    def _event(self, side: Side, event: int) -> tuple[int, str]:
        """Day held, id."""
        if event >= side.resting:
            row = side.come[event - side.resting]
            return row["held_on"].toordinal() - EPOCH, row["event_id"]
        places = side.places
        place = places.start + event if isinstance(places, slice) else int(places[event])
        return int(self._events.days[self._events.held.whole[place]]), self._event_id(place)


@lru_cache(maxsize=65536)
def _period(start: int, end: int) -> Period:
    return Period.of(_day(start), _day(end))


@lru_cache(maxsize=65536)
def _day(number_: int) -> date:
    return date.fromordinal(number_ + EPOCH)


def _sum(halves: Any, at: int, scale: int) -> Fraction:
    units = (halves[2 * at + 1] << 64) + (halves[2 * at] & LOW)
    return number(units) if scale == 1 else _units(units, scale)


@lru_cache(maxsize=65536)
def _units(units: int, scale: int) -> Fraction:
    return Fraction(units, scale)
