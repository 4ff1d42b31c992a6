"""What 我的 shows: papers that are open and not handed in yet."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.quizzes import queries


def to_sit(scope: Scope, member_id: int) -> list[MonthRow]:
    """Listener of `core.announce`."""
    one = Member.objects.everything("the reader's own").select_related("organisation").filter(pk=member_id).first()
    if one is None:
        return []
    rows = queries.binding(one).filter(opens_on__lte=scope.on, closes_on__gte=scope.on)
    rows = rows.exclude(pk__in=queries.sittings(one).values("paper"))
    return [
        (reverse("paper-sit", args=[each.pk]), each.title, "todo", f"{each.closes_on:%Y-%m-%d} 截止") for each in rows
    ]
