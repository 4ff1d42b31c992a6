"""What counts of the records of a case (decision 18, section 4). Serves the meaning.

Records are taken in the order they were made; one that goes back ends the count of the steps it goes back over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhibu.engine.procedures.model import Case, Procedure, Record
from zhibu.engine.procedures.order import nothing_left
from zhibu.engine.procedures.past import Counted, Past, outcome_of, papers_of
from zhibu.engine.procedures.versions import governing


def beginning(case: Case) -> Past:
    """Before any record."""
    return Past(values=case.values)


def replay(versions: Sequence[Procedure], case: Case) -> Past:
    """All records. Raises EngineError where no version is in force on the day of one."""
    past = beginning(case)
    for record in case.records:
        past = added(versions, case, past, record)
    return past


def added(versions: Sequence[Procedure], case: Case, past: Past, record: Record) -> Past:
    """The past with one more record."""
    new = Counted(record, governing(versions, case, record.done))
    past = replace(
        past,
        counting=(*past.counting, new),
        made=(*past.made, new),
        kept_papers=past.kept_papers | {one for one in papers_of(new) if new.version.stays(one)},
        values={**past.values, **record.values},
    )
    outcome = outcome_of(new)
    if outcome is not None and outcome.to is not None:
        return gone_back(past, new.version, outcome.to)
    if outcome is not None and outcome.ends is not None:
        return replace(past, ended=outcome.ends)
    return replace(past, ended=new.version.finished) if nothing_left(new.version, past) else past


def gone_back(past: Past, version: Procedure, to: str) -> Past:
    """Without the records of that step and those that come after it; a step that this version does not know, by the
    version it was done under."""
    return replace(past, counting=tuple(one for one in past.counting if not _after(one, version, to)))


def _after(one: Counted, version: Procedure, to: str) -> bool:
    step = one.record.step
    home = version if version.knows(step) else one.version
    return step == to or (home.knows(to) and step in home.following(to))
