"""P03 记录活动: the form. `check.py` follows it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from zhibu.web.core import asked
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions, prefill, queries
from zhibu.web.records.typed import unpack
from zhibu.web.records.views.form import form_of, keep, press, show
from zhibu.web.records.views.typing import keeps_typing, take_back


@keeps_typing
@page("records.write", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    own = queries.own_organisation(request.scope)
    if request.method == "POST":
        return _typed(request, own)
    take_back(request)
    if key := asked.text(request, "key"):
        return _continued(request, own, key)
    return _blank(request, own)


def _blank(request: HttpRequest, own: Organisation) -> HttpResponse:
    scope: Scope = request.scope
    rule, period = asked.text(request, "rule", 130), asked.text(request, "period", 30)
    data, filled = prefill.blank(scope, own, rule, period, request.user.name)
    waiting = queries.drafts(scope).exclude(key__startswith="edit-").first()
    form = form_of(scope, own, data, quiet=True)
    return show(request, form, filled=filled, waiting=waiting, **heading(scope, own, data))


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
    return show(request, form, saved_at=draft.saved_at, **heading(request.scope, own, data))


def _typed(request: HttpRequest, own: Organisation) -> HttpResponse:
    """A button of the form was pressed."""
    scope: Scope = request.scope
    data = press(scope, own, request.POST)
    act = data.get("do", "check")
    if act not in ("check", "save", "keep"):
        return show(request, form_of(scope, own, data, quiet=True), **heading(scope, own, data))
    try:
        draft = keep(scope, data, force=act == "keep")
    except actions.DraftMoved as moved:
        form = form_of(scope, own, data, quiet=True)
        return show(request, form, status=409, theirs=moved.theirs, **heading(scope, own, data))
    if act != "check":
        messages.success(request, f"草稿已存 {timezone.localtime(draft.saved_at):%H:%M}，还没有提交")
        return redirect(f"{reverse('record-new')}?key={draft.key}")
    form = form_of(scope, own, data)
    if not form.is_valid():
        return show(request, form, status=422, saved_at=draft.saved_at, **heading(scope, own, data))
    return redirect(f"{reverse('record-check')}?key={draft.key}")


def heading(scope: Scope, own: Organisation, data: QueryDict) -> dict[str, object]:
    duty = queries.duty_of(scope, own, data.get("rule", ""), data.get("period", "")) if data.get("rule") else None
    early = duty is not None and duty.starts_on > scope.on
    return {"duty": duty, "over": duty is not None and duty.ends_on < scope.on, "early": early}
