"""Cases are opened, go on step by step, are handed over and withdrawn: each in one transaction with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhibu.engine import holidays
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.model import YES, Outcome, Procedure, Reason, Step, Votes
from zhibu.engine.procedures.standing import check, undoable
from zhibu.engine.procedures.versions import governing, in_force
from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import counting, effects, following, keeping, queries, who
from zhibu.web.procedures.casework import BORN, engine_case, engine_record, known, scalars
from zhibu.web.procedures.library import Versions, binding
from zhibu.web.procedures.models import Case, Custody, StepRecord


class NotYet(ValueError):
    """The step can't be recorded so; `reasons` are all that speak against it. Nothing was stored."""

    def __init__(self, reasons: tuple[Reason, ...]):
        super().__init__("；".join(one.sentence for one in reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Entry:
    """A step as it was typed. `values` are JSON; `papers`: [{id, title, number, on}]; `votes` as `Votes` names them."""

    done: date
    begun: date | None = None
    outcome: str = YES
    values: Mapping[str, Any] = field(default_factory=dict)
    votes: Mapping[str, int | None] | None = None
    ballots: Mapping[str, Any] | None = None  # of an election, as `counting.py` reads them
    papers: tuple[Mapping[str, str], ...] = ()
    reason: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)  # for the register an effect changes; not kept


@action("procedures.open")
def open_case(
    *,
    by: Scope,
    organisation: Organisation,
    procedure: str,
    opened: date,
    member: Member | None = None,
    name: str = "",
    born_on: date | None = None,
    values: Mapping[str, Any] | None = None,
    written_later: bool = False,
) -> Case:
    """Begin a case at an organisation of the asker's own. Raises NotAllowed; Unfit for what the procedure asks."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if by.role != "system" and here.pk != by.organisation_id:
        raise NotAllowed("只能为本组织开始办理，下级的由下级开始")
    versions = _bound(here, procedure)
    if opened > by.on:
        raise Unfit("opened", f"开始日期不能晚于今天（{by.on}）")
    newest = opening(versions, opened)
    if member is not None:
        member = reached(Member.objects.within(by.doing("members.view")), member.pk, "名册里没有这名党员")
        name, born_on = "", None
    elif newest.subject == "person" and not name:
        raise Unfit("name", "选一名党员；还不是党员的，写姓名")
    elif newest.subject == "unit" and not name:
        raise Unfit("name", "写单位名称")
    asked = [one for one in newest.values if one.at_start]
    if member is None and born_on is None and any(one.id == BORN for one in asked):
        raise Unfit("born_on", "写出生日期")
    starts = {one.id for one in asked} - {BORN}
    given = {name: one for name, one in (values or {}).items() if name in starts}
    kept = scalars(versions, given)
    for one in asked:
        if one.id != BORN and one.id not in kept:
            raise Unfit(f"v_{one.id}", f"填写{one.title}")
    case = Case.objects.create(
        organisation=here, procedure=procedure, title=newest.title, member=member, name=name.strip()[:60],
        born_on=born_on, opened=opened, written_later=written_later, values={one: given[one] for one in kept},
        opened_at=clock.now(), by_id=by.user_id or None,
    )  # fmt: skip
    Custody.objects.create(case=case, organisation=here, starts_on=opened)
    keeping.keep(case, by, keeping.stood(case, by.on))
    write(
        by=by, action="procedures.open", sentence=f"{here.name} 开始办理{case.title} {case.number}", thing=case,
        organisation=here, new={"procedure": procedure, "opened": opened}, happened_on=opened,
    )  # fmt: skip
    return case


@action("procedures.record")
def record_step(*, by: Scope, case: Case, step: str, entry: Entry) -> StepRecord:
    """Write down a step the own organisation did. Raises NotAllowed, NotYet with all reasons, CannotFollow."""
    return _record(by, "procedures.record", case, step, entry)


@action("procedures.decide")
def decide_step(*, by: Scope, case: Case, step: str, entry: Entry) -> StepRecord:
    """The same for a step of a superior or of its office."""
    return _record(by, "procedures.decide", case, step, entry)


def examined(*, by: Scope, case: Case, step: str, entry: Entry) -> tuple[Reason, ...]:
    """What `record_step` would say, hints too; changes nothing. Raises NotAllowed as it does."""
    here, versions, found = _asked(by, _seen(by, case), step)
    return _against(by, here, versions, _made(by, here, versions, found, entry))


@action("procedures.undo")
def undo_step(*, by: Scope, record: StepRecord, reason: str) -> StepRecord:
    """Take a record back; it stays in the history with the reason. Raises NotAllowed, Unfit, CannotFollow."""
    row = reached(StepRecord.objects.within(by).select_related("case"), record.pk)
    here = _row(by, row.case)
    versions = _versions(here)
    if row.undone_at:
        raise Unfit("reason", "这一步已经撤销过了")
    if (step := step_of(versions, row.step)) and not who.acts(by, step, who.place(step, here)):
        raise NotAllowed(f"这一步由{who.words(step)}办，也由它撤销")
    if here.withdrawn_reason:
        raise Unfit("reason", "这件事已经撤回，步骤不能再改")
    old = keeping.records_of(here)
    if why := undoable(versions, engine_case(versions, here, old), str(row.pk)):
        raise Unfit("reason", why)
    values = _values(versions, here, old)
    effects.take_back(by=by, done=effects.Done(here, row, values))
    row.undone_at, row.undone_by_id = clock.now(), by.user_id or None
    row.undone_title, row.undone_reason = by.title[:120], reason.strip()[:200]
    row.save(update_fields=["undone_at", "undone_by", "undone_title", "undone_reason"])
    keeping.keep(here, by, keeping.stood(here, by.on))
    write(
        by=by, action="procedures.undo", sentence=f"撤销{here.title} {here.number} 的“{row.title}”", thing=row,
        organisation=here.organisation, old={"done": row.done}, new={"reason": row.undone_reason},
    )  # fmt: skip
    return row


@action("procedures.move")
def move_case(*, by: Scope, case: Case, to: Organisation, on: date, reason: str) -> Case:
    """The case goes with its person to another organisation and keeps its clock. Raises NotAllowed, Unfit."""
    here = _row(by, case)
    there = reached(Organisation.objects.within(by), to.pk, "接收的党组织不在本级管理范围内")
    before = here.organisation
    if not here.open:
        raise Unfit("to", "已经办结的事项不用转")
    if there.pk == before.pk or there.dissolved_on:
        raise Unfit("to", "选另一个没有撤销的党组织")
    last = Custody.objects.unscoped("of a case that was reached").filter(case=here, ends_on=None).get()
    if not last.starts_on < on <= by.on:
        raise Unfit("on", f"转出日期要在 {last.starts_on} 之后，不晚于今天")
    following.told(following.carry(here, there, on, reason, by), before, on, by)
    return here


@action("procedures.open")
def withdraw_case(*, by: Scope, case: Case, reason: str) -> Case:
    """Stop a case without a result: opened by mistake, the applicant gave up. Its steps stay. Raises Unfit."""
    here = _row(by, case)
    if not here.open:
        raise Unfit("reason", "已经办结的事项不能撤回")
    if by.role != "system" and here.organisation_id != by.organisation_id:
        raise NotAllowed("由经办的党组织撤回")
    here.withdrawn_reason, here.ended, here.ended_on = reason.strip()[:200], "撤回", by.on
    here.next_step, here.next_title, here.next_at, here.next_from, here.next_until = "", "", None, None, None
    here.save()
    write(
        by=by, action="procedures.withdraw", sentence=f"撤回{here.title} {here.number}", thing=here,
        organisation=here.organisation, new={"reason": here.withdrawn_reason},
    )  # fmt: skip
    return here


# --- the parts -------------------------------------------------------------------------------------------------------


def opening(versions: Versions, opened: date) -> Procedure:
    """The version that opens the case. Raises Unfit when there is none on that day."""
    if found := in_force(versions, opened):
        return found
    raise Unfit("opened", "这一天没有适用的程序。查“程序”一页里各版本的施行日期")


def step_of(versions: Versions, step: str) -> Step | None:
    """The step as its newest version has it."""
    newest = sorted(versions, key=lambda one: one.since, reverse=True)
    return next((one for version in newest for one in version.steps if one.id == step), None)


def _row(by: Scope, case: Case) -> Case:
    rows = Case.objects.within(by).select_for_update(of=("self",)).select_related("organisation", "receiver")
    return reached(rows, case.pk)


def _seen(by: Scope, case: Case) -> Case:
    """The same for a step, which may be the receiving side's."""
    return reached(queries.seen(by).select_for_update(of=("self",)), case.pk)


def _versions(case: Case) -> Versions:
    return _bound(case.organisation, case.procedure)


def _bound(here: Organisation, procedure: str) -> Versions:
    books, trouble = binding(here.path)
    if trouble:
        raise Unfit("procedure", trouble)
    return books.get(procedure, ())


def _asked(by: Scope, case: Case, step: str) -> tuple[Case, Versions, Step]:
    versions = _versions(case)
    found = step_of(versions, step)
    if found is None:
        raise NotAllowed("程序里没有这一步")
    at = who.place(found, case)
    if not who.acts(by, found, at) or not by.reaches(at.path):
        raise NotAllowed(f"“{found.title}”由{who.case_words(found, case)}办，“{by.title}”不能记")
    return case, versions, found


def _against(by: Scope, case: Case, versions: Versions, row: StepRecord) -> tuple[Reason, ...]:
    """What the engine says to a record that is not stored. A day without a version is a reason like others."""
    record = engine_record(versions, row)
    try:
        return check(
            versions, engine_case(versions, case, keeping.records_of(case)), record, by.on, holidays.official()
        )
    except EngineError as error:
        return tuple(Reason("refused", f"{one.wrong}。{one.right}") for one in error.faults)


def _made(by: Scope, case: Case, versions: Versions, step: Step, entry: Entry) -> StepRecord:
    """What would be stored. Raises Unfit where ballots can't be those of one round."""
    row = StepRecord(
        case=case, step=step.id, done=entry.done, begun=entry.begun, outcome=entry.outcome, values=dict(entry.values),
        votes=_votes(entry), papers=[dict(one) for one in entry.papers], reason=entry.reason.strip()[:300],
        entered_at=clock.now(), by_id=by.user_id or None, by_title=by.title[:120],
    )  # fmt: skip
    if count := counting.count(case, versions, step, entry.ballots, entry.outcome, row.reason):
        row.ballots, row.votes = count.kept, count.votes
        row.values |= count.values
    return row


def _votes(entry: Entry) -> dict[str, int | None] | None:
    if entry.votes is None:
        return None
    Votes(**entry.votes)  # the names are right
    return dict(entry.votes)


def _record(by: Scope, action: str, case: Case, step: str, entry: Entry) -> StepRecord:
    here, versions, found = _asked(by, _seen(by, case), step)
    if not here.open:
        raise Unfit("done", f"这件事已经{here.ended}，不能再记")
    row = _made(by, here, versions, found, entry)
    reasons = _against(by, here, versions, row)
    if any(one.weight != "hint" for one in reasons):
        raise NotYet(reasons)
    outcome = outcome_of(found, entry.outcome)
    row.version = governing(versions, engine_case(versions, here, ()), row.done).version
    row.title, row.outcome_title = found.title, outcome.title[:60] if outcome else "跳过"
    row.hints = [one.sentence for one in reasons]
    row.save()
    if name := effect_of(found, outcome):
        values = _values(versions, here, keeping.records_of(here))
        row.effect = name
        row.effect_old, row.effect_left = effects.run(
            by=by, name=name, done=effects.Done(here, row, values, entry.extra)
        )
        row.save(update_fields=["effect", "effect_old", "effect_left"])
        here.refresh_from_db()  # an effect may have moved the organisation, or named the person
    keeping.keep(here, by, keeping.stood(here, by.on))
    write(
        by=by, action=action, sentence=f"{here.title} {here.number}：{found.title}，{row.outcome_title}",
        thing=row, organisation=here.organisation, new={"step": step, "done": row.done, "outcome": row.outcome},
        happened_on=row.done,
    )  # fmt: skip
    return row


def outcome_of(step: Step, outcome: str) -> Outcome | None:
    """None for a step left out."""
    return next((one for one in step.outcomes if one.id == outcome), None)


def effect_of(step: Step, outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    return outcome.effect or (step.effect if outcome.id == YES else "") or ""


def _values(versions: Versions, case: Case, records: list[StepRecord]) -> dict[str, Any]:
    """The values of the case as they stand after these records."""
    engine = engine_case(versions, case, records)
    found = dict(engine.values)
    for one in engine.records:
        found.update(one.values)
    return {name: one for name, one in found.items() if name in {value.id for value in known(versions)}}
