"""Which periods of a rule a subject owes (engine.md section 3, first list). Serves the meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from zhibu.engine import periods
from zhibu.engine.conditions import Row
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After, Anchored, Rule
from zhibu.engine.subjects import lived_in, row_on
from zhibu.engine.world import World


def owed(
    world: World, bound: Bound, identity: str, concerned: Callable[[Period], bool] | None = None
) -> list[tuple[Period, Row]]:
    """The periods that give a verdict, each once, with the subject's row on the basis day; all or those concerned."""
    found: dict[str, tuple[Period, Row]] = {}
    history, binds = world.histories[bound.rule.subject][identity], _binds(world, bound.rule)
    if not any(map(binds, history)):
        return []
    for period, anchor in _candidates(world, bound, identity):
        if concerned is not None and not concerned(period):
            continue
        row = _bound_row(bound, history, min(period.ends_on, world.plan.as_of), period, anchor, binds)
        if row is not None:
            guessed = period.label in found and found[period.label][0].provisional
            found[period.label] = (replace(period, provisional=True) if guessed else period, row)
    return list(found.values())


def _binds(world: World, rule: Rule) -> Callable[[Row], bool]:
    """Whether the rule applies to a row of the subject, looked at once for each of its rows."""
    known: dict[int, bool] = {}

    def binds(row: Row) -> bool:
        if id(row) not in known:
            known[id(row)] = world.holds(rule.where, row)
        return known[id(row)]

    return binds


def _candidates(world: World, bound: Bound, identity: str) -> Iterator[tuple[Period, date | None]]:
    """Periods ending in the window while the rulebook is in effect, with the date they were read from, if any."""
    fixed = world.fixed(bound)
    if fixed is not None:
        yield from ((period, None) for period in fixed)
        return
    for period, anchor in _own(world, bound, identity):
        first, last = world.plan.window
        if first <= period.ends_on <= last and bound.in_effect(period.starts_on, period.ends_on):
            yield period, anchor


def _own(world: World, bound: Bound, identity: str) -> Iterator[tuple[Period, date | None]]:
    rule, plan = bound.rule, world.plan
    match rule.clock:
        case Anchored(months, column):
            for start in _dates(world, rule.subject, identity, column):
                yield from ((period, start) for period in periods.anchored(start, months, plan.window))
        case After() as clock:
            for trigger, anchor in _triggers(world, rule.subject, identity, clock):
                if period := world.following(trigger, clock):
                    yield period, anchor


def _triggers(world: World, subject: str, identity: str, clock: After) -> Iterator[tuple[date, date | None]]:
    if clock.column is not None:
        yield from ((day, day) for day in _dates(world, subject, identity, clock.column))
        return
    for event in world.of_types(subject, identity, [clock.event] if clock.event else []):
        yield event["held_on"], None


def _dates(world: World, subject: str, identity: str, column: str) -> set[date]:
    return {row[column] for row in world.histories[subject][identity]} - {None}


def _bound_row(
    bound: Bound,
    history: Sequence[Row],
    basis: date,
    period: Period,
    anchor: date | None,
    binds: Callable[[Row], bool],
) -> Row | None:
    """The row on the basis day, if the rule applies to it, it still holds the anchor, and the subject existed."""
    rule = bound.rule
    row = row_on(history, basis)
    if row is None or not binds(row) or not lived_in(rule.subject, row, period):
        return None
    if anchor is not None and isinstance(rule.clock, (Anchored, After)) and row[rule.clock.column or ""] != anchor:
        return None
    return row
