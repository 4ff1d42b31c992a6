"""A written opinion that the own organisation owes: on 本月任务, and on 待我办 of posts that have none."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.offices.models import Opinion


def to_reply(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Listener of `core.announce`. The matter itself stands on the page of those who may read it."""
    if not scope.may("opinions.reply") or organisation_id != scope.organisation_id:
        return []
    return [
        (_url(one), _title(one), "late" if one.due_on < scope.on else "todo", f"{one.asked_by}，{_until(one)}")
        for one in _owed(scope)
    ]


def waiting(scope: Scope) -> list[Waiting]:
    """Listener of `core.waiting`."""
    if scope.may("month.view") or not scope.may("opinions.reply"):
        return []
    return [
        Waiting(f"opinion:{one.pk}", _url(one), _title(one), one.asked_by, one.asked_on, _until(one))
        for one in _owed(scope)[:MOST]
    ]


def _owed(scope: Scope) -> QuerySet[Opinion]:
    rows = Opinion.objects.within(scope.doing("opinions.reply")).filter(replied_on=None, closed_on=None)
    return rows.filter(organisation=scope.organisation_id).order_by("due_on", "pk")


def _title(one: Opinion) -> str:
    return f"答复意见：{one.get_kind_display()}"


def _until(one: Opinion) -> str:
    return f"{day_words(one.due_on)}前"


def _url(one: Opinion) -> str:
    return reverse("opinion", args=[one.pk])
