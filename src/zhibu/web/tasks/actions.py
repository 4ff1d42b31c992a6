"""Giving: a decision, an instruction or a requirement goes to the units concerned; with its audit line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import charge
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.tasks import queries
from zhibu.web.tasks.models import Order, Problem, Task, TaskStep

MOST = 2_000  # units of one order
What = TaskStep.What


@action("tasks.issue")
def issue(
    *,
    by: Scope,
    title: str,
    units: Sequence[Organisation],
    decided_on: date,
    due_on: date,
    kind: str = Order.Kind.REQUIREMENT,
    text: str = "",
    measure: str = "",
    section: str = "",
    signer: str = "",
    document: str = "",
    weight: str = Order.Weight.PLAIN,
    urgent: bool = False,
    abilities: Collection[str] = (),
    person: str = "",
    record: Record | None = None,
    part_of: Task | None = None,
    problems: Collection[int] = (),
    minutes: int | None = None,
    named: bool = False,
) -> Order:
    """Write an order of the own organisation and give each of `units` its own task.

    `record`: the own meeting that decided it. `part_of`: a task of the own organisation that is handed on in parts.
    `problems`: keys of the own list that it answers. `minutes`: estimated for a unit. `named`: broken down to persons,
    as every part of an order is that is.
    Raises Unfit: a day, a unit or a source that can't be.
    """
    own = reached(Organisation.objects.within(by), by.organisation_id)
    _days(by, decided_on, due_on)
    if kind == Order.Kind.INSTRUCTION and not text:
        raise Unfit("text", "写上批示原文")
    whole = _whole(by, part_of, due_on)
    if named := named or (whole is not None and whole.order.named):
        _leaf(measure, person, units)
    made = Order.objects.create(
        organisation=own, kind=Order.Kind(kind), title=title, text=text, measure=measure, section=section,
        signer=signer, document=document, weight=Order.Weight(weight), urgent=urgent, abilities=list(abilities),
        record=_meeting(by, record, decided_on), part_of=whole, decided_on=decided_on,
        recorded_on=by.on, due_on=due_on, named=named,
    )  # fmt: skip
    _answer(by, made, problems)
    _give(by, made, units, person)
    if minutes:
        charge(
            by=by, thing=made, kind="任务", title=f"{made.get_kind_display()} {decided_on}", units=len(units),
            minutes=minutes, starts_on=by.on, ends_on=due_on, to={"units": [one.pk for one in units]},
        )  # fmt: skip  # its words are read by its sides alone, the burden by everybody
    names = units[0].name if len(units) == 1 else f"{units[0].name}等 {len(units)} 个单位"
    write(
        by=by, action="tasks.issue", sentence=f"交办{made.get_kind_display()}给{names}：{title}",
        thing=made, organisation=own, new={"units": len(units), "due_on": due_on, "minutes": minutes},
        happened_on=decided_on,
    )  # fmt: skip
    return made


def _days(by: Scope, decided_on: date, due_on: date) -> None:
    if decided_on > by.on:
        raise Unfit("decided_on", f"定下的日期不能晚于今天（{by.on}）")
    if due_on < decided_on:
        raise Unfit("due_on", f"期限不能早于定下的日期（{decided_on}）")


def _leaf(measure: str, person: str, units: Sequence[Organisation]) -> None:
    """One unit's leaf has its person from the start; of many units each names its own, before it reports."""
    if not measure:
        raise Unfit("measure", "这项任务层层分解到人：写看什么算办成")
    if len(units) == 1 and not person:
        raise Unfit("person", "这项任务层层分解到人：写谁承办")


def _meeting(by: Scope, record: Record | None, decided_on: date) -> Record | None:
    """The record of a meeting of the own organisation, on whose day or after which it was decided."""
    if record is None:
        return None
    rows = Record.objects.within(by).filter(organisation=by.organisation_id, withdrawn_at=None)
    kept: Record = reached(rows, record.pk, "只能从本单位没有撤回的活动记录交办")
    if decided_on < kept.held_on:
        raise Unfit("decided_on", f"会议是 {kept.held_on} 开的，定下的日期不能更早")
    return kept


def _whole(by: Scope, part_of: Task | None, due_on: date) -> Task | None:
    if part_of is None:
        return None
    kept = reached(queries.owned(by).select_for_update(of=("self",)), part_of.pk, "只能分解本单位承办的任务")
    if not kept.in_hand:
        raise Unfit("", f"这项任务{kept.get_state_display()}，不能再分解")
    if due_on > kept.due_on:
        raise Unfit("due_on", f"期限不能晚于本单位的期限（{kept.due_on}）")
    return kept


def _answer(by: Scope, order: Order, problems: Collection[int]) -> None:
    """The problems of the own list that the order is made of, each not yet answered by another."""
    wanted = set(problems)
    rows = Problem.objects.within(by).filter(organisation=by.organisation_id, order=None, withdrawn_on=None)
    if wanted and rows.filter(pk__in=wanted).update(order=order) != len(wanted):
        raise Unfit("problems", "选的问题里有已经提过要求或已撤回的，回问题清单重新选")


def _give(by: Scope, order: Order, units: Sequence[Organisation], person: str) -> None:
    if not units:
        raise Unfit("units", "至少写一个承办单位")
    if len(units) > MOST:
        raise Unfit("units", f"一次最多交给 {MOST} 个单位，现在是 {len(units)} 个")
    rows = Organisation.objects.within(by).filter(pk__in=[one.pk for one in units], dissolved_on=None)
    there = list(rows.order_by("path"))
    if len(there) != len({one.pk for one in units}):
        raise Unfit("units", "承办单位要在本级管理范围内，没有撤销")
    if person and len(there) > 1:
        raise Unfit("person", "只交给一个单位时才写承办人；几个单位的，由各单位自己定")
    made = [
        Task(
            organisation=order.organisation, owner=one, order=order, person=person, given_on=by.on,
            due_on=order.due_on, moved_on=by.on,
        )
        for one in there
    ]  # fmt: skip
    Task.objects.bulk_create(made)
    TaskStep.objects.bulk_create(_given(by, order, made))


def _given(by: Scope, order: Order, tasks: Iterable[Task]) -> list[TaskStep]:
    return [
        TaskStep(
            task=one, organisation=order.organisation, what=What.GIVEN, on=order.decided_on, recorded_on=by.on,
            at=clock.now(), due_on=one.due_on,
        )
        for one in tasks
    ]  # fmt: skip
