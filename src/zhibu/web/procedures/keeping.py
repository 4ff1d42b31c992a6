"""Asks the engine where a case stands and keeps what lists need of the answer (`next_*`, `ended`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.engine import holidays
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.model import Standing, StepStanding
from zhibu.engine.procedures.standing import standing
from zhibu.web.access.queries import system_scope
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.procedures import who
from zhibu.web.procedures.casework import engine_case
from zhibu.web.procedures.library import Shelf, Versions, shelf
from zhibu.web.procedures.models import Case, StepRecord

NEXT = ("next_step", "next_title", "next_at", "next_from", "next_until", "trouble", "stood_on")
SOON = timedelta(days=30)
NO_VERSION = "没有现行的程序：这一程序已停用，或不适用于本组织。请组织部门发布后再办"


@dataclass(frozen=True, slots=True)
class Stood:
    """`standing` None: the engine can't say, and `trouble` is the sentence why."""

    versions: Versions
    records: Sequence[StepRecord]
    standing: Standing | None
    trouble: str = ""


def records_of(case: Case) -> list[StepRecord]:
    """All of them, those taken back too, in the order they were made."""
    rows = StepRecord.objects.unscoped("of a case that was reached")
    return list(rows.filter(case=case).select_related("by", "undone_by").order_by("pk"))


def stood(case: Case, on: date, books: Shelf | None = None, records: Sequence[StepRecord] | None = None) -> Stood:
    """Where a case that was reached stands on a day."""
    found = records if records is not None else records_of(case)
    try:
        versions = (books or shelf()).at(case.organisation.path).get(case.procedure, ())
        if not versions:
            return Stood((), found, None, NO_VERSION)
        answer = standing(versions, engine_case(versions, case, found), on, holidays.official())
    except EngineError as error:
        return Stood((), found, None, "；".join(one.wrong for one in error.faults)[:300])
    return Stood(versions, found, answer)


def keep(case: Case, by: Scope, found: Stood) -> None:
    """Write the answer into the row. A case that was withdrawn stays so."""
    settle(case, by, found)
    case.save(update_fields=[*NEXT, "ended", "ended_on"])


def settle(case: Case, by: Scope, found: Stood, offices: Collection[int] | None = None) -> None:
    """The same in the object only. `offices`: the organisations with an officer, where they are known already."""
    case.trouble, case.stood_on = found.trouble[:300], by.on
    case.next_step, case.next_title, case.next_at, case.next_from, case.next_until = "", "", None, None, None
    answer = found.standing
    if answer and not case.withdrawn_reason:
        case.ended = (answer.ended or "")[:60]
        case.ended_on = max((one.done for one in found.records if not one.undone_at), default=by.on)
        case.ended_on = case.ended_on if answer.ended is not None else None
        if answer.ended is None and (first := first_of(answer, by.on)):
            case.next_step, case.next_title = first.step.id, first.step.title
            case.next_at = who.nearest(first.step, who.place(first.step, case), by, offices)
            case.next_from, case.next_until = first.earliest, first.latest
            if first.latest and _rests(first, by.on):
                case.next_from = first.latest - SOON


def first_of(answer: Standing, on: date) -> StepStanding | None:
    """The one step a list names: what is overdue, then what may be done, then what comes first.

    What is done again and again, and not owed soon, stands back behind what leads on.
    """
    steps = list(enumerate(answer.next))
    return min(steps, key=lambda one: _order(one[1], one[0], on))[1] if steps else None


def _order(one: StepStanding, place: int, on: date) -> tuple[object, ...]:
    rests = _rests(one, on)
    return (not one.overdue, one.early or rests, rests, one.latest or date.max, one.earliest or date.min, place)


def _rests(one: StepStanding, on: date) -> bool:
    return bool(one.records and one.step.repeats and one.latest and one.latest - on > SOON)


def refresh(under: str = "") -> int:
    """Ask anew for every open case below a path: a version came into force, the tree moved, a day went by."""
    books, by = shelf(), system_scope()
    rows = Case.objects.unscoped("what lists show follows the day and the versions")
    count = 0
    for case in rows.filter(subtree("organisation__path", under), ended_on=None).select_related(
        "organisation", "receiver"
    ):
        keep(case, by, stood(case, by.on, books))
        count += 1
    return count


def tree_moved(organisation_id: int, old_path: str, new_path: str) -> None:
    """Listener of `core.announce`: others are above now, and other offices' procedures bind."""
    refresh(new_path)
