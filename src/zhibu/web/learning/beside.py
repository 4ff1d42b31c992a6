"""What 我的 shows of study: newly issued texts the reader's branch has to know, classes to come."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.learning import readings
from zhibu.web.learning.models import Trainee
from zhibu.web.members.about_me import own_row

WHY = "the reader's own"


def to_read(scope: Scope, member_id: int) -> list[MonthRow]:
    """Listener of `core.announce`. No number of what is unread: nobody is hurried."""
    one = own_row(scope.user_id)
    if one is None or one.pk != member_id:
        return []
    rows = Trainee.objects.unscoped(WHY).filter(
        member=one, training_class__ends_on__gte=scope.on, training_class__cancelled_on=None
    )
    coming: list[MonthRow] = [
        (reverse("hours-me"), row.training_class.name, "todo", f"{day_words(row.training_class.starts_on)}开班")
        for row in rows.select_related("training_class")
    ]
    fresh: list[MonthRow] = [
        (reverse("reading", args=[each.pk]), f"新出台：{each.title}", "na", each.edition)
        for each in readings.fresh(one, scope.on)
    ]
    return coming + fresh
