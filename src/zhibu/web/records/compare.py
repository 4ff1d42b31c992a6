"""Two versions of a record side by side, the differing lines only."""

from __future__ import annotations

from typing import Any, NamedTuple

from zhibu.web.records import extras, ties, words
from zhibu.web.records.forms import RecordForm
from zhibu.web.records.models import Attendance, Record

_LABELS = {
    "types": "算作",
    "makes_up": "补课",
    "held_on": "活动日期",
    "starts_at": "开始",
    "ends_at": "结束",
    "place": "地点",
    "host": "主持",
    "topic": "主题",
    "expected": "应到",
    "present": "到会",
    "content": "内容",
    "recorder": "记录人",
    "hours": "学时",
}


class Line(NamedTuple):
    label: str
    theirs: str
    mine: str


def side_by_side(theirs: Record, form: RecordForm) -> list[Line]:
    """What is stored against what was typed (a form already found valid)."""
    typed = form.cleaned_data
    lines = [
        Line(label, _text(getattr(theirs, name)), _text(typed[name]))
        for name, label in _LABELS.items()
        if name in typed and (getattr(theirs, name) or "") != (typed[name] or "")
    ]
    return lines + _extras(theirs, form) + _people(theirs, form)


def _extras(theirs: Record, form: RecordForm) -> list[Line]:
    stored, typed = theirs.extra, form.cleaned_data.get("extra") or {}
    names = extras.labels(dict.fromkeys([*stored, *typed]))
    return [
        Line(label, _text(stored.get(name)), _text(typed.get(name)))
        for name, label in names.items()
        if stored.get(name) != typed.get(name)
    ] + _ties(theirs, form)


def _ties(theirs: Record, form: RecordForm) -> list[Line]:
    moved = ties.moved(theirs, form.cleaned_data.get("ties") or {})
    found = []
    for tie in ties.ties():
        if tie.name in moved:
            named = dict(form.setting.offers[tie.name].choices)
            there, mine = ("、".join(named.get(one, one) for one in side) for side in moved[tie.name])
            found.append(Line(tie.label, _text(there), _text(mine)))
    return found


def _people(theirs: Record, form: RecordForm) -> list[Line]:
    stored, typed = dict(theirs.attendances.values_list("member_id", "state")), form.sheet.settled
    words_of = dict(Attendance.State.choices)
    return [
        Line(
            f"{member.name} 到会情况",
            words_of.get(stored.get(member.pk), "不在应到之列"),
            words_of.get(typed.get(member.pk), "不在应到之列"),
        )
        for member in form.setting.members
        if stored.get(member.pk) != typed.get(member.pk)
    ]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return words.types_words(value)
    if value is None or value == "":
        return "没有填"
    return value.strftime("%H:%M") if hasattr(value, "hour") else str(value)
