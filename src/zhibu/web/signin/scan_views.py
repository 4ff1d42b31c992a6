"""P05 签到: what the QR code opens. One button for a phone that is known; else a number and a code by SMS, once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhibu.web.accounts import sms
from zhibu.web.accounts.forms import CodeForm
from zhibu.web.accounts.limits import Limited
from zhibu.web.core import clock
from zhibu.web.core.pages import open_to_all
from zhibu.web.signin import codes, phones, scanning
from zhibu.web.signin.forms import NumberForm
from zhibu.web.signin.models import Meeting

OLD = 403


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """POST `do`: sign, phone, code, forget."""
    meeting = codes.meeting_of(code)
    if meeting is None or not scanning.let_in(request, meeting, code):
        return render(request, "signin/scan_old.html", {"meeting": None}, status=OLD)
    if request.method != "POST":
        return _shown(request, meeting, code)
    act = {"sign": _sign, "phone": _phone, "code": _code, "forget": _forget}.get(request.POST.get("do", ""))
    return act(request, meeting, code) if act else _shown(request, meeting, code)


def _shown(request: HttpRequest, meeting: Meeting, code: str, status: int = 200, **more: Any) -> HttpResponse:
    member = phones.member_of(request)
    context = {
        "meeting": meeting, "state": "taken" if meeting.is_taken else meeting.state(clock.now()), "member": member,
        "there": scanning.standing(meeting, member) if member else None, "here": reverse("scan", args=[code]),
        "form": NumberForm(), "sms": sms.is_offered(), **more,
    }  # fmt: skip
    return render(request, "signin/scan.html", context, status=status)


def _open(meeting: Meeting) -> bool:
    return meeting.state(clock.now()) == "open" and not meeting.is_taken


def _sign(request: HttpRequest, meeting: Meeting, code: str) -> HttpResponse:
    if member := phones.member_of(request):
        scanning.sign(meeting, member)
    return redirect("scan", code)


def _phone(request: HttpRequest, meeting: Meeting, code: str) -> HttpResponse:
    if not _open(meeting) or not sms.is_offered():
        return _shown(request, meeting, code)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _shown(request, meeting, code, 422, form=form, has_errors=True)
    try:
        scanning.ask(request, meeting, form.cleaned_data["phone"])
    except Limited as limited:
        return _shown(request, meeting, code, 429, form=form, limited=limited)
    return _shown(request, meeting, code, code_form=CodeForm())


def _code(request: HttpRequest, meeting: Meeting, code: str) -> HttpResponse:
    form = CodeForm(request.POST)
    member = scanning.answered(request, meeting, form.cleaned_data["code"]) if form.is_valid() else None
    if member is None:
        form.add_error(None, "验证码不对、已经用过，或超过了 5 分钟。核对后再填，重新获取，或请主持人代记")
        return _shown(request, meeting, code, 422, code_form=form, has_errors=True)
    response = redirect("scan", code)
    phones.remember(request, response, member)
    return response


def _forget(request: HttpRequest, meeting: Meeting, code: str) -> HttpResponse:
    response = redirect("scan", code)
    phones.forget_this(request, response)
    return response
