"""Steps of cases that are this organisation's to decide now, in 待我办. The person is named on the page of the case."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.procedures.queries import Asked, cases


def waiting(scope: Scope) -> list[Waiting]:
    if not scope.may("procedures.decide"):
        return []
    found = cases(scope, Asked(group="now")).filter(next_at=scope.organisation_id)
    return [
        Waiting(
            f"case:{one.pk}", reverse("case", args=[one.pk]), f"{one.title}：{one.next_title}",
            one.organisation.short_name or one.organisation.name, one.next_from or scope.on,
            f"{one.next_until} 前办" if one.next_until else "轮到本级办",
        )
        for one in found[:MOST]
    ]  # fmt: skip
