"""P04: one record, its receipt, and taking it back."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.core import announce, clock, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.duties.queries import left_this_month
from zhibu.web.files import queries as files
from zhibu.web.organisations import tree
from zhibu.web.records import actions, extras, queries, ties
from zhibu.web.records.actions.withdraw import RESTORABLE
from zhibu.web.records.forms import WithdrawForm
from zhibu.web.records.models import Attendance, Record, Way


def found(request: HttpRequest, number: str) -> Record:
    """The record, or the 404 that a neighbour and a mistyped number get alike."""
    record = queries.record(request.scope, number)
    if record is None:
        raise Http404
    return record


def is_own(request: HttpRequest, record: Record) -> bool:
    return record.organisation_id == request.scope.organisation_id


@page("records.view")
def record(request: HttpRequest, number: str) -> HttpResponse:
    record, scope = found(request, number), request.scope
    own = is_own(request, record)
    return htmx.page(
        request,
        "records/record.html",
        {
            "record": record,
            "people": [*_people(scope, record), *announce.people_rows(scope, record.pk)],
            "closed": queries.closed_by(scope, record),
            "files": files.attachments(record),
            "beside": announce.record_rows(scope, record.pk),
            "decided": announce.decided_rows(scope, record.pk),
            "may_decide": own and scope.may("tasks.issue") and not record.withdrawn_at,
            "breadcrumb": _path(record),
            "extras": extras.lines(record.extra),
            "tied": ties.told(scope, record),
            "may_edit": own and scope.may("records.edit") and not record.withdrawn_at,
            "may_restore": own and scope.may("records.withdraw") and _recent(record),
        },
    )


def _people(scope: Scope, record: Record) -> list[tuple[str, int, list[str]]]:
    """(到会, 7, names): who was away and why is for those who may read the roster; others get the numbers."""
    rows = queries.attendance_of(record)
    ways = Counter(row.way for row in rows if row.state == Attendance.State.PRESENT)
    counts = Counter(row.state for row in rows)
    shown = set(Attendance.State) if scope.may("members.view") else {Attendance.State.PRESENT}
    return [
        (state.label, counts[state], [row.member.name for row in rows if row.state == state and state in shown])
        for state in Attendance.State
        if counts[state]
    ] + [(f"其中{way.label}", ways[way], []) for way in Way if ways[way] and set(ways) != {Way.HOST}]


def _path(record: Record) -> list[tuple[str, str]]:
    """The organisations above, by name, and the record's own."""
    above = [(one.short_name or one.name, "") for one in tree.ancestors(record.organisation)]
    return [*above, (record.organisation.short_name or record.organisation.name, "")]


def _recent(record: Record) -> bool:
    return record.withdrawn_at is not None and clock.now() - record.withdrawn_at < RESTORABLE


@page("records.submit")
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    record = found(request, number)
    if not is_own(request, record):
        raise Http404
    context = {
        "record": record,
        "superior": tree.superior(record.organisation),
        "left": left_this_month(request.scope, record.organisation),
        "closed": queries.closed_by(request.scope, record),
        "lines": announce.receipt_lines(request.scope, record.pk),
    }
    return htmx.page(request, "records/receipt.html", context)


@page("records.withdraw", methods=("GET", "HEAD", "POST"))
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """GET asks for the reason; POST takes the record back, or puts it back (`do=restore`)."""
    record = found(request, number)
    if not is_own(request, record):
        raise Http404
    if request.method != "POST":
        return _ask(request, record, WithdrawForm())
    if request.POST.get("do") == "restore":
        return _restore(request, record)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _ask(request, record, form, status=422)
    try:
        actions.withdraw(by=request.scope, record=record, reason=form.cleaned_data["reason"])
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{record.number} 已撤回，24 小时内可以恢复")
    return redirect("record", number=number)


def _restore(request: HttpRequest, record: Record) -> HttpResponse:
    try:
        actions.restore(by=request.scope, record=record)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{record.number} 已恢复")
    return redirect("record", number=record.number)


def _ask(request: HttpRequest, record: Record, form: WithdrawForm, status: int = 200) -> HttpResponse:
    affected = [duty for duty, _ in queries.closed_by(request.scope, record)]
    context = {"record": record, "form": form, "affected": affected}
    return htmx.page(request, "records/withdraw.html", context, status=status)
