"""A record corrected: the same form; if somebody was faster, both versions side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions, compare, prefill, queries
from zhibu.web.records.actions.edit import adds_to_count
from zhibu.web.records.actions.entry import values
from zhibu.web.records.forms import RecordForm
from zhibu.web.records.models import Record
from zhibu.web.records.typed import unpack
from zhibu.web.records.views.form import cleaned, form_of, keep, press, show
from zhibu.web.records.views.typing import keeps_typing, take_back


@keeps_typing
@page("records.edit", methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, number: str) -> HttpResponse:
    record = queries.record(request.scope, number)
    if record is None or record.organisation_id != request.scope.organisation_id:
        raise Http404
    if record.withdrawn_at:
        messages.warning(request, "这条记录已撤回，恢复后才能修改")
        return redirect("record", number=number)
    if request.method == "POST":
        return _typed(request, record)
    take_back(request)
    return _opened(request, record)


def _opened(request: HttpRequest, record: Record) -> HttpResponse:
    """The stored record, or the unfinished correction of it."""
    own, scope = record.organisation, request.scope
    draft = queries.draft(scope, f"edit-{record.number}")
    if draft is None:
        data = prefill.of_record(record, list(queries.members_ever(scope, own)))
        return _show(request, record, form_of(scope, own, data, quiet=True, record=record))
    data = unpack(draft.fields)
    for mark in ("tab", "seen"):
        data.pop(mark, None)
    form = form_of(scope, own, data, quiet=True, record=record)
    return _show(request, record, form, saved_at=draft.saved_at)


def _typed(request: HttpRequest, record: Record) -> HttpResponse:
    own, scope = record.organisation, request.scope
    data = press(scope, own, request.POST)
    data["key"] = f"edit-{record.number}"
    act = data.get("do", "check")
    if act == "drop":
        actions.drop_draft(by=scope, key=data["key"])
        return redirect("record", number=record.number)
    if act in ("save", "keep"):
        try:
            keep(scope, data, force=act == "keep")
        except actions.DraftMoved as moved:
            form = form_of(scope, own, data, quiet=True, record=record)
            return _show(request, record, form, status=409, theirs=moved.theirs)
        messages.success(request, "修改先存着，还没有生效")
        return redirect("record-edit", number=record.number)
    if act not in ("check", "sure"):
        return _show(request, record, form_of(scope, own, data, quiet=True, record=record))
    form = form_of(scope, own, data, record=record)
    if not form.is_valid():
        return _show(request, record, form, status=422)
    if act == "check" and (hurt := _would_turn_late(scope, own, record, form)):
        return _show(request, record, form, status=422, hurt=hurt)
    return _save(request, record, form)


def _save(request: HttpRequest, record: Record, form: RecordForm) -> HttpResponse:
    scope: Scope = request.scope
    fields, attendance = cleaned(form)
    version = fields.get("version") or 0
    try:
        saved = actions.edit(by=scope, record=record, version=version, fields=fields, attendance=attendance)
    except actions.Conflict as conflict:
        return _both(request, conflict.theirs, form)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return _show(request, record, form, status=422)
    actions.drop_draft(by=scope, key=f"edit-{record.number}")
    messages.success(request, _told(record, saved))
    return redirect("record", number=record.number)


def _told(before: Record, saved: Record) -> str:
    if before.returned and saved.waiting:
        return "已保存并重新提交，等审核"
    if saved.returned:
        return "没有改动，还没有重新提交。不用改的，在“审核情况”里写明理由后提交"
    return f"已保存修改（共修改 {saved.edits} 次）" if saved.edits else "没有改动"


def _both(request: HttpRequest, theirs: Record, form: RecordForm) -> HttpResponse:
    """Nothing is lost: what was typed stays in the form, now against the stored version."""
    lines = compare.side_by_side(theirs, form)
    form.data = form.data.copy()
    form.data["version"] = str(theirs.version)
    return _show(request, theirs, form, status=409, lines=lines)


def _would_turn_late(scope: Scope, own: Organisation, record: Record, form: RecordForm) -> list[queries.Duty]:
    """Duties done in time that this edit would make late, because it counts from today (decision 0006)."""
    if not adds_to_count(record, values(*cleaned(form))):
        return []
    closed = queries.closed_by(scope, record)
    return [duty for duty, verdict in closed if verdict.status == "met" and verdict.deadline < scope.on]


def _show(request: HttpRequest, record: Record, form: RecordForm, **context: object) -> HttpResponse:
    return show(request, form, record=record, **context)  # type: ignore[arg-type]
