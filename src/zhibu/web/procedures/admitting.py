"""Effects of admission on the roster: the day that counts is worked out here, the roster checks its own rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.engine.procedures.model import YES
from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import Scope
from zhibu.web.members import actions, life
from zhibu.web.members.models import LeftKind
from zhibu.web.procedures.effects import CannotFollow, Done, member_of
from zhibu.web.procedures.models import StepRecord


def admit(by: Scope, done: Done) -> dict[str, Any]:
    """A probationary member from the day of the general meeting that passed (教育管理工作条例 24); the case is now the
    member's, and keeps no second name and birth date. The identity number goes to the roster and stays nowhere else."""
    case = done.case
    if case.member_id:
        raise CannotFollow("这件事办的人已经在名册里")
    number = done.extra.get("id_number", "")
    if not number:
        raise Unfit("x_id_number", "填写公民身份号码，名册要用；只存进名册，这里不留")
    try:
        member = life.admit(
            by=by, organisation=case.organisation, name=case.name, id_number=number, on=voted_on(done),
            document=done.document,
        )  # fmt: skip
    except Unfit as refusal:
        raise (Unfit("x_id_number", str(refusal)) if refusal.field == "id_number" else refusal) from refusal
    if case.born_on and member.born_on != case.born_on:
        raise Unfit(
            "x_id_number", f"身份号码里的出生日期是 {member.born_on}，开始办理时写的是 {case.born_on}，核对后再记"
        )
    case.member, case.name, case.born_on = member, "", None
    case.save(update_fields=["member", "name", "born_on"])
    return {}


def make_full(by: Scope, done: Done) -> dict[str, Any]:
    """Membership counts as full from the end of probation, however late the meeting (FZ-28)."""
    life.make_full(by=by, member=member_of(done), on=_day(done) or done.on, document=done.document)
    return {}


def extend(by: Scope, done: Done) -> dict[str, Any]:
    until = _day(done)
    if until is None:
        raise CannotFollow("没有写预备期延长到哪一天")
    life.extend_probation(by=by, member=member_of(done), until=until, on=done.on, document=done.document)
    return {}


def drop(by: Scope, done: Done) -> dict[str, Any]:
    actions.leave(by=by, member=member_of(done), on=done.on, kind=LeftKind.CANCELLED, document=done.document)
    return {}


def voted_on(done: Done) -> date:
    """The last day on which a meeting passed something in this case; where none voted, the day of the step."""
    rows = StepRecord.objects.unscoped("of a case that was reached").filter(case=done.case, undone_at=None, outcome=YES)
    return rows.filter(votes__isnull=False).order_by("-pk").values_list("done", flat=True).first() or done.on


def _day(done: Done) -> date | None:
    found = done.values.get("probation_until")
    return found if isinstance(found, date) else None
