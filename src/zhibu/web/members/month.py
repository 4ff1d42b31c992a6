"""On 本月任务: a list that the superior's round asks the branch to confirm."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.members import checks


def to_confirm(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Listener of `core.announce`."""
    if not scope.may("checks.answer") or organisation_id != scope.organisation_id:
        return []
    open_ = checks.sheets(scope.doing("checks.answer")).filter(confirmed_on=None, check_round__closed_on=None)
    return [
        (
            reverse("check-sheet", args=[one.pk]), f"确认名单：{one.check_round}",
            "late" if one.check_round.due_on < scope.on else "todo", f"{day_words(one.check_round.due_on)}前确认",
        )
        for one in open_.filter(organisation=organisation_id).order_by("check_round__due_on", "pk")
    ]  # fmt: skip
