"""A record is corrected; two people who correct it at once both keep what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from zhibu.web.audit.actions import action
from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.records import ties
from zhibu.web.records.actions.entry import Refused, Sheet, check_sheet, fill_sheet, own_only, say, since, tie, values
from zhibu.web.records.models import Record


class Conflict(RuntimeError):
    """Somebody else saved this record meanwhile. `theirs` is what is stored now; nothing of it was touched."""

    def __init__(self, theirs: Record):
        super().__init__(f"{theirs.number} 已被修改（第 {theirs.version} 版）")
        self.theirs = theirs


def edit(*, by: Scope, record: Record, version: int, fields: Mapping[str, Any], attendance: Sheet) -> Record:
    """Save a corrected record and return it. `version` is the one the editor was looking at.

    An edit that changes nothing writes nothing. Raises Conflict(theirs), Refused or NotAllowed.
    """
    stored = Record.objects.within(by).select_related("organisation").get(pk=record.pk)
    moved = ties.moved(stored, fields.get("ties") or {})
    if by.may("records.edit") and not moved and not changes(stored, values(fields, attendance), attendance):
        return stored  # also the second click of one save, although the version has moved
    return _edit(by=by, record=stored, version=version, fields=fields, attendance=attendance)


edit.action_name = "records.edit"  # type: ignore[attr-defined]


@action("records.edit")
def _edit(*, by: Scope, record: Record, version: int, fields: Mapping[str, Any], attendance: Sheet) -> Record:
    own_only(by, record.organisation)
    if record.withdrawn_at:
        raise Refused(f"{record.number} 已撤回，不能修改")
    row = values(fields, attendance)
    check_sheet(by, record.organisation, row, attendance)
    old, new = _difference(record, row, attendance)
    for name, (before, after) in ties.moved(record, fields.get("ties") or {}).items():
        old[name], new[name] = before, after
    if adds_to_count(record, row):
        row["recounted_on"] = clock.today()
    _save(by, record, version, row)
    fill_sheet(record, attendance)
    stored = Record.objects.within(by).select_related("organisation").get(pk=record.pk)
    tie(by, stored, fields, before=record)
    sentence = f"修改活动记录 {record.number}（第 {version + 1} 版）"
    say(by, "records.edit", sentence, record, held_on=row["held_on"], old=old, new=new)
    announce.recorded(by, record.pk, first=False)
    stored.refresh_from_db()  # review may have counted it anew
    announce.facts_changed({record.organisation_id}, since(record, stored))
    return stored


def _save(by: Scope, record: Record, version: int, row: Mapping[str, Any]) -> None:
    """Compare and set in one statement, so that of two editors exactly one wins.

    Without the scope's join: PostgreSQL would look at the version inside a subquery as it was before it waited for
    the other editor, and let both pass. `record` has been found within the scope already.
    """
    mine = Record.objects.unscoped("found within the scope").filter(pk=record.pk, version=version, withdrawn_at=None)
    if not mine.update(**row, version=F("version") + 1, edited_at=clock.now()):
        raise Conflict(Record.objects.within(by).get(pk=record.pk))


def changes(record: Record, row: Mapping[str, Any], attendance: Sheet) -> bool:
    return any(_difference(record, row, attendance))


def _difference(record: Record, row: Mapping[str, Any], attendance: Sheet) -> tuple[dict, dict]:
    """The changed fields only, before and after."""
    old = {name: getattr(record, name) for name, value in row.items() if getattr(record, name) != value}
    new = {name: row[name] for name in old}
    before = dict(record.attendances.values_list("member_id", "state"))
    if moved := {pk for pk in before.keys() | attendance.keys() if before.get(pk) != attendance.get(pk)}:
        old["attendance"] = {str(pk): before.get(pk) for pk in sorted(moved)}
        new["attendance"] = {str(pk): attendance.get(pk) for pk in sorted(moved)}
    return old, new


def adds_to_count(record: Record, row: Mapping[str, Any]) -> bool:
    """Whether the edit lets rules count more than was first entered (docs/decisions/0006)."""
    return (
        not set(row["types"]) <= set(record.types)
        or row["held_on"] != record.held_on
        or row["makes_up"] != record.makes_up
        or (row["hours"] or 0) > (record.hours or 0)
        or (_half(row["expected"], row["present"]) and not _half(record.expected, record.present))
    )


def _half(expected: int | None, present: int | None) -> bool:
    """At least half were there: the one threshold the regulations set. Not counted heads are believed."""
    return not expected or present is None or 2 * present >= expected
