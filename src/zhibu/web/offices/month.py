"""On 本月任务: a written opinion that the own organisation owes."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.offices.models import Opinion


def to_reply(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Listener of `core.announce`. The matter itself stands on the page of those who may read it."""
    if not scope.may("opinions.reply") or organisation_id != scope.organisation_id:
        return []
    rows = Opinion.objects.within(scope.doing("opinions.reply")).filter(replied_on=None, closed_on=None)
    return [
        (
            reverse("opinion", args=[one.pk]), f"答复意见：{one.get_kind_display()}",
            "late" if one.due_on < scope.on else "todo", f"{one.asked_by}，{day_words(one.due_on)}前",
        )
        for one in rows.filter(organisation=organisation_id).order_by("due_on", "pk")
    ]  # fmt: skip
