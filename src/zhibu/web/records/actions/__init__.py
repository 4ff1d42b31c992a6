"""Writes. `submit edit withdraw restore` are formal acts with an audit line; a draft is not (see `drafts.py`)."""

from zhibu.web.records.actions.drafts import DraftMoved, drop_draft, save_draft
from zhibu.web.records.actions.edit import Conflict, edit
from zhibu.web.records.actions.entry import Refused
from zhibu.web.records.actions.submit import submit
from zhibu.web.records.actions.withdraw import restore, withdraw

__all__ = [
    "Conflict",
    "DraftMoved",
    "Refused",
    "drop_draft",
    "edit",
    "restore",
    "save_draft",
    "submit",
    "withdraw",
]
