"""A task on its way: the owner tells, reports, asks for time; who gave it accepts, returns, grants, withdraws; undo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.tasks import queries
from zhibu.web.tasks.models import Task, TaskStep

State, What = Task.State, TaskStep.What
UNDOABLE = timedelta(hours=24)
OWNERS, GIVERS = "只有承办单位可以做", "只有交办单位可以做"


@dataclass(frozen=True, slots=True)
class Said:
    """One step: what, in which words, of which day; `due_on` when it is about another day."""

    what: What
    text: str = ""
    on: date | None = None
    due_on: date | None = None
    record: Record | None = None


@action("tasks.report")
def name_person(*, by: Scope, task: Task, person: str) -> TaskStep:
    """Who in the owner's unit does it. Raises Unfit."""
    kept = _own(by, task)
    return _step(by, kept, Said(What.PERSON, person), person=person)


@action("tasks.report")
def tell(*, by: Scope, task: Task, text: str) -> TaskStep:
    """How far it is; changes nothing else. Raises Unfit."""
    return _step(by, _own(by, task), Said(What.PROGRESS, text))


@action("tasks.report")
def report(*, by: Scope, task: Task, text: str, on: date, record: str = "") -> TaskStep:
    """It is done, since the day `on`; waits for who gave it. `record`: the number of an activity record of the owner
    that shows it, or empty. Raises Unfit."""
    kept = _own(by, task)
    if not kept.order.decided_on <= on <= by.on:
        raise Unfit("on", f"办成的日期在 {kept.order.decided_on} 和今天（{by.on}）之间")
    if kept.order.named and not kept.person and not queries.split(kept):
        raise Unfit("", "这项任务分解到人：先写承办人，再报办结")
    said = Said(What.REPORTED, text, on, None, _record(by, record.strip()))
    return _step(by, kept, said, state=State.REPORTED, reported_on=by.on, asked_due_on=None)


@action("tasks.report")
def ask_time(*, by: Scope, task: Task, due_on: date, text: str) -> TaskStep:
    """More time, until a later day, with the reason. Raises Unfit."""
    kept = _own(by, task)
    if due_on <= max(kept.due_on, by.on):
        raise Unfit("due_on", f"要晚于现在的期限（{kept.due_on}）和今天（{by.on}）")
    return _step(by, kept, Said(What.ASKED, text, None, due_on), asked_due_on=due_on)


@action("tasks.accept")
def accept(*, by: Scope, task: Task, text: str = "") -> TaskStep:
    """What was reported is right: closed. Raises Unfit."""
    kept = _given(by, task)
    if kept.state != State.REPORTED:
        raise Unfit("text", f"这项任务{kept.get_state_display()}，承办单位报了办结才能验收")
    return _step(by, kept, Said(What.ACCEPTED, text), state=State.CLOSED, closed_on=by.on)


@action("tasks.accept")
def send_back(*, by: Scope, task: Task, text: str, due_on: date) -> TaskStep:
    """What was reported is not enough: what is missing, and a new day. Raises Unfit."""
    kept = _given(by, task)
    if kept.state != State.REPORTED:
        raise Unfit("text", f"这项任务{kept.get_state_display()}，承办单位报了办结才能退回")
    if due_on < by.on:
        raise Unfit("due_on", f"新的期限不能早于今天（{by.on}）")
    said = Said(What.RETURNED, text, None, due_on)
    return _step(by, kept, said, state=State.RETURNED, due_on=due_on, reported_on=None)


@action("tasks.accept")
def grant(*, by: Scope, task: Task, due_on: date, text: str = "") -> TaskStep:
    """More time as asked, or until another day. Raises Unfit."""
    kept = _asking(by, task)
    if due_on <= kept.due_on or due_on < by.on:
        raise Unfit("due_on", f"要晚于现在的期限（{kept.due_on}），不早于今天（{by.on}）")
    return _step(by, kept, Said(What.GRANTED, text, None, due_on), due_on=due_on, asked_due_on=None)


@action("tasks.accept")
def refuse(*, by: Scope, task: Task, text: str) -> TaskStep:
    """No more time, and why. Raises Unfit."""
    return _step(by, _asking(by, task), Said(What.REFUSED, text), asked_due_on=None)


@action("tasks.issue")
def withdraw(*, by: Scope, task: Task, text: str) -> TaskStep:
    """Given by mistake, or no longer needed. Raises Unfit."""
    kept = _given(by, task)
    if not kept.open:
        raise Unfit("text", f"这项任务{kept.get_state_display()}，不用撤回")
    said = Said(What.WITHDRAWN, text)
    return _step(by, kept, said, state=State.WITHDRAWN, closed_on=by.on, asked_due_on=None)


@action("tasks.view")
def undo(*, by: Scope, task: Task) -> TaskStep:
    """The last step is taken back by the side that did it, within 24 hours, before anybody did another.

    It needs what the step needed (tasks.issue, tasks.accept, tasks.report). Raises Unfit."""
    kept = reached(queries.tasks(by).select_for_update(of=("self",)), task.pk)
    last = last_step(kept)
    if last is None or not may_undo(by, kept, last):
        raise Unfit("", "只有做最近一步的单位，在 24 小时以内，可以撤销这一步")
    old = {name: getattr(kept, name) for name in last.before}
    for name, value in last.before.items():
        setattr(kept, name, date.fromisoformat(value) if name.endswith("_on") and value else value)
    kept.moved_on = by.on
    kept.save(update_fields=[*last.before, "moved_on"])
    last.undone_on = by.on
    last.save(update_fields=["undone_on"])
    _write(by, kept, last, f"撤销“{last.get_what_display()}”：{kept.order.title}", old, last.before)
    return last


def needs(step: TaskStep) -> str:
    """The action of the policy that made this step."""
    givers = {What.GIVEN: "tasks.issue", What.WITHDRAWN: "tasks.issue"}
    deciding = (What.ACCEPTED, What.RETURNED, What.GRANTED, What.REFUSED)
    return givers.get(What(step.what)) or ("tasks.accept" if step.what in deciding else "tasks.report")


def last_step(task: Task) -> TaskStep | None:
    return queries.steps(task).filter(undone_on=None).order_by("pk").last()


def may_undo(by: Scope, task: Task, last: TaskStep) -> bool:
    fresh = clock.now() - last.at < UNDOABLE
    ours = last.organisation_id == by.organisation_id and by.may(needs(last))
    return bool(last.what != What.GIVEN and fresh and ours and _free(task, last))


def _free(task: Task, last: TaskStep) -> bool:
    """A task taken back comes again only while the unit has no other of that order."""
    if last.what != What.WITHDRAWN:
        return True
    others = Task.objects.unscoped("the same order and unit").filter(order=task.order_id, owner=task.owner_id)
    return not others.exclude(pk=task.pk).exclude(state=State.WITHDRAWN).exists()


def _own(by: Scope, task: Task) -> Task:
    kept = reached(queries.owned(by).select_for_update(of=("self",)), task.pk, OWNERS)
    if not kept.in_hand:
        raise Unfit("", f"这项任务{kept.get_state_display()}，不能做这一步")
    return kept


def _given(by: Scope, task: Task) -> Task:
    return reached(queries.given(by).select_for_update(of=("self",)), task.pk, GIVERS)


def _asking(by: Scope, task: Task) -> Task:
    kept = _given(by, task)
    if kept.asked_due_on is None or not kept.open:
        raise Unfit("", "承办单位没有申请延期，或者已经答复过")
    return kept


def _record(by: Scope, number: str) -> Record | None:
    if not number:
        return None
    rows = Record.objects.within(by).filter(organisation=by.organisation_id, withdrawn_at=None, number=number)
    if (found := rows.first()) is None:
        raise Unfit("record", "本单位没有这个编号的活动记录。不附的清空这一格")
    return found


def _step(by: Scope, kept: Task, said: Said, **to: object) -> TaskStep:
    """Move the task, remember how it stood, write the line."""
    old, before = {name: getattr(kept, name) for name in to}, stood(kept, to)
    for name, value in to.items():
        setattr(kept, name, value)
    kept.moved_on = by.on
    kept.save(update_fields=[*to, "moved_on"])
    made = TaskStep.objects.create(
        task=kept, organisation=_side(by, kept), what=said.what, on=said.on or by.on, recorded_on=by.on,
        at=clock.now(), text=said.text, due_on=said.due_on, record=said.record,
        before=before,
    )  # fmt: skip
    sentence = f"任务{made.get_what_display()}：{kept.order.title}"
    _write(by, kept, made, sentence, old, dict(to) | {"text": said.text})
    return made


def stood(task: Task, names: Iterable[str]) -> dict[str, str | None]:
    """These columns as they are, for the step that changes them to keep; a day as 2026-11-21."""
    values = {name: getattr(task, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _side(by: Scope, kept: Task) -> Organisation:
    return kept.owner if kept.owner_id == by.organisation_id else kept.organisation


def _write(by: Scope, kept: Task, step: TaskStep, sentence: str, old: dict, new: dict) -> None:
    write(
        by=by, action=needs(step), sentence=sentence, thing=kept, organisation=_side(by, kept), old=old, new=new,
        happened_on=step.on,
    )  # fmt: skip
