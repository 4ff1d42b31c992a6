"""Whether a record may be taken back (decision 18, section 4). Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from zhibu.engine.holidays import official
from zhibu.engine.procedures import words
from zhibu.engine.procedures.check import against
from zhibu.engine.procedures.history import added, beginning, replay
from zhibu.engine.procedures.model import Age, Case, Dates, From, Gate, Moment, Procedure, Record, Until, Where
from zhibu.engine.procedures.past import Counted, Past, outcome_of
from zhibu.engine.procedures.versions import governing
from zhibu.engine.uses import of_condition


def undoable(versions: Sequence[Procedure], case: Case, key: str) -> str:
    """Empty where the record may be taken back, else the sentence that names what rests on it.

    Raises KeyError where no record of the case has that key.
    """
    at = next((at for at, record in enumerate(case.records) if record.key == key), None)
    if at is None:
        raise KeyError(key)
    if at == len(case.records) - 1:
        return ""
    past = replay(versions, case)
    taken, later = past.made[at], past.made[at + 1 :]
    for one in later:
        if why := _rests(one, taken):
            return _sentence(one, why)
    if past.ended is not None:
        return _sentence(later[-1], f"它使这件事办结了（{past.ended}）")
    return _no_longer(versions, case, at)


def _rests(later: Counted, taken: Counted) -> str:
    """Why the later record rests on the one to be taken back; empty when it does not."""
    outcome, back = outcome_of(later), outcome_of(taken)
    if outcome is not None and outcome.to is not None:
        return "它退回了前面的步骤"
    version, step = later.version, later.record.step
    if back is not None and back.to is not None and step in (back.to, *taken.version.following(back.to)):
        return "它是退回以后重新办的"
    if not version.knows(step):
        return ""
    if step in version.following(taken.record.step):
        return "它是在这一步之后办的"
    gates = (*version.step(step).gates, *(outcome.gates if outcome else ()))
    if any(_reads(gate, taken.record) for gate in gates):
        return "它的期限或条件要看这一步"
    return ""


def _reads(gate: Gate, record: Record) -> bool:
    """The gate reads the day or a value of the record."""
    steps = {moment.step for moment in _moments(gate)}
    values = {moment.value for moment in _moments(gate)}
    match gate:
        case Age(value=value) | Dates(value=value):
            values.add(value)
        case Where(condition):
            values |= {use.column for use in of_condition("", condition)}
    return record.step in steps or not values.isdisjoint(record.values)


def _moments(gate: Gate) -> Iterator[Moment]:
    match gate:
        case From(moment=moment) | Until(moment=moment):
            yield moment
        case Dates(since=since, until=until):
            yield from (one for one in (since, until) if one is not None)


def _no_longer(versions: Sequence[Procedure], case: Case, at: int) -> str:
    """The first later record that could not have been made without it: a paper it brought, a count it made."""
    with_it, without = beginning(case), beginning(case)
    for number, record in enumerate(case.records):
        if number > at and _blocked(versions, case, without, record) - _blocked(versions, case, with_it, record):
            return _sentence(Counted(record, governing(versions, case, record.done)), "没有这一步就不能那样办")
        with_it = added(versions, case, with_it, record)
        without = without if number == at else added(versions, case, without, record)
    return ""


def _blocked(versions: Sequence[Procedure], case: Case, past: Past, record: Record) -> set[str]:
    found = against(versions, case, past, record, date.max, official())
    return {one.sentence for one in found if one.weight != "hint"}


def _sentence(later: Counted, why: str) -> str:
    title = words.title(later.version, later.record.step)
    return f"不能撤回：后面“{title}”（{later.record.done}）已经记了，{why}。要撤回，请先撤回那一次"
