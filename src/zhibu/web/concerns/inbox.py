"""反映事项 whose turn is the own organisation's, in 待我办 where a post has no 本月任务."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.concerns import queries
from zhibu.web.concerns.month import turn
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting


def waiting(scope: Scope) -> list[Waiting]:
    if scope.may("month.view") or not scope.may("concerns.keep") or not scope.organisation_id:
        return []
    rows = queries.mine(scope.doing("concerns.keep")).filter(turn(scope.organisation_id))[:MOST]
    return [
        Waiting(
            f"concern:{one.pk}", reverse("concern", args=[one.pk]), f"{one.get_source_display()}：{one.what}",
            one.organisation.short_name or one.organisation.name, one.taken_on,
            "已答复，等评价" if one.replied_on else f"{day_words(one.due_on)}前答复",
        )
        for one in rows
    ]  # fmt: skip
