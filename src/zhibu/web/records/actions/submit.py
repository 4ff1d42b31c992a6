"""A form becomes a record: one transaction, and the same form sent twice is one record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError

from zhibu.web.audit.actions import action
from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import numbers, words
from zhibu.web.records.actions.entry import Sheet, check_sheet, own_only, say, since, tie, values, write_sheet
from zhibu.web.records.models import Record


def submit(*, by: Scope, organisation: Organisation, fields: Mapping[str, Any], attendance: Sheet, key: str) -> Record:
    """Store a record and return it; `key` names the form, and a form already sent gives its record again.

    Raises NotAllowed, or Refused with the sentence for the reader; then nothing is stored.
    """
    if found := sent(by, organisation, key):
        return found
    try:
        return _submit(by=by, organisation=organisation, fields=fields, attendance=attendance, key=key)
    except IntegrityError:
        # The same form arrived twice at once and lost the race; its number went back with the savepoint.
        if found := sent(by, organisation, key):
            return found
        raise


submit.action_name = "records.submit"  # type: ignore[attr-defined]


def sent(by: Scope, organisation: Organisation, key: str) -> Record | None:
    """The record this form has already become."""
    if not key or not by.may("records.submit"):
        return None
    return Record.objects.within(by).filter(organisation=organisation, submitted_key=key).first()


@action("records.submit")
def _submit(*, by: Scope, organisation: Organisation, fields: Mapping[str, Any], attendance: Sheet, key: str) -> Record:
    own_only(by, organisation)
    row = values(fields, attendance)
    check_sheet(by, organisation, row, attendance)
    record = _store(by, organisation, row, key)
    write_sheet(record, attendance)
    tie(by, record, fields)
    sentence = f"提交活动记录 {record.number}（{words.types_words(record.types)}）"
    new = row | {"attendance": {str(member): state for member, state in attendance.items()}}
    new |= {"ties": fields["ties"]} if fields.get("ties") else {}
    say(by, "records.submit", sentence, record, new=new)
    announce.recorded(by, record.pk, first=True)
    announce.facts_changed({organisation.pk}, since(record))
    return record


def _store(by: Scope, organisation: Organisation, row: dict[str, Any], key: str) -> Record:
    today = clock.today()
    [number] = numbers.take(today.year)
    return Record.objects.create(
        **row,
        number=number,
        organisation=organisation,
        recorded_at=clock.now(),
        recorded_on=today,
        submitted_key=key,
        by_id=by.user_id,
    )
