"""Which tasks a post may read: those of which it reaches who gave it or who has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When

from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations.models import Organisation
from zhibu.web.review import queries as review
from zhibu.web.review.models import Fault
from zhibu.web.tasks.models import Order, Problem, Task, TaskStep

MOST_PARTS = 200
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


def first_three(scope: Scope) -> QuerySet[Task]:
    """Of what the own organisation has in hand: urgent ones, then key ones, then the nearest day."""
    plain = Case(When(order__weight=Order.Weight.KEY, then=Value(0)), default=Value(1))
    return owned(scope).filter(IN_HAND).order_by("-order__urgent", plain, "due_on", "pk")[:3]


def by_person(scope: Scope) -> list[dict[str, Any]]:
    """Who in the own organisation has how many in hand, by name."""
    rows = owned(scope).filter(IN_HAND).exclude(person="").order_by("person").values("person")
    return list(rows.annotate(many=Count("pk"), late=Count("pk", Q(due_on__lt=scope.on))))


def parts(scope: Scope, task: Task) -> list[tuple[Task, str]]:
    """The tasks it was handed on in, with a word of `design/vocabulary.py`."""
    rows = tasks(scope).filter(order__part_of=task).exclude(state=State.WITHDRAWN).order_by("order", "owner__path")
    return [(one, one.status(scope.on)) for one in rows[:MOST_PARTS]]


def split(task: Task) -> bool:
    """Whether others have parts of it in hand or have done them."""
    rows = Task.objects.unscoped("parts of a task within reach").filter(order__part_of=task)
    return rows.exclude(state=State.WITHDRAWN).exists()


def same_title(scope: Scope, title: str, units: Collection[Organisation]) -> list[Task]:
    """Open tasks of the own organisation that some of the units have under the same words."""
    rows = given(scope).filter(OPEN, order__title=title)
    chosen = {one.pk for one in units}
    return [one for one in rows[:MOST_PARTS] if one.owner_id in chosen]


# ---- orders


def orders(scope: Scope) -> QuerySet[Order]:
    """Written within reach, with how the tasks stand that each led to; those still open first, by their day."""
    hand = Q(tasks__state__in=[State.GIVEN, State.RETURNED])
    rows = Order.objects.within(scope).annotate(
        many=Count("tasks", ~Q(tasks__state=State.WITHDRAWN)),
        closed=Count("tasks", Q(tasks__state=State.CLOSED)),
        reported=Count("tasks", Q(tasks__state=State.REPORTED)),
        still=Count("tasks", hand | Q(tasks__state=State.REPORTED)),
        late=Count("tasks", hand & Q(tasks__due_on__lt=scope.on)),
        moved_on=Max("tasks__moved_on"),
        ended_on=Max("tasks__closed_on"),
    )
    rows = rows.select_related("organisation", "record__organisation", "part_of__order")
    return rows.order_by(Case(When(still__gt=0, then=Value(0)), default=Value(1)), "due_on", "-pk")


def standing(rows: QuerySet[Order], state: str, kind: str = "", q: str = "") -> QuerySet[Order]:
    states = {"open": Q(still__gt=0), "late": Q(late__gt=0), "closed": Q(still=0, closed__gt=0)}
    rows = rows.filter(states[state]) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(Q(title__icontains=q) | Q(organisation__name__icontains=q)) if q else rows


def age(order: Any, on: date) -> int:
    """Calendar days since it was decided; of one nobody has in hand any more, until the last of them was over."""
    return ((on if order.still or not order.ended_on else order.ended_on) - order.decided_on).days


def word(order: Any) -> str:
    """How an order stands, a word of `design/vocabulary.py`."""
    if not order.many:
        return "na"
    if not order.still:
        return "done"
    return "late" if order.late else "waiting" if order.reported == order.still else "todo"


def units(order: Any) -> str:
    """办结 3 / 12，过了期限 1"""
    if not order.many:
        return "已撤回"
    return f"{day_words(order.due_on)}前，办结 {order.closed} / {order.many}" + (
        f"，过了期限 {order.late}" if order.late else ""
    )


def of_record(scope: Scope, record_id: int) -> QuerySet[Order]:
    """What a meeting decided, for who may read the record: the orders within reach."""
    return orders(scope).filter(record=record_id).order_by("pk")


# ---- problems

ANSWERED = {"open": "还没有提要求的", "asked": "已提要求的", "withdrawn": "已撤回的"}


def problems(scope: Scope) -> QuerySet[Problem]:
    """Of lists within reach."""
    return Problem.objects.within(scope).select_related("organisation", "unit", "order", "fault", "record")


def listed(scope: Scope, source: str, state: str, record: str = "") -> QuerySet[Problem]:
    """Those nothing was required of yet first. `record`: the number of the meeting at which they were reported."""
    states = {"open": Q(order=None, withdrawn_on=None), "asked": Q(order__isnull=False)}
    rows = problems(scope).filter(states.get(state, Q(withdrawn_on__isnull=state != "withdrawn")))
    rows = rows.filter(source=source) if source else rows
    rows = rows.filter(record__number=record) if record else rows
    waits = Case(When(order=None, then=Value(0)), default=Value(1))
    return rows.order_by(waits, "-found_on", "section", "unit__path", "pk")


def sources(scope: Scope) -> list[str]:
    return list(problems(scope).order_by("source").values_list("source", flat=True).distinct()[:100])


def faults(scope: Scope) -> QuerySet[Fault]:
    """Faults of organisation life below that are on no list of the own organisation."""
    if not scope.may("review.view"):
        return Fault.objects.unscoped("none").none()
    known = Problem.objects.within(scope).filter(organisation=scope.organisation_id, withdrawn_on=None)
    return (
        review.faults(scope).filter(withdrawn_on=None).exclude(pk__in=known.filter(fault__isnull=False).values("fault"))
    )


def answered(scope: Scope, task: Task) -> list[Problem]:
    """The problems found at the owner, or below it, of which the task was made: what is another unit's stays there."""
    rows = Problem.objects.unscoped("a unit reads what was found at itself").filter(order=task.order_id)
    return list(rows.filter(subtree("unit__path", task.owner.path)).select_related("unit", "fault"))


def steps(task: Task) -> QuerySet[TaskStep]:
    return task.steps.unscoped("of a task within reach").select_related("organisation", "record", "task")
