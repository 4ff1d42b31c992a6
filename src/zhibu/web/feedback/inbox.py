"""Letters to the own committee without an answer, in 待我办: not what they say."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.feedback import queries


def waiting(scope: Scope) -> list[Waiting]:
    if not scope.may("feedback.answer"):
        return []
    rows = queries.waiting(scope).filter(organisation=scope.organisation_id)
    return [
        Waiting(
            f"feedback:{one.pk}", reverse("feedback-answer", args=[one.pk]), "答复意见建议",
            one.organisation.short_name or one.organisation.name, one.sent_on,
            f"{queries.answer_by(one.sent_on)} 前答复",
        )
        for one in rows[:MOST]
    ]  # fmt: skip
