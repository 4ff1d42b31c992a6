"""Writes. All are formal acts with an audit line but for drafts (see `drafts.py`)."""

from zhibu.web.records.actions.drafts import DraftMoved, drop_draft, save_draft
from zhibu.web.records.actions.edit import Conflict, edit
from zhibu.web.records.actions.entry import Refused
from zhibu.web.records.actions.exporting import export as export_records
from zhibu.web.records.actions.files import attach, detach
from zhibu.web.records.actions.submit import submit
from zhibu.web.records.actions.withdraw import restore, withdraw

__all__ = [
    "Conflict",
    "DraftMoved",
    "Refused",
    "attach",
    "detach",
    "drop_draft",
    "edit",
    "export_records",
    "restore",
    "save_draft",
    "submit",
    "withdraw",
]
