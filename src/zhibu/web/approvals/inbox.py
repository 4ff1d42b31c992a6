"""What waits for a second person, in 待我办."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from zhibu.web.approvals import queries
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting


def waiting(scope: Scope) -> list[Waiting]:
    return [
        Waiting(
            f"approval:{one.pk}", reverse("approval", args=[one.pk]), one.sentence,
            one.organisation.short_name or one.organisation.name, timezone.localdate(one.asked_at),
            f"{one.asked_title}申请{one.kind.word}，等批准",
        )
        for one in queries.waiting(scope)[:MOST]
    ]  # fmt: skip
