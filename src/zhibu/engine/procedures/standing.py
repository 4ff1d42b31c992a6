"""Where a case stands on a day, and what speaks against a record. Serves the meaning (decision 18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.engine.holidays import Holidays
from zhibu.engine.procedures.model import Case, Procedure, Reason, Record, Standing


def standing(versions: Sequence[Procedure], case: Case, on: date, holidays: Holidays | None = None) -> Standing:
    """Every step of the version in force on that day. Raises EngineError where no version is in force."""
    raise NotImplementedError


def check(
    versions: Sequence[Procedure], case: Case, record: Record, today: date, holidays: Holidays | None = None
) -> tuple[Reason, ...]:
    """Every reason against adding this record to the case; it may be added when none is `refused` and, where one is
    `reason_needed`, the record has a reason (then that one is not in the answer)."""
    raise NotImplementedError


def undoable(versions: Sequence[Procedure], case: Case, key: str) -> str:
    """Empty where the record may be taken back, else the sentence that names what rests on it."""
    raise NotImplementedError
