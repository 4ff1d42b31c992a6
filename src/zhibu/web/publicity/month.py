"""Rows of 本月任务: what came back, and what waits for an answer."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.publicity import queries
from zhibu.web.publicity.models import News


def month_rows(scope: Scope, organisation_id: int) -> list[MonthRow]:
    if organisation_id != scope.organisation_id:
        return []
    found: list[MonthRow] = []
    if scope.may("publicity.write"):
        rows = queries.news(scope.doing("publicity.write"), state=News.State.RETURNED)
        found = [
            (reverse("news", args=[one.pk]), f"改好重报信息：{one.title}", "returned", one.answer)
            for one in rows.filter(organisation=organisation_id)
        ]
    if scope.may("publicity.judge") and (many := queries.to_judge(scope).count()):
        found.append((f"{reverse('publicity')}?state=sent", f"下级报送的信息 {many} 期", "todo", "采用或退回"))
    return found
