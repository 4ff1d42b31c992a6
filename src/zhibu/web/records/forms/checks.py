"""Checks across fields of the record form; each error stands at the field that can mend it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhibu.web.records import extras, ties, words
from zhibu.web.regulations import voting
from zhibu.web.regulations.activities import asked_of

if TYPE_CHECKING:
    from zhibu.web.records.forms.record import RecordForm

Found = dict[str, Any]


def times(form: RecordForm, found: Found) -> None:
    start, end = found.get("starts_at"), found.get("ends_at")
    if start and end and end <= start:
        form.add_error("ends_at", f"结束时间 {end:%H:%M} 不晚于开始时间 {start:%H:%M}")
    elif start and end and found.get("hours") is None and "hours" not in form.errors:
        found["hours"] = _hours_between(start, end)


def make_up(form: RecordForm, found: Found) -> None:
    label, day, types = found.get("makes_up"), found.get("held_on"), set(found.get("types") or ())
    owed = [duty for duty in form.setting.owing if duty.period == label]
    if not label or not day or not owed:
        return
    if any(duty.starts_on <= day <= duty.ends_on for duty in owed):
        period = words.period_words(label, form.setting.today)
        form.add_error("makes_up", f"活动日期就在{period}，不用选补课")
    elif not any(types & set(duty.types) for duty in owed):
        form.add_error("makes_up", f"要补 {'、'.join(duty.words for duty in owed)}，先在“算作”里勾选它")


def sheet(form: RecordForm, found: Found) -> None:
    if form.strangers:
        form.add_error("rest", "名单里有不是本支部名册上的人，重新打开这页再记")
    elif not form.sheet.missing and "present" not in form.sheet.settled.values():
        form.add_error("rest", "到会 0 人，至少记 1 人到会")


def counts(form: RecordForm, found: Found) -> None:
    expected, present = found.get("expected"), found.get("present")
    for name, value in (("expected", expected), ("present", present)):
        if value is None and name not in form.errors:
            form.add_error(name, f"填写{form.fields[name].label}")
    if expected is not None and present is not None and present > expected:
        form.add_error("present", f"实到 {present} 人多于应到 {expected} 人")


def answers(form: RecordForm, found: Found) -> None:
    """What the kinds chosen ask; a vote is counted against the attendance above."""
    types = found.get("types") or ()
    given = {ask.id: found.get(f"{extras.PREFIX}{ask.id}") for group in asked_of(types) for ask in group.asks}
    if _voted(given):
        given = extras.with_heads(given, form.sheet, form.setting.on)
        _vote(form, given)
    elif any(name.startswith("vote_") for name in given):
        given = {name: value for name, value in given.items() if not name.startswith("vote_")}
    for ask in extras.missing(given, types):
        if f"{extras.PREFIX}{ask.id}" not in form.errors:
            form.add_error(f"{extras.PREFIX}{ask.id}", f"填写{ask.label}")
    found["extra"] = extras.kept(given, types)


def _voted(given: Found) -> bool:
    return any(given.get(f"vote_{name}") not in (None, "") for name in ("matter", "yes", "no", "abstain"))


def _vote(form: RecordForm, given: Found) -> None:
    for name, says in (("matter", "写明表决什么"), ("yes", "填写赞成票数，没有人赞成就填 0")):
        if given.get(f"vote_{name}") in (None, ""):
            form.add_error(f"{extras.PREFIX}vote_{name}", says)
    heads = {name: int(given.get(f"vote_{name}") or 0) for name in extras.VOTE}
    for says in voting.faults(heads):
        form.add_error(f"{extras.PREFIX}vote_yes", says)


def tied(form: RecordForm, found: Found) -> None:
    """Programmes and goals ticked, by the name of their tie; one that is asked for has to be."""
    groups = {group.id for group in asked_of(found.get("types") or ())}
    found["ties"] = {}
    for tie in ties.ties():
        name, offer = f"{ties.PREFIX}{tie.name}", form.setting.offers.get(tie.name)
        if offer is None or name in form.errors:
            continue
        chosen = found.get(name) or [] if not tie.group or tie.group in groups else []
        if offer.required and offer.choices and tie.group in groups and not chosen:
            form.add_error(name, f"选一项：{tie.label}")
        found["ties"][tie.name] = chosen


def _hours_between(start: Any, end: Any) -> Decimal:
    seconds = (datetime.combine(date.min, end) - datetime.combine(date.min, start)).seconds
    return (Decimal(seconds) / 3600).quantize(Decimal("0.01"))
