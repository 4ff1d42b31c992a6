"""What is looked at as soon as it is written: after the transaction, so that a hint never undoes a record."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import transaction

from zhibu.web.hints import finding, same_photo


def facts_changed(organisations: frozenset[int], since: date | None) -> None:
    if len(organisations) <= finding.FEW:
        transaction.on_commit(partial(finding.look, organisations), robust=True)


def file_kept(attachment: int, thing: str) -> None:
    if thing == "records.record":
        transaction.on_commit(partial(same_photo.look, attachment), robust=True)
