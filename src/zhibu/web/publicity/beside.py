"""What was presented at a meeting, on the page of its record."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.publicity import queries
from zhibu.web.publicity.models import MeetingPaper
from zhibu.web.records.models import Record


def papers(scope: Scope, record_id: int) -> list[MonthRow]:
    """For whose meeting it is one row to choose them; for other readers each of them."""
    one = Record.objects.within(scope).filter(pk=record_id).first()
    if one is None or not queries.exchanging(one):
        return []
    found = list(queries.papers(scope, one))
    if (
        one.organisation_id == scope.organisation_id
        and scope.may("publicity.exchange")
        and scope.may("publicity.write")
    ):
        words = f"{len(found)} 篇" if found else "从经验互通里选入"
        return [(reverse("meeting-papers", args=[one.number]), "交流材料", "done" if found else "todo", words)]
    return [_row(each) for each in found]


def _row(one: MeetingPaper) -> MonthRow:
    there = reverse("publicity-exchanged", args=[one.news_id])
    return there, f"交流材料：{one.news}", "done", one.news.organisation.name
