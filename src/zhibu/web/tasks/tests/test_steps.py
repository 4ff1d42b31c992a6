"""任务: given, reported, accepted; sent back, more time, withdrawn, taken back; and who may do which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.tasks import actions, merging, queries, steps
from zhibu.web.tasks.models import Order, Task, TaskStep

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=20)


def issued(cast: Cast, who: str = "committee_officer", **more: Any) -> Order:
    told = {"title": "修好三组的水泵房", "units": [cast.branch], "decided_on": TODAY, "due_on": DUE} | more
    return actions.issue(by=cast.scope(who), **told)


def only(order: Order) -> Task:
    return Task.objects.unscoped("t").get(order=order)


def now(one: Task) -> Task:
    return Task.objects.unscoped("t").get(pk=one.pk)


def reported(cast: Cast, task: Task) -> Task:
    steps.report(by=cast.scope("secretary"), task=task, text="已经修好", on=TODAY)
    return now(task)


def test_no_task_closes_without_a_report_accepted_by_who_gave_it(cast: Cast) -> None:
    town, branch = cast.scope("committee_officer"), cast.scope("secretary")
    task = only(issued(cast))
    with pytest.raises(Unfit):
        steps.accept(by=town, task=task)
    with pytest.raises(NotAllowed):
        steps.accept(by=branch, task=task)
    assert reported(cast, task).state == "reported" and now(task).open
    with pytest.raises(NotAllowed):
        steps.accept(by=branch, task=task)
    steps.accept(by=town, task=task, text="看过现场")
    assert (now(task).state, now(task).closed_on, now(task).in_time) == ("closed", TODAY, True)
    assert Line.objects.unscoped("t").filter(action="tasks.accept", thing="tasks.task", thing_id=str(task.pk)).exists()


def test_what_is_not_enough_comes_back_with_a_reason_and_a_day(cast: Cast) -> None:
    task = reported(cast, only(issued(cast)))
    later = DUE + timedelta(days=5)
    steps.send_back(by=cast.scope("committee_officer"), task=task, text="还差验收照片", due_on=later)
    back = now(task)
    assert (back.state, back.due_on, back.reported_on, back.status(TODAY)) == ("returned", later, None, "returned")
    assert reported(cast, task).state == "reported"


def test_more_time_is_asked_and_granted_or_not(cast: Cast) -> None:
    town, branch = cast.scope("committee_officer"), cast.scope("secretary")
    task, later = only(issued(cast)), DUE + timedelta(days=30)
    with pytest.raises(Unfit):
        steps.grant(by=town, task=task, due_on=later)
    with pytest.raises(Unfit):
        steps.ask_time(by=branch, task=task, due_on=DUE, text="设备没到")
    steps.ask_time(by=branch, task=task, due_on=later, text="设备没到")
    assert (now(task).asked_due_on, now(task).due_on) == (later, DUE)
    steps.refuse(by=town, task=task, text="先用备用泵")
    assert now(task).asked_due_on is None and now(task).due_on == DUE
    steps.ask_time(by=branch, task=task, due_on=later, text="备用泵也坏了")
    steps.grant(by=town, task=task, due_on=DUE + timedelta(days=10))
    assert now(task).due_on == DUE + timedelta(days=10)


def test_the_last_step_is_taken_back_by_its_side_within_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    town, branch = cast.scope("committee_officer"), cast.scope("secretary")
    task = reported(cast, only(issued(cast)))
    with pytest.raises(Unfit):
        steps.undo(by=town, task=task)
    steps.undo(by=branch, task=task)
    assert (now(task).state, now(task).reported_on) == ("given", None)
    reported(cast, task)
    steps.accept(by=town, task=task)
    with pytest.raises(Unfit):
        steps.undo(by=branch, task=task)
    steps.undo(by=town, task=task)
    assert now(task).state == "reported"
    steps.accept(by=town, task=task)
    TaskStep.objects.unscoped("t").update(at=clock.now() - timedelta(hours=25))
    with pytest.raises(Unfit):
        steps.undo(by=town, task=task)


def test_a_withdrawn_task_is_nobodys_work_and_can_come_again(cast: Cast) -> None:
    town = cast.scope("committee_officer")
    task = only(issued(cast))
    steps.withdraw(by=town, task=task, text="与另一件重复")
    assert now(task).status(TODAY) == "na"
    with pytest.raises(Unfit):
        steps.report(by=cast.scope("secretary"), task=task, text="已办", on=TODAY)
    steps.undo(by=town, task=task)
    assert now(task).state == "given"


def test_a_task_is_handed_on_in_parts(cast: Cast) -> None:
    whole = only(issued(cast, "officer", units=[cast.town]))
    order = issued(cast, title="摸清水泵房", units=[cast.branch, cast.sister], part_of=whole, due_on=DUE)
    assert order.part_of == whole and Task.objects.unscoped("t").filter(order=order).count() == 2
    with pytest.raises(Unfit, match="期限不能晚于"):
        issued(cast, part_of=whole, due_on=DUE + timedelta(days=1))
    with pytest.raises(NotAllowed):
        issued(cast, "secretary", part_of=whole)


def test_only_units_within_reach_get_a_task(cast: Cast) -> None:
    for units, field in (([cast.neighbour], "units"), ([], "units")):
        with pytest.raises(Unfit) as refusal:
            issued(cast, units=units)
        assert refusal.value.field == field
    assert not Order.objects.unscoped("t").exists()


def test_open_tasks_go_to_the_organisation_that_takes_over(cast: Cast) -> None:
    order = issued(cast, units=[cast.branch, cast.sister])
    other, done = only(issued(cast, title="另一件")), reported(cast, only(issued(cast, title="办完的")))
    steps.accept(by=cast.scope("committee_officer"), task=done)
    assert merging.remains(cast.branch.pk, TODAY) == ["没有办结的任务 2 件"]
    assert merging.take(cast.branch.pk, cast.sister.pk, TODAY) == {"tasks": 1}
    assert now(other).owner == cast.sister and now(done).owner == cast.branch
    assert Task.objects.unscoped("t").filter(order=order, owner=cast.branch).exists()  # it has one of its own


def test_a_neighbour_reads_and_does_nothing(cast: Cast) -> None:
    task, other = only(issued(cast)), cast.scope("neighbour")
    assert not queries.tasks(other).exists() and queries.tasks(cast.scope("officer")).exists()
    for act in (
        lambda: steps.report(by=other, task=task, text="x", on=TODAY),
        lambda: steps.withdraw(by=other, task=task, text="x"),
        lambda: steps.undo(by=other, task=task),
        lambda: steps.accept(by=cast.scope("officer"), task=task),
    ):
        with pytest.raises(NotAllowed):
            act()
