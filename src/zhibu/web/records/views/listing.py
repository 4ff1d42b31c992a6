"""The list of records: a branch's own ledger, or those of a subtree."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import queries, words
from zhibu.web.records.models import Draft, Record

FEW = 20  # characters that tell one draft from another


@page("records.view")
def records(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    chosen = _chosen(request)
    year = _number(request, "year", 1921, scope.on.year, scope.on.year)
    month = _number(request, "month", 1, 12, 0)
    rows = _of_time(queries.records_of(scope, chosen), year, month)
    context = {
        "page": page_of(request, rows),
        "chosen": chosen,
        "unit": chosen.name if chosen else scope.unit,
        "when": f"{year} 年{f' {month} 月' if month else ''}",
        "single": scope.may("records.write") or scope.role == "member",
        "years": range(scope.on.year, scope.on.year - 6, -1),
        "months": range(1, 13),
        "year": year,
        "month": month,
        "drafts": [_line(one) for one in queries.drafts(scope)] if scope.may("records.draft") else [],
    }
    return htmx.page(request, "records/records.html", context)


def _line(draft: Draft) -> dict[str, object]:
    """A draft in the list: what it is about and where it goes on."""
    fields, number = draft.fields, draft.key.removeprefix("edit-")
    if number != draft.key:
        title, url = f"修改 {number}", reverse("record-edit", args=[number])
    else:
        day, about = _first(fields, "held_on"), _first(fields, "topic") or _first(fields, "content")
        kinds = words.types_words(fields.get("types") or []) or "活动记录"
        title = f"{kinds} {day}".strip() + (f"：{' '.join(about.split())[:FEW]}" if about.strip() else "")
        url = f"{reverse('record-new')}?key={draft.key}"
    return {"key": draft.key, "title": title, "url": url, "saved_at": draft.saved_at}


def _first(fields: dict[str, Any], name: str) -> str:
    return str((fields.get(name) or [""])[0])


def _chosen(request: HttpRequest) -> Organisation | None:
    """`?o=<code>`: one organisation's subtree; a code out of reach is not found, like one that never was."""
    code = asked.text(request, "o", 20)
    return get_object_or_404(Organisation.objects.within(request.scope), code=code) if code else None


def _number(request: HttpRequest, name: str, least: int, most: int, default: int) -> int:
    """A number of the query string; the default for anything else."""
    text = request.GET.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else default
    return number if least <= number <= most else default


def _of_time(rows: QuerySet[Record], year: int, month: int) -> QuerySet[Record]:
    """By the day of the activity, as a range so that the index serves; month 0 is the whole year."""
    last = month or 12
    return rows.filter(
        held_on__gte=date(year, month or 1, 1), held_on__lte=date(year, last, calendar.monthrange(year, last)[1])
    )
