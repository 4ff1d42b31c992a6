"""学习型机关 that asked one step below to be accepted, in 待我办."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.learning.models import LearningOrgan
from zhibu.web.organisations import tree


def waiting(scope: Scope) -> list[Waiting]:
    if not scope.may("learning.accept"):
        return []
    here = scope.doing("learning.accept")
    rows = LearningOrgan.objects.within(here).filter(accepted_on=None, applied_on__isnull=False)
    rows = rows.filter(organisation__in=tree.next_below(here)).select_related("organisation")
    return [
        Waiting(
            f"organ:{one.pk}", reverse("organ", args=[one.pk]), "学习型机关",
            one.organisation.short_name or one.organisation.name, one.applied_on or scope.on, "申请验收",
        )
        for one in rows.order_by("applied_on", "pk")[:MOST]
    ]  # fmt: skip
