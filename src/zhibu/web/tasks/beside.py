"""What this app puts on pages of others: 本月任务, 待我办, the page of a record."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.tasks import queries
from zhibu.web.tasks.models import Task
from zhibu.web.tasks.queries import IN_HAND, OPEN

ROWS = 30  # on 本月任务
ANSWER = Q(state=Task.State.REPORTED) | OPEN & Q(asked_due_on__isnull=False)  # the turn of who gave it


def to_do(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """What the own organisation has in hand, and what it gave that waits for its word."""
    if not scope.may("tasks.report") or organisation_id != scope.organisation_id:
        return []
    mine = Q(IN_HAND, owner=organisation_id)
    if scope.may("tasks.accept"):
        mine |= Q(ANSWER, organisation=organisation_id)
    rows = queries.tasks(scope.doing("tasks.report")).filter(mine)[:ROWS]
    return [
        _row(one, scope) if one.owner_id == organisation_id and one.in_hand else _answer(one)
        for one in rows
    ]  # fmt: skip


def _row(one: Task, scope: Scope) -> MonthRow:
    source = one.organisation.short_name or one.organisation.name
    given = "" if one.organisation_id == one.owner_id else f"{source}交办，"
    return _url(one), one.order.title, one.status(scope.on), f"{given}{one.until}"


def _answer(one: Task) -> MonthRow:
    return _url(one), f"{_why(one)}：{one.order.title}", "waiting", one.owner.name


def _waiting(scope: Scope) -> list[Task]:
    if not scope.may("tasks.accept"):
        return []
    return list(queries.given(scope.doing("tasks.accept")).filter(ANSWER).order_by("moved_on", "pk")[:MOST])


def _why(one: Task) -> str:
    return "报了办结，等验收" if one.state == Task.State.REPORTED else f"申请延到 {day_words(one.asked_due_on)}"


def waiting(scope: Scope) -> list[Waiting]:
    """On 待我办: what waits for the own word; and, where a post has no 本月任务, what it has in hand."""
    found = [
        Waiting(f"task:{one.pk}", _url(one), one.order.title, one.owner.name, one.moved_on, _why(one))
        for one in _waiting(scope)
    ]  # fmt: skip
    if scope.may("month.view") or not scope.may("tasks.report"):
        return found
    hand = queries.owned(scope.doing("tasks.report")).filter(IN_HAND)[:MOST]
    return found + [
        Waiting(
            f"task:{one.pk}", _url(one), one.order.title, one.organisation.name, one.given_on,
            f"要办的任务，{one.until}",
        )
        for one in hand
    ]  # fmt: skip


def _url(one: Task) -> str:
    return reverse("task", args=[one.pk])


def decided(scope: Scope, record_id: int) -> list[MonthRow]:
    """议定事项 of a meeting, on the page of its record: how far each is; and the problems reported there."""
    if not scope.may("tasks.view"):
        return []
    seen = scope.doing("tasks.view")
    orders = [
        (reverse("order", args=[one.pk]), one.title, queries.word(one), queries.units(one))
        for one in queries.of_record(seen, record_id)
    ]
    return orders + _reported(seen, record_id)


def _reported(scope: Scope, record_id: int) -> list[MonthRow]:
    found = list(queries.problems(scope).filter(record=record_id, withdrawn_on=None))
    if not found:
        return []
    rest = sum(one.order_id is None for one in found)
    number = found[0].record.number if found[0].record else ""
    said = f"{rest} 个还没有提要求" if rest else "都提了要求"
    address = f"{reverse('problems')}?record={number}"
    return [(address, f"通报的问题 {len(found)} 个", "todo" if rest else "done", said)]
