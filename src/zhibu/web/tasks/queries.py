"""Which tasks a post may read: those of which it reaches who gave it or who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from zhibu.web.core.scope import Scope
from zhibu.web.tasks.models import Order, Problem, Task, TaskStep

SIDES = "read by its two sides, as filtered here"
State = Task.State
IN_HAND = Q(state__in=[State.GIVEN, State.RETURNED])
OPEN = ~Q(state__in=[State.CLOSED, State.WITHDRAWN])
# What the page filters by: word → rows.
STATES = {
    "open": "没有办结的", "late": "过了期限没报办结的", "reported": "等验收的", "asked": "申请延期的",
    "closed": "已办结的", "withdrawn": "已撤回的",
}  # fmt: skip
SHOWN = {"owned": "本单位承办的", "given": "本单位交办的"}


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    state: str = ""
    side: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.state or self.side or self.kind)

    def filters(self) -> str:
        kind = Order.Kind(self.kind).label if self.kind else "全部"
        side, state = SHOWN.get(self.side, "管理范围内全部"), STATES.get(self.state, "全部")
        return f"{side}；类别：{kind}；状态：{state}；文字：{self.q or '不限'}"


def tasks(scope: Scope) -> QuerySet[Task]:
    """Those in hand first, the nearest day first."""
    rows = Task.objects.unscoped(SIDES).filter(scope.where("organisation__path") | scope.where("owner__path"))
    turn = Case(When(IN_HAND, then=Value(0)), When(OPEN, then=Value(1)), default=Value(2))
    return rows.select_related("organisation", "owner", "order").order_by(turn, "due_on", "-given_on", "-pk")


def owned(scope: Scope) -> QuerySet[Task]:
    """Which the own organisation has to do."""
    return tasks(scope).filter(owner=scope.organisation_id)


def given(scope: Scope) -> QuerySet[Task]:
    """Which the own organisation gave."""
    return tasks(scope).filter(organisation=scope.organisation_id)


def filtered(rows: QuerySet[Task], asked: Asked, scope: Scope) -> QuerySet[Task]:
    states = {
        "open": OPEN, "late": IN_HAND & Q(due_on__lt=scope.on), "reported": Q(state=State.REPORTED),
        "asked": OPEN & Q(asked_due_on__isnull=False), "closed": Q(state=State.CLOSED),
        "withdrawn": Q(state=State.WITHDRAWN),
    }  # fmt: skip
    sides = {"owned": "owner", "given": "organisation"}
    rows = rows.filter(states[asked.state]) if asked.state else rows.exclude(state=State.WITHDRAWN)
    rows = rows.filter(**{sides[asked.side]: scope.organisation_id}) if asked.side else rows
    rows = rows.filter(order__kind=asked.kind) if asked.kind else rows
    if asked.q:
        there = Q(order__title__icontains=asked.q) | Q(owner__name__icontains=asked.q)
        rows = rows.filter(there | Q(organisation__name__icontains=asked.q) | Q(person=asked.q))
    return rows


def figures(rows: QuerySet[Task], on: date) -> dict[str, int]:
    """In hand, of them late; waiting for acceptance; closed this year, of them reported by their day."""
    year = Q(state=State.CLOSED, closed_on__year=on.year)
    return rows.order_by().aggregate(
        in_hand=Count("pk", IN_HAND),
        late=Count("pk", IN_HAND & Q(due_on__lt=on)),
        reported=Count("pk", Q(state=State.REPORTED)),
        closed=Count("pk", year),
        in_time=Count("pk", year & Q(reported_on__lte=F("due_on"))),
    )


def orders(scope: Scope) -> QuerySet[Order]:
    """Written within reach, with how many tasks each led to and how many of them are over, late, waiting."""
    there = ~Q(tasks__state=State.WITHDRAWN)
    late = Q(tasks__state__in=[State.GIVEN, State.RETURNED], tasks__due_on__lt=scope.on)
    return Order.objects.within(scope).select_related("organisation", "record", "part_of__order").annotate(
        many=Count("tasks", there), closed=Count("tasks", Q(tasks__state=State.CLOSED)),
        late=Count("tasks", late), reported=Count("tasks", Q(tasks__state=State.REPORTED)),
    )  # fmt: skip


def problems(scope: Scope) -> QuerySet[Problem]:
    """Of lists within reach."""
    return Problem.objects.within(scope).select_related("organisation", "unit", "order", "fault")


def steps(task: Task) -> QuerySet[TaskStep]:
    return task.steps.unscoped("of a task within reach").select_related("organisation", "record")
