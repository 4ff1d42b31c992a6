"""What the own organisation was given and has to do or to tell, on 本月任务."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.responsibilities.models import Charge, Charter
from zhibu.web.responsibilities.queries import own, silent
from zhibu.web.responsibilities.status import SOON


def due(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """One row a charter: what is late, due within a week, or to be reported on by a day. The rest waits on its page."""
    if not scope.may("responsibilities.report") or organisation_id != scope.organisation_id:
        return []
    found: dict[Charter, list[Charge]] = {}
    for one in own(scope.doing("responsibilities.report")).filter(done_on=None):
        found.setdefault(one.item.charter, []).append(one)
    return [row for charter, mine in found.items() if (row := _row(scope, charter, mine))]


def _row(scope: Scope, charter: Charter, mine: list[Charge]) -> MonthRow | None:
    days = [one.due_on for one in mine if one.due_on and one.due_on - scope.on <= SOON]
    late = sum(one < scope.on for one in days)
    asked = charter.report_by if any(silent(one, charter, scope.on) for one in mine) else None
    if asked:
        days.append(asked)
    if not days:
        return None
    first = min(days)
    says = f"超期 {late} 项" if late else f"{day_words(asked)}前报进展" if asked == first else f"{day_words(first)}前"
    address = reverse("charges-asked", args=[charter.pk]) if asked else reverse("charges-own")
    return address, f"职责：{charter}", "late" if first < scope.on else "soon", says
