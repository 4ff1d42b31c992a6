"""What a record may hold: the invariants that submit and edit share, whatever form or program they come from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.web.audit.actions import NotAllowed, write
from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import extras, ties, words
from zhibu.web.records.models import Attendance, Record
from zhibu.web.records.queries import roster, shown_attendances
from zhibu.web.regulations import voting

FIELDS = (
    "types",
    "topic",
    "held_on",
    "starts_at",
    "ends_at",
    "place",
    "host",
    "recorder",
    "hours",
    "content",
    "makes_up",
)
COUNTS = ("expected", "present")  # given only where there is no roster to count
_TEXTS = ("topic", "place", "host", "recorder", "makes_up")

State = Attendance.State
_EXPECTED = {State.PRESENT, State.LEAVE, State.AWAY, State.ABSENT}  # 不作要求 (JY-11) is left out of 应到
Sheet = Mapping[int, str]


class Refused(ValueError):
    """The write can't be done; `str()` is the sentence for the reader. Nothing was stored."""


def own_only(by: Scope, organisation: Organisation) -> None:
    """A secretary writes for the own branch, never for one below or beside it."""
    if organisation.pk != by.organisation_id:
        raise NotAllowed(f"“{by.title}”只能为本组织记录活动")


def say(
    by: Scope, name: str, sentence: str, record: Record, *, held_on: date | None = None, **values: dict[str, Any] | None
) -> None:
    """The audit line of a record; `held_on` where the row in hand is not yet as it was stored. `values`: old, new."""
    write(
        by=by, action=name, sentence=sentence, thing=record, organisation=record.organisation,
        happened_on=held_on or record.held_on, **values,
    )  # fmt: skip


def values(fields: Mapping[str, Any], attendance: Sheet) -> dict[str, Any]:
    """The columns to store. Raises Refused when one of them can't be true."""
    row = {name: fields.get(name) for name in FIELDS}
    row |= {name: row[name] or "" for name in (*_TEXTS, "content")}
    row["types"] = list(dict.fromkeys(row["types"] or ()))
    row["extra"] = extras.kept(fields.get("extra") or {}, row["types"])
    _believable(row)
    return row | _heads(fields, attendance)


def _believable(row: Mapping[str, Any]) -> None:
    if not row["types"] or not all(words.known(kind) for kind in row["types"]):
        raise Refused("选一项：这次活动算作什么")
    if row["held_on"] is None or row["held_on"] > clock.today():
        raise Refused("活动日期应是今天或以前的日期")
    if not row["content"].strip():
        raise Refused("填写讲了什么、定了什么")
    for name in _TEXTS:
        if len(row[name]) > (Record._meta.get_field(name).max_length or 0):
            raise Refused(f"{Record._meta.get_field(name).verbose_name}太长")
    if wanted := extras.missing(row["extra"], row["types"]):
        raise Refused(f"填写{wanted[0].label}")
    if (vote := extras.vote_of(row["extra"])) and (wrong := voting.faults(vote)):
        raise Refused(wrong[0])


def _heads(fields: Mapping[str, Any], attendance: Sheet) -> dict[str, int | None]:
    """应到 and 实到: counted from the sheet where there is one, else as given."""
    if attendance:
        states = list(attendance.values())
        return {"expected": sum(s in _EXPECTED for s in states), "present": states.count(State.PRESENT)}
    expected, present = fields.get("expected"), fields.get("present")
    if expected is not None and present is not None and not 0 <= present <= expected:
        raise Refused("实到人数不能多于应到人数")
    return {"expected": expected, "present": present}


def check_sheet(by: Scope, organisation: Organisation, row: Mapping[str, Any], attendance: Sheet) -> None:
    """Only members on the roster of the day, each in a known state. Raises Refused."""
    on_roster = set(roster(by, organisation, row["held_on"]).values_list("pk", flat=True)) if attendance else set()
    if strangers := set(attendance) - on_roster:
        raise Refused(f"有 {len(strangers)} 人不在 {row['held_on']} 的党员名册里")
    if not set(attendance.values()) <= set(State.values):
        raise Refused("到会情况只能是：到会、请假、外出、缺席、不作要求")


def fill_sheet(record: Record, attendance: Sheet) -> None:
    """Replace the attendance of a record; that of members withheld from the form stays."""
    shown_attendances(record).delete()
    write_sheet(record, attendance)


def write_sheet(record: Record, attendance: Sheet) -> None:
    """The attendance of a new record. How it is known is told by whoever took it; what nobody took was ticked."""
    known = announce.sheet_ways(record.pk)
    there = {member for member, state in attendance.items() if state == State.PRESENT}
    ways = {member: {"way": known[member]} for member in there & known.keys()}
    Attendance.objects.bulk_create(
        Attendance(record=record, member_id=member, state=state, **ways.get(member, {}))
        for member, state in sorted(attendance.items())
    )


def tie(by: Scope, record: Record, fields: Mapping[str, Any], before: Record | None = None) -> None:
    """Programmes and goals it counts for. Raises Refused for one that is not offered."""
    if not ties.keep(by, record, fields.get("ties") or {}, before):
        raise Refused("勾选的专项或目标现在不能选，重新打开这页再选")


def since(*records: Record) -> date | None:
    """The first day these records speak of; None when one of them was made up for an earlier period."""
    return None if any(one.makes_up for one in records) else min(one.held_on for one in records)
