"""What the review of a committee does to the record itself. The app `review` decides, and writes the audit lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.core import announce
from zhibu.web.records.actions.entry import since
from zhibu.web.records.models import Record, Review

CLEAR: dict[str, Any] = {"returned_for": "", "returned_by": "", "back_by": None}


def put_up(record: Record, was: str) -> bool:
    """待审核, whatever it was; what rules count does not change."""
    return _move(record, was, review=Review.WAITING, **CLEAR)


def accept(record: Record, version: int) -> bool:
    """Whether this call was the one that accepted the version the reviewer read."""
    return _move(record, Review.WAITING, version, review=Review.ACCEPTED)


def give_back(record: Record, version: int, *, why: str, who: str, back_by: date) -> bool:
    """退回补充: from now on the record counts for nothing."""
    told = {"returned_for": why, "returned_by": who, "back_by": back_by}
    return _move(record, Review.WAITING, version, review=Review.RETURNED, **told) and _counts_otherwise(record)


def undo(record: Record, was: str) -> bool:
    """A decision is taken back: waiting again, and counted as before."""
    return _move(record, was, review=Review.WAITING, **CLEAR) and _counts_otherwise(record)


def resubmit(record: Record, today: date) -> bool:
    """Back from the branch. In time it counts from its own day of entry, later from today (decision 0020)."""
    late = {"recounted_on": today} if record.back_by and today > record.back_by else {}
    return _move(record, Review.RETURNED, review=Review.WAITING, **CLEAR, **late) and _counts_otherwise(record)


def _move(record: Record, was: str, version: int | None = None, **told: Any) -> bool:
    """Compare and set without the scope's join (see `edit._save`): of two reviewers exactly one gets through."""
    rows = Record.objects.unscoped("found within the scope").filter(pk=record.pk, review=was, withdrawn_at=None)
    if version is not None:
        rows = rows.filter(version=version)
    return bool(rows.update(**told))


def _counts_otherwise(record: Record) -> bool:
    announce.facts_changed({record.organisation_id}, since(record))
    return True
