"""The list of records: a branch's own ledger, or those of a subtree."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions, queries, words
from zhibu.web.records.models import Draft, Record, Review

STATES = {"": "", "waiting": "待审核", "returned": "退回补充", "made_up": "补课", "withdrawn": "已撤回"}
_STANDS = Q(withdrawn_at=None)
_IN_STATE = {
    "": Q(), "waiting": _STANDS & Q(review=Review.WAITING), "returned": _STANDS & Q(review=Review.RETURNED),
    "made_up": _STANDS & ~Q(makes_up=""), "withdrawn": ~_STANDS,
}  # fmt: skip
FEW = 20  # characters that tell one draft from another


@page("records.view")
def records(request: HttpRequest) -> HttpResponse:
    scope, asked_for = request.scope, _asked(request)
    context = {
        "page": page_of(request, asked_for.rows(scope)),
        "asked": asked_for,
        "chosen": asked_for.place,
        "unit": asked_for.place.name if asked_for.place else scope.unit,
        "when": asked_for.when,
        "kinds": [(kind, words.types_words([kind])) for kind in words.COMMON],
        "states": STATES,
        "may_export": scope.may("records.export"),
        "single": scope.may("records.write") or scope.role == "member",
        "years": range(scope.on.year, scope.on.year - 6, -1),
        "months": range(1, 13),
        "drafts": [_line(one) for one in queries.drafts(scope)] if scope.may("records.draft") else [],
    }
    return htmx.page(request, "records/records.html", context)


@page("records.export")
def export(request: HttpRequest) -> HttpResponse:
    """What the page shows, with the same query string, where the post may export."""
    scope, asked_for = request.scope, _asked(request)
    book = actions.export_records(by=scope, rows=asked_for.rows(scope), shown=asked_for.words)
    unit = asked_for.place.name if asked_for.place else scope.unit
    return sheets.download(book, sheets.file_name(unit, "活动记录", asked_for.when, scope.on))


@dataclass(frozen=True, slots=True)
class Asked:
    """`?o=&year=&month=&kind=&state=`; month 0 is the whole year."""

    place: Organisation | None
    year: int
    month: int
    kind: str
    state: str

    @property
    def when(self) -> str:
        return f"{self.year} 年{f' {self.month} 月' if self.month else ''}"

    @property
    def words(self) -> str:
        kind = words.types_words([self.kind]) if self.kind else ""
        place = f"{self.place.name}及下级" if self.place else ""
        return "，".join(filter(None, [place, self.when, kind, STATES[self.state]]))

    def rows(self, scope: Scope) -> QuerySet[Record]:
        rows = _of_time(queries.records_of(scope, self.place), self.year, self.month).filter(_IN_STATE[self.state])
        return queries.of_kind(rows, self.kind) if self.kind else rows


def _asked(request: HttpRequest) -> Asked:
    year = _number(request, "year", 1921, request.scope.on.year, request.scope.on.year)
    kind = asked.text(request, "kind", 40)
    return Asked(
        _chosen(request), year, _number(request, "month", 1, 12, 0), kind if words.known(kind) else "",
        asked.choice(request, "state", STATES),
    )  # fmt: skip


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
