"""What stands on 本月任务 and on the page of a record."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.hints import queries
from zhibu.web.hints.models import Hint


def to_answer(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Questions to the own organisation."""
    if not scope.may("hints.answer") or organisation_id != scope.organisation_id:
        return []
    return [_row(one) for one in queries.open_hints(scope.doing("hints.answer"), organisation_id)[:5]]


def of_record(scope: Scope, record_id: int) -> list[MonthRow]:
    if not scope.may("hints.view"):
        return []
    return [_row(one) for one in queries.hints(scope.doing("hints.view")).filter(record=record_id)]


def _row(one: Hint) -> MonthRow:
    title = f"想问一句：{day_words(one.record.held_on)}{one.record.types_words}"
    note = one.answer_words or f"{one.get_kind_display()}。说一句就好，不影响任何结论"
    return reverse("hint", args=[one.pk]), title, one.status, note
