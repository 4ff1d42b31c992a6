"""/review/setting/: what the own committee reviews, its usual sentences, what it takes for repeated faults."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.review import actions, queries
from zhibu.web.review.actions.setting import KEPT
from zhibu.web.review.forms import SettingForm


@page("review.set", methods=("GET", "HEAD", "POST"))
def setting(request: HttpRequest) -> HttpResponse:
    kept = queries.own_setting(request.scope)
    start = {name: getattr(kept, name) for name in KEPT} if kept else {"share": 0}
    start["sentences"] = "\n".join(kept.sentences) if kept else ""
    form = SettingForm(request.POST or None, initial=start)
    if request.method == "POST" and carried_out(form, actions.keep, by=request.scope):
        messages.success(request, "已保存，以后提交的记录按这个办")
        return redirect("review-setting")
    context = {"form": form, "kept": kept, "month": request.scope.on}
    return htmx.page(request, "review/setting.html", context, status=422 if form.errors else 200)
