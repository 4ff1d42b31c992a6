"""我的: phones remembered for signing in, and one's own attendance."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.members.about_me import own_row
from zhibu.web.signin import phones as kept
from zhibu.web.signin.rates import of_members


@page("signin.forget", methods=("GET", "HEAD", "POST"))
def phones(request: HttpRequest) -> HttpResponse:
    """POST `phone`: no longer remembered."""
    if request.method == "POST":
        return _forget(request)
    member = own_row(request.scope.user_id)
    context = {"member": member, "phones": kept.of(member) if member else [], "days": kept.DAYS}
    return htmx.page(request, "signin/phones.html", context)


def _forget(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("phone", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    try:
        kept.forget(by=request.scope, number=int(text))
    except NotAllowed as refused:
        raise Http404 from refused
    messages.success(request, "不再记住这部手机；下次签到再填一次短信码")
    return redirect("my-phones")


@page("me.view")
def attendance(request: HttpRequest) -> HttpResponse:
    member, year = own_row(request.scope.user_id), asked.year(request, request.scope.on.year)
    held = of_members([member], year).get(member.pk) if member else None
    context = {"member": member, "held": held, "year": year, "before": year - 1}
    return htmx.page(request, "signin/my_attendance.html", context)
