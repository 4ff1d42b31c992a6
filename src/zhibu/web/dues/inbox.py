"""Hand-ins to be counted and reliefs to be decided, of those one step below, in 待我办. No member is named."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.dues import queries, upward
from zhibu.web.organisations import tree


def waiting(scope: Scope) -> list[Waiting]:
    return [*_handed(scope), *_reliefs(scope)]


def _handed(scope: Scope) -> list[Waiting]:
    if not scope.may("dues.receive"):
        return []
    rows = upward.waiting(scope).filter(organisation__in=tree.next_below(scope.doing("dues.receive")))
    return [
        Waiting(
            f"handed:{one.pk}", reverse("dues-receive", args=[one.pk]), f"上缴党费 {one.amount} 元",
            one.organisation.short_name or one.organisation.name, one.handed_on, "等核收",
        )
        for one in rows[:MOST]
    ]  # fmt: skip


def _reliefs(scope: Scope) -> list[Waiting]:
    if not scope.may("dues.decide"):
        return []
    here = scope.doing("dues.decide")
    rows = queries.waiting(here).filter(member__organisation__in=tree.next_below(here))
    return [
        Waiting(
            f"relief:{one.pk}", reverse("dues-decide", args=[one.pk]), "党费减免 1 人",
            one.member.organisation.short_name or one.member.organisation.name, one.studied_on, "支部已研究，等决定",
        )
        for one in rows[:MOST]
    ]  # fmt: skip
