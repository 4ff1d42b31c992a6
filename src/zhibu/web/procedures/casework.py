"""A row of the table → the engine's case, and a typed record → the engine's record. Values stand as JSON in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhibu.engine.procedures.model import Case as EngineCase
from zhibu.engine.procedures.model import Record, Value, Votes
from zhibu.engine.rulebooks.model import Scalar
from zhibu.web.members.models import Member
from zhibu.web.procedures.library import Versions
from zhibu.web.procedures.models import Case, StepRecord

BORN = "born_on"  # the value that is the person's own birth date: kept once, beside the name or on the roster


def engine_case(versions: Versions, case: Case, records: Iterable[StepRecord]) -> EngineCase:
    """The case as the engine knows it; `records` may hold those taken back, they are left out."""
    kept = tuple(engine_record(versions, one) for one in records if one.undone_at is None)
    return EngineCase(case.opened, start_values(versions, case), kept, case.written_later)


def engine_record(versions: Versions, row: StepRecord) -> Record:
    return Record(
        step=row.step,
        done=row.done,
        begun=row.begun,
        outcome=row.outcome,
        values=scalars(versions, row.values),
        votes=Votes(**row.votes) if row.votes else None,
        papers=frozenset(one["id"] for one in row.papers),
        reason=row.reason,
        key=str(row.pk or ""),
    )


def start_values(versions: Versions, case: Case) -> dict[str, Scalar]:
    found = scalars(versions, case.values)
    if (born := born_on(case)) and any(value.id == BORN for value in known(versions)):
        found[BORN] = born
    return found


def born_on(case: Case) -> date | None:
    """Of the applicant, or of the member on the roster (withheld: unknown)."""
    if not case.member_id:
        return case.born_on
    rows = Member.objects.unscoped("the person of a case that was reached")
    return rows.filter(pk=case.member_id).values_list("born_on", flat=True).first()


def known(versions: Versions) -> list[Value]:
    """Every value of any version, the newest meaning of an id last."""
    return [value for version in versions for value in version.values]


def scalars(versions: Versions, raw: Mapping[str, Any]) -> dict[str, Scalar]:
    """JSON → the types the procedure gives them; what no version knows, or what is not of its type, is left out."""
    types = {value.id: value.type for value in known(versions)}
    found = {name: scalar(types[name], one) for name, one in raw.items() if name in types}
    return {name: one for name, one in found.items() if one is not None}


def scalar(kind: str, raw: Any) -> Scalar | None:
    """One value of its type; None for what is not one."""
    try:
        match kind:
            case "date":
                return date.fromisoformat(str(raw))
            case "whole":
                return int(raw)
            case "money":
                return Decimal(str(raw))
            case "flag":
                return raw if isinstance(raw, bool) else None
            case _:
                return raw if isinstance(raw, str) and raw else None
    except (TypeError, ValueError, InvalidOperation):
        return None


def plain(value: Scalar) -> Any:
    """For JSON: days and money as text, the rest as it is."""
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
