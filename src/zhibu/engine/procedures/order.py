"""The order of steps: what comes before, what is satisfied, what nobody asks for any more. Serves the meaning.

For the order a step is satisfied when a record of it counts, or when it is dropped: a repeated one that is closed, or
one that is new in this version and before a step already done under a version without it (decision 18, section 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhibu.engine.procedures.model import Procedure, Step
from zhibu.engine.procedures.past import Past


def waits_for(procedure: Procedure, past: Past, step: Step) -> tuple[str, ...]:
    """The steps of its `after` that are not satisfied yet."""
    return tuple(one for one in step.after if not satisfied(procedure, past, one))


def satisfied(procedure: Procedure, past: Past, step: str) -> bool:
    return past.has(step) or dropped(procedure, past, step)


def dropped(procedure: Procedure, past: Past, step: str) -> bool:
    """Not done, and not asked for any more."""
    if past.has(step):
        return False
    return closed(procedure, past, procedure.step(step)) or _overtaken(procedure, past, step)


def closed(procedure: Procedure, past: Past, step: Step) -> bool:
    """A repeated step takes no more records once the step it waits for is done."""
    return step.repeats is not None and satisfied(procedure, past, step.repeats.while_open)


def _overtaken(procedure: Procedure, past: Past, step: str) -> bool:
    without = [one.record.step for one in past.counting if not one.version.knows(step)]
    return bool(without) and not procedure.following(step).isdisjoint(without)


def nothing_left(procedure: Procedure, past: Past) -> bool:
    return all(satisfied(procedure, past, step.id) for step in procedure.steps)


def days_before(procedure: Procedure, past: Past, step: Step) -> Iterator[date]:
    """The days of the steps of its `after`: the first one of a repeated step; through a dropped one to those before."""
    for one in step.after:
        days = past.days(one)
        if days:
            yield min(days)
        else:
            yield from days_before(procedure, past, procedure.step(one))
