"""信息 handed in one step below, and the own that came back, in 待我办."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.organisations import tree
from zhibu.web.publicity import queries
from zhibu.web.publicity.models import News


def waiting(scope: Scope) -> list[Waiting]:
    found: list[Waiting] = []
    if scope.may("publicity.judge"):
        below = tree.next_below(scope.doing("publicity.judge"))
        found = [_row(one, "等采用或退回") for one in queries.to_judge(scope).filter(organisation__in=below)[:MOST]]
    if scope.may("publicity.write") and not scope.may("month.view"):  # where no 本月任务 says so
        rows = queries.news(scope.doing("publicity.write"), state=News.State.RETURNED)
        found += [_row(one, "退回，改好重报") for one in rows.filter(organisation=scope.organisation_id)[:MOST]]
    return found


def _row(one: News, why: str) -> Waiting:
    place = one.organisation.short_name or one.organisation.name
    return Waiting(f"news:{one.pk}", reverse("news", args=[one.pk]), f"信息：{one.title}", place, one.sent_on, why)
