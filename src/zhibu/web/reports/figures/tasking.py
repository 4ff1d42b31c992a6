"""Tasks given, closed and carried over; special meetings of leading bodies."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse

from zhibu.web.agendas.queries import LEADING, SPECIAL
from zhibu.web.agendas.queries import bodies as agenda_bodies
from zhibu.web.core.scope import subtree
from zhibu.web.records.models import Record, Review
from zhibu.web.reports.figures.asked import Asked, Figure
from zhibu.web.tasks.models import Task
from zhibu.web.tasks.queries import tasks as every_task

CASES = 20


def tasks(asked: Asked) -> list[Figure]:
    """Of units of the organisation: given and closed in these days, carried over at their end."""
    url, source, days = reverse("tasks"), "任务", (asked.since, asked.as_of)
    rows = _tasks(asked)
    closed = rows.filter(state=Task.State.CLOSED, closed_on__range=days)
    over = rows.filter(_carried(asked))
    late = over.filter(due_on__lt=asked.as_of).count()
    return [
        asked.figure("交办任务", rows.filter(given_on__range=days).count(), "项", source, url, "每个承办单位算一项"),
        asked.figure("办结任务", closed.count(), "项", source, url, "按验收通过的日期"),
        asked.figure("结转任务", over.count(), "项", source, url, "到最后一天没有办结的"),
        asked.figure("其中过了期限", late, "项", source, url),
    ]


def carried_over(asked: Asked) -> list[Figure]:
    """The tasks that are carried over, one by one, the nearest day first."""
    rows = _tasks(asked).filter(_carried(asked)).order_by("due_on", "pk")
    return [
        Figure(one.order.title, "", "", "任务", reverse("task", args=[one.pk]), asked.as_of,
               f"{one.owner.short_name or one.owner.name}，{one.due_on} 前")
        for one in rows[:CASES]
    ]  # fmt: skip


def _tasks(asked: Asked) -> QuerySet[Task]:
    rows = every_task(asked.scope).filter(subtree("owner__path", asked.here.path))
    return rows.exclude(state=Task.State.WITHDRAWN)


def _carried(asked: Asked) -> Q:
    return Q(given_on__lte=asked.as_of) & (Q(closed_on=None) | Q(closed_on__gt=asked.as_of))


def meetings(asked: Asked) -> list[Figure]:
    """Special meetings of leading bodies on Party work, and who has held none."""
    url, source, own = reverse("agendas"), "议事日程", asked.here.path
    rows = asked.rows(Record).filter(organisation__kind__in=LEADING, held_on__range=(asked.since, asked.as_of))
    rows = rows.filter(withdrawn_at=None).exclude(review=Review.RETURNED).order_by()
    found = [place for place, types in rows.values_list("organisation", "types") if SPECIAL in types]
    many = agenda_bodies(asked.scope).filter(subtree("path", own)).count()
    return [
        asked.figure("领导班子专题研究党建工作", len(found), "次", source, url, "按活动记录"),
        asked.figure("还没有专题研究的", many - len(set(found)), "个", source, url, f"共 {many} 个党组、党委、党工委"),
    ]
