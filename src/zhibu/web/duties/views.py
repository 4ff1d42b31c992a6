from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from zhibu.web.assessment.queries import standing
from zhibu.web.core import announce, htmx
from zhibu.web.core.pages import page
from zhibu.web.duties import queries
from zhibu.web.duties.grouping import shifted
from zhibu.web.organisations.models import Organisation


@page("month.view")
def month(request: HttpRequest) -> HttpResponse:
    """本月任务 of the post's own organisation; `?month=2026-10` for another month."""
    scope = request.scope
    here = get_object_or_404(Organisation.objects.within(scope), pk=scope.organisation_id)
    first = _asked(request, scope.on)
    found = queries.month(scope, here, first)
    years = queries.evaluated_years()
    beside = announce.month_rows(scope, here.pk) if first == scope.on.replace(day=1) else []
    context = {
        "here": here,
        "month": found,
        "standing": standing(scope, here, first.year) if found.evaluation else None,
        "before": _step(first, -1, years),
        "after": _step(first, 1, years),
        "printing": request.GET.get("print") == "1",
        "beside": beside,
        "told": announce.month_told(scope, here, found, beside) if found.evaluation else [],
        "stale": bool(found.evaluation and found.evaluation.as_of < scope.on),
    }
    return htmx.page(request, "duties/month.html", context)


def _asked(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)


def _step(first: date, months: int, years: list[int]) -> dict[str, str] | None:
    """A link to the neighbouring month, when that year has been evaluated."""
    other = shifted(first, months)
    if other.year not in years:
        return None
    return {"url": f"?month={other:%Y-%m}", "word": f"{other.month} 月"}
