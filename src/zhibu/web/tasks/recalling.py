"""A whole order is taken back: from every unit that has not finished it."""

from __future__ import annotations

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import lift
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.tasks import steps
from zhibu.web.tasks.models import Order, Problem, Task, TaskStep
from zhibu.web.tasks.queries import OPEN


@action("tasks.issue")
def recall(*, by: Scope, order: Order, text: str) -> int:
    """Gives from how many units. Problems that nothing is left of are on the list again. Raises Unfit."""
    rows = Order.objects.within(by).filter(organisation=by.organisation_id).select_for_update(of=("self",))
    kept = reached(rows, order.pk, steps.GIVERS)
    tasks = Task.objects.within(by).filter(order=kept)
    still = list(tasks.filter(OPEN).select_for_update(of=("self",)))
    if not still:
        raise Unfit("text", "没有还在办的，不用撤回")
    gone = {"state": Task.State.WITHDRAWN, "closed_on": by.on, "asked_due_on": None}
    TaskStep.objects.bulk_create(_step(by, one, text, steps.stood(one, gone)) for one in still)
    tasks.filter(pk__in=[one.pk for one in still]).update(**gone, moved_on=by.on)
    if len(still) == tasks.count():
        Problem.objects.within(by).filter(order=kept).update(order=None)
        lift(by=by, thing=kept)
    write(
        by=by, action="tasks.issue", sentence=f"撤回{kept.get_kind_display()} {len(still)} 个单位：{kept.title}",
        thing=kept, organisation=kept.organisation, new={"text": text}, happened_on=by.on,
    )  # fmt: skip
    return len(still)


def _step(by: Scope, task: Task, text: str, stood: dict[str, str | None]) -> TaskStep:
    return TaskStep(
        task=task, organisation_id=task.organisation_id, what=TaskStep.What.WITHDRAWN, on=by.on, recorded_on=by.on,
        at=clock.now(), text=text, before=stood,
    )  # fmt: skip
