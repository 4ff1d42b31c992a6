"""The next steps of open cases on 本月任务 of the organisation whose turn it is."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.procedures.queries import Asked, cases, lines

MOST = 20
SOON = timedelta(days=7)


def next_steps(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """(address, title, status, note); nothing that is early."""
    if not scope.may("procedures.view"):
        return []
    found = cases(scope, Asked(group="now")).filter(next_at=organisation_id)[:MOST]
    rows: list[MonthRow] = []
    for one in lines(scope, found):
        by = one.case.next_until
        soon = by is not None and not one.overdue and by - scope.on <= SOON
        title = f"{one.case.next_title}：{one.name}" if one.name else one.case.next_title
        note = " · ".join(filter(None, [one.case.title, f"{day_words(by)}前" if by else ""]))
        status = "late" if one.overdue else "soon" if soon else "todo"
        rows.append((reverse("case", args=[one.case.pk]), title, status, note))
    return rows
