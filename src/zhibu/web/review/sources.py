"""What this app itself puts into 待我办."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting
from zhibu.web.review import queries
from zhibu.web.review.models import Filing
from zhibu.web.review.offices import named

RECORD = "record:"


def records(scope: Scope) -> list[Waiting]:
    if not scope.may("review.decide"):
        return []
    found = queries.put_up(scope).filter(office=scope.organisation_id)[:MOST]
    return [
        Waiting(
            f"{RECORD}{one.record.number}", reverse("review-record", args=[one.record.number]),
            f"{one.record.types_words} {one.record.held_on:%Y-%m-%d}", named(one.record.organisation),
            timezone.localdate(one.waiting_since), one.why, one.record.version,
        )
        for one in found
    ]  # fmt: skip


def filings(scope: Scope) -> list[Waiting]:
    if not scope.may("filings.review"):
        return []
    waits = (Filing.Stage.PLAN_SENT, Filing.Stage.REPORT_SENT)
    rows = Filing.objects.within(scope.doing("filings.review")).filter(stage__in=waits, office=scope.organisation_id)
    return [
        Waiting(
            f"filing:{one.pk}", reverse("filing", args=[one.pk]), str(one), named(one.organisation),
            timezone.localdate(one.sent_at), one.get_stage_display(),
        )
        for one in rows.select_related("organisation").order_by("sent_at")[:MOST]
    ]  # fmt: skip
