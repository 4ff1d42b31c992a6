"""Autosave and the list's small button: drafts of the asker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from zhibu.web.core.pages import page
from zhibu.web.records import actions, cleaning
from zhibu.web.records.views.form import keep


@page("records.draft", methods=("POST",))
def draft(request: HttpRequest) -> HttpResponse:
    """POST keeps what is typed and says when; 409 when another page kept other words since; `do=drop` forgets."""
    if request.POST.get("do") == "drop":
        actions.drop_draft(by=request.scope, key=cleaning.key(request.POST.get("key", "")))
        return redirect("records")
    try:
        kept = keep(request.scope, request.POST)
    except actions.DraftMoved as moved:
        return JsonResponse({"saved": _clock(moved.theirs)}, status=409)
    return JsonResponse({"saved": _clock(kept)})


def _clock(draft: object) -> str:
    return f"{timezone.localtime(draft.saved_at):%H:%M}"  # type: ignore[attr-defined]
