"""年度计划 handed in one step below, in 待我办."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.organisations import tree
from zhibu.web.plans.models import Plan
from zhibu.web.plans.queries import plans


def waiting(scope: Scope) -> list[Waiting]:
    if not scope.may("plans.answer"):
        return []
    here = scope.doing("plans.answer")
    rows = plans.plans(here).filter(state=Plan.State.FILED, organisation__in=tree.next_below(here))
    return [
        Waiting(
            f"plan:{one.pk}", reverse("plan", args=[one.pk]), f"{one.year} 年计划",
            one.organisation.short_name or one.organisation.name, one.filed_on or scope.on, "等接收或退回",
        )
        for one in rows.order_by("filed_on", "pk")[:MOST]
    ]  # fmt: skip
