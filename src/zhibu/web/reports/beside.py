"""On 本月任务: a report the superior asked for and that is not kept yet."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.reports.models import Report

SOON = timedelta(days=3)


def to_write(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Listener of `core.announce`."""
    if not scope.may("reports.keep") or organisation_id != scope.organisation_id:
        return []
    rows = Report.objects.within(scope.doing("reports.keep")).filter(
        organisation=organisation_id, asked_by__isnull=False, kept_on=None, withdrawn_on=None, due_on__isnull=False
    )
    return [
        (
            reverse("report", args=[one.pk]),
            f"写{one.title}",
            "late" if one.due_on < scope.on else "soon" if one.due_on - scope.on <= SOON else "todo",
            f"{day_words(one.due_on)}前定稿",
        )
        for one in rows.order_by("due_on", "pk")
    ]
