"""Members on the way to an organisation one step below, in 待我办: the committee notes the receipt. Nobody is named."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.members.models import Transfer
from zhibu.web.members.transfers import seen
from zhibu.web.organisations import tree


def waiting(scope: Scope) -> list[Waiting]:
    if not scope.may("members.move"):
        return []
    here = scope.doing("members.move")
    rows = seen(here).filter(state=Transfer.State.SENT, to__in=tree.next_below(here)).order_by("sent_on", "pk")
    return [
        Waiting(
            f"transfer:{one.pk}", reverse("transfers"), "接收组织关系 1 人", one.to.short_name or one.to.name,
            one.sent_on, "已转出，等接收",
        )
        for one in rows[:MOST]
        if one.to
    ]  # fmt: skip
