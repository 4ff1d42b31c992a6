"""Clauses the own organisation was asked about and has not answered, on 本月任务."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.library.models import Answer
from zhibu.web.library.queries import to_answer

SOON = timedelta(days=7)


def unanswered(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """(address, title, status, note), the nearest deadline first; one row for each checklist."""
    if not scope.may("library.answer") or organisation_id != scope.organisation_id:
        return []
    rows: dict[int, MonthRow] = {}
    for one in to_answer(scope.doing("library.answer")).filter(state=Answer.State.ASKED):
        sheet = one.checklist
        late, soon = sheet.due_on < scope.on, sheet.due_on - scope.on <= SOON
        status = "late" if late else "soon" if soon else "todo"
        rows.setdefault(
            sheet.pk, (reverse("library-asked"), f"对照检查：{sheet.document}", status, f"{day_words(sheet.due_on)}前")
        )
    return list(rows.values())
