"""Reads, scope first. Other apps import from here."""

from zhibu.web.records.queries.closing import Duty, closable, closed_by, duty_of, makes_up_choices
from zhibu.web.records.queries.people import members_ever, own_organisation, roster
from zhibu.web.records.queries.records import (
    attendance_of,
    draft,
    drafts,
    last_like,
    of_kind,
    record,
    records_of,
    same_day,
    shown_attendances,
)

__all__ = [
    "Duty",
    "attendance_of",
    "closable",
    "closed_by",
    "draft",
    "drafts",
    "duty_of",
    "last_like",
    "makes_up_choices",
    "members_ever",
    "of_kind",
    "own_organisation",
    "record",
    "records_of",
    "roster",
    "same_day",
    "shown_attendances",
]
