"""P03 记录活动: the form, then check answers, then the receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions, prefill, queries
from zhibu.web.records.actions.submit import sent
from zhibu.web.records.forms import RecordForm
from zhibu.web.records.typed import unpack
from zhibu.web.records.views.form import cleaned, form_of, keep, press, show
from zhibu.web.records.views.typing import keeps_typing, take_back


@keeps_typing
@page("records.write", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    own = queries.own_organisation(request.scope)
    if request.method == "POST":
        return _typed(request, own)
    take_back(request)
    if key := request.GET.get("key"):
        return _continued(request, own, key)
    return _blank(request, own)


def _blank(request: HttpRequest, own: Organisation) -> HttpResponse:
    scope: Scope = request.scope
    rule, period = request.GET.get("rule", ""), request.GET.get("period", "")
    data, last = prefill.blank(scope, own, rule, period, request.user.name)
    waiting = queries.drafts(scope).exclude(key__startswith="edit-").first()
    return show(
        request, form_of(scope, own, data, quiet=True), copied_from=last, waiting=waiting, **_heading(scope, own, data)
    )


def _continued(request: HttpRequest, own: Organisation, key: str) -> HttpResponse:
    """A draft taken up again; 「修改」 of the check page leads here too."""
    draft = queries.draft(request.scope, key)
    if draft is None:
        messages.info(request, "这份草稿已提交或已删掉，下面是一张新的表")
        return redirect("record-new")
    data = unpack(draft.fields)
    for mark in ("tab", "seen"):
        data.pop(mark, None)
    form = form_of(request.scope, own, data, quiet=True)
    return show(request, form, saved_at=draft.saved_at, **_heading(request.scope, own, data))


def _typed(request: HttpRequest, own: Organisation) -> HttpResponse:
    """A button of the form was pressed."""
    scope: Scope = request.scope
    data = press(scope, own, request.POST)
    act = data.get("do", "check")
    if act not in ("check", "save", "keep"):
        return show(request, form_of(scope, own, data, quiet=True), **_heading(scope, own, data))
    try:
        draft = keep(scope, data, force=act == "keep")
    except actions.DraftMoved as moved:
        form = form_of(scope, own, data, quiet=True)
        return show(request, form, status=409, theirs=moved.theirs, **_heading(scope, own, data))
    if act != "check":
        messages.success(request, f"草稿已存 {timezone.localtime(draft.saved_at):%H:%M}，还没有提交")
        return redirect(f"{reverse('record-new')}?key={draft.key}")
    form = form_of(scope, own, data)
    if not form.is_valid():
        return show(request, form, status=422, saved_at=draft.saved_at, **_heading(scope, own, data))
    return redirect(f"{reverse('record-check')}?key={draft.key}")


@page("records.submit", methods=("GET", "HEAD", "POST"))
def check(request: HttpRequest) -> HttpResponse:
    """Check answers: shows the draft as it will be stored; POST submits it."""
    scope: Scope = request.scope
    own, key = queries.own_organisation(scope), request.GET.get("key", "")
    draft = queries.draft(scope, key)
    if draft is None:
        return _already(request, own, key)
    form = form_of(scope, own, unpack(draft.fields))
    if not form.is_valid():
        return show(request, form, status=422, saved_at=draft.saved_at, **_heading(scope, own, form.data))
    if request.method == "POST":
        return _submit(request, own, form, key)
    return htmx.page(request, "records/check.html", _answers(scope, own, form, key))


def _submit(request: HttpRequest, own: Organisation, form: RecordForm, key: str) -> HttpResponse:
    fields, attendance = cleaned(form)
    try:
        record = actions.submit(by=request.scope, organisation=own, fields=fields, attendance=attendance, key=key)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('record-new')}?key={key}")
    actions.drop_draft(by=request.scope, key=key)
    return redirect("record-receipt", number=record.number)


def _already(request: HttpRequest, own: Organisation, key: str) -> HttpResponse:
    """No draft of that name: the second click of a submission, or a link grown old."""
    if record := sent(request.scope, own, key):
        return redirect("record-receipt", number=record.number)
    messages.info(request, "这份草稿已提交或已删掉，下面是一张新的表")
    return redirect("record-new")


def _answers(scope: Scope, own: Organisation, form: RecordForm, key: str) -> dict[str, object]:
    fields, attendance = cleaned(form)
    states = list(attendance.values())
    return {
        "form": form,
        "fields": fields,
        "own": own,
        "superior": tree.superior(own),
        "back": f"{reverse('record-new')}?key={key}",
        "here": request_line(key),
        "duties": [] if fields["makes_up"] else queries.closable(scope, own, fields["types"], fields["held_on"]),
        "made_up": [duty for duty in form.setting.owing if duty.period == fields["makes_up"]],
        "expected": sum(state != "excused" for state in states) if states else fields.get("expected"),
        "present": states.count("present") if states else fields.get("present"),
        "absent": _absent(form, attendance),
        "days_late": (scope.on - fields["held_on"]).days,
        "twin": queries.same_day(scope, own, fields["types"], fields["held_on"]),
    }


def request_line(key: str) -> str:
    return f"{reverse('record-check')}?key={key}"


def _absent(form: RecordForm, attendance: dict[int, str]) -> list[tuple[str, list[str]]]:
    """(请假, [names]) for each state that is not 到会."""
    found: dict[str, list[str]] = {}
    for row in form.sheet.rows:
        state = attendance.get(row.member.pk, "")
        if state not in ("", "present"):
            found.setdefault(dict(form.sheet.choices)[state], []).append(row.member.name)
    return list(found.items())


def _heading(scope: Scope, own: Organisation, data: QueryDict) -> dict[str, object]:
    duty = queries.duty_of(scope, own, data.get("rule", ""), data.get("period", "")) if data.get("rule") else None
    return {"duty": duty, "over": duty is not None and duty.ends_on < scope.on}
