"""An organisation ends: what it still had in hand, or had given, goes to the one that receives it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from zhibu.web.tasks.models import Order, Problem, Task
from zhibu.web.tasks.queries import OPEN

WHY = "an organisation that ends"


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`."""
    rows = Task.objects.unscoped(WHY).filter(Q(organisation=organisation) | Q(owner=organisation))
    many = rows.filter(OPEN).count()
    return [f"没有办结的任务 {many} 件"] if many else []


def take(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: the open ones; what is closed stays where it was. A task that the other has of the
    same order already stays too, under the name of who ended."""
    rows = Task.objects.unscoped(WHY).filter(OPEN)
    given, had = rows.filter(organisation=organisation), rows.filter(owner=organisation)
    twice = Task.objects.unscoped(WHY).filter(owner=into).exclude(state=Task.State.WITHDRAWN).values("order")
    had = had.exclude(order__in=twice)
    many = given.count() + had.exclude(organisation=organisation).count()
    orders = list(given.values_list("order", flat=True))
    Order.objects.unscoped(WHY).filter(pk__in=orders).update(organisation=into)
    Problem.objects.unscoped(WHY).filter(organisation=organisation, order=None).update(organisation=into)
    given.update(organisation=into)
    had.update(owner=into)
    return {"tasks": many}
