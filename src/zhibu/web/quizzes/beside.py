"""What 我的 shows: papers that are open and not handed in yet."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.quizzes import queries


def to_sit(scope: Scope, member_id: int) -> list[MonthRow]:
    """Listener of `core.announce`."""
    one = own_row(scope.user_id)
    if one is None or one.pk != member_id:
        return []
    rows = queries.binding(one).filter(opens_on__lte=scope.on, closes_on__gte=scope.on)
    rows = rows.exclude(pk__in=queries.sittings(one).values("paper"))
    return [
        (reverse("paper-sit", args=[each.pk]), each.title, "todo", f"{day_words(each.closes_on)}截止") for each in rows
    ]
