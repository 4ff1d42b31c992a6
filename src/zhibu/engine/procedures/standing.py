"""Where a case stands on a day (decision 18, section 8). Serves the meaning.

`check` and `undoable` are here too for those who ask: three questions, one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.engine.holidays import Holidays, official
from zhibu.engine.procedures import gates, limits
from zhibu.engine.procedures.check import check, missing, refused
from zhibu.engine.procedures.history import added, beginning
from zhibu.engine.procedures.model import SKIPPED, Case, Procedure, Reason, Record, Standing, Step, StepStanding
from zhibu.engine.procedures.moments import Sight, sight
from zhibu.engine.procedures.order import closed, dropped, nothing_left, waits_for
from zhibu.engine.procedures.past import Past
from zhibu.engine.procedures.undo import undoable
from zhibu.engine.procedures.versions import governing

__all__ = ["check", "standing", "undoable"]


def standing(versions: Sequence[Procedure], case: Case, on: date, holidays: Holidays | None = None) -> Standing:
    """Every step of the version in force on that day. Raises EngineError where no version is in force."""
    table = holidays or official()
    past, tables = _limits(versions, case, table)
    procedure = governing(versions, case, on)
    ended = past.ended or (procedure.finished if nothing_left(procedure, past) else None)
    seen = sight(procedure, case, past, table)
    steps = (_step(seen, step, on, tables, ended is not None) for step in procedure.steps)
    return Standing(procedure, tuple(steps), ended)


Tables = dict[int, limits.Limits]  # by id of the record: what held when it was made


def _limits(versions: Sequence[Procedure], case: Case, holidays: Holidays) -> tuple[Past, Tables]:
    past, tables = beginning(case), Tables()
    for record in case.records:
        procedure = governing(versions, case, record.done)
        if procedure.knows(record.step):
            seen = sight(procedure, case, past, holidays, record.values)
            tables[id(record)] = limits.of(seen, procedure.step(record.step))
        past = added(versions, case, past, record)
    return past, tables


def _step(seen: Sight, step: Step, on: date, tables: Tables, ended: bool) -> StepStanding:
    past, records = seen.past, seen.past.of(step.id)
    if records and (step.repeats is None or ended or closed(seen.procedure, past, step)):
        return _done(step, records, tables)
    if ended or dropped(seen.procedure, past, step.id):
        return StepStanding(step, "dropped")
    before = waits_for(seen.procedure, past, step)
    if before:
        return StepStanding(step, "waiting", waits_for=before, missing=missing(seen.procedure, past, step))
    return _next(seen, step, on)


def _done(step: Step, records: tuple[Record, ...], tables: Tables) -> StepStanding:
    last = records[-1]
    held = tables.get(id(last), limits.Limits())
    return StepStanding(
        step,
        "skipped" if last.outcome == SKIPPED else "done",
        records,
        earliest=held.earliest,
        latest=held.latest,
        longest=held.longest,
        late=limits.is_late(held, last),
        provisional=held.provisional,
    )


def _next(seen: Sight, step: Step, on: date) -> StepStanding:
    held = limits.of(seen, step)
    reasons = tuple(_of_day(seen, step, on))
    return StepStanding(
        step,
        "next",
        seen.past.of(step.id),
        earliest=held.earliest,
        latest=held.latest,
        longest=held.longest,
        early=any(one.weight != "hint" for one in reasons),
        overdue=held.latest is not None and on > held.latest,
        provisional=held.provisional,
        missing=missing(seen.procedure, seen.past, step),
        waits_for=held.unknown,
        reasons=reasons,
    )


def _of_day(seen: Sight, step: Step, on: date) -> list[Reason]:
    """What `check` would say of this day. A value the step itself asks for says nothing before it is given."""
    found: list[Reason] = []
    floor = limits.floor(seen, step)
    if floor is not None and on < floor:
        found.append(refused(f"“{step.title}”最早 {floor} 可以办", floor, of_day=True))
    for gate in step.gates:
        if not limits.to_be_given(seen, step, gate):
            found += gates.of_day(gate, seen, on)
    return found
