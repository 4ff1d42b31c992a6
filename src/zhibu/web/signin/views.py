"""/signin/ 会议签到: the list, one meeting with its code and the people there, opening and adjusting it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import tried
from zhibu.web.core import asked, clock, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.design import qr
from zhibu.web.records.queries import own_organisation
from zhibu.web.records.words import known
from zhibu.web.signin import actions, codes, queries, sitting
from zhibu.web.signin.forms import GuestForm, MeetingForm
from zhibu.web.signin.models import Meeting

FORM = ("GET", "HEAD", "POST")
FOR = timedelta(hours=2)  # how long a sign-in stays open unless said otherwise


@page("signin.view")
def meetings(request: HttpRequest) -> HttpResponse:
    scope, now = request.scope, clock.now()
    shown = page_of(request, queries.meetings(scope))
    context = {
        "page": shown,
        "rows": [(one, one.state(now)) for one in shown],
        "may_host": scope.may("signin.host"),
        "may": scope.actions,
    }
    return htmx.page(request, "signin/meetings.html", context)


@page("signin.host", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """`?title=&on=&types=`: what a notice already says."""
    own = own_organisation(request.scope)
    start = {"held_on": asked.day(request, "on") or request.scope.on, "title": asked.text(request, "title", 80)}
    start["types"] = [one for one in request.GET.getlist("types") if known(one)]
    form = MeetingForm(request.POST or None, place=own, initial=start)
    if request.method == "POST" and form.is_valid() and (made := tried(form, lambda: _opened(request, form))):
        return redirect("signin-meeting", made.pk)
    return _form(request, form)


@page("signin.view")
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """The page that the host shows; its middle fetches itself anew every five seconds, with the code of the moment."""
    one = found(request, number)
    return htmx.page(request, "signin/meeting.html", context_of(request, one), partial="live")


def context_of(request: HttpRequest, one: Meeting) -> dict[str, Any]:
    scope, now = request.scope, clock.now()
    state = one.state(now)
    shown = state == "open" and not one.is_taken
    return {
        "one": one,
        "state": state,
        "sheet": queries.sheet(scope, one),
        "code": qr.drawn(_address(request, codes.current(one, now)), scale=8) if shown else "",
        "printed": qr.drawn(_address(request, codes.printed(one)), scale=8) if shown else "",
        "left": codes.left(now),
        "polled": request.headers.get("HX-Request") == "true",  # the script runs: nothing to hide or to stand in for it
        "may_host": scope.may("signin.host") and one.organisation_id == scope.organisation_id,
        "guest_form": GuestForm(scope=scope),
        "category": sitting.category_word(one.category),
        "sitins": sitting.lines(one),
        "back": f"{reverse('record-new')}?key={one.form_key}" if one.form_key and not one.is_taken else "",
    }


@page("signin.host", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """`do=end` ends the sign-in now."""
    one = found(request, number)
    if request.method == "POST" and request.POST.get("do") == "end":
        actions.change(by=request.scope, meeting=one, fields=_ended(one, clock.now()))
        messages.success(request, "签到已结束；没有签到的可以由主持人代记")
        return redirect("signin-meeting", number)
    form = MeetingForm(request.POST or None, place=one.organisation, initial=_start(one))
    if request.method == "POST" and form.is_valid() and tried(form, lambda: _changed(request, one, form)):
        messages.success(request, "已调整")
        return redirect("signin-meeting", number)
    return _form(request, form, one)


@page("signin.host", methods=("POST",))
def remove(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    try:
        actions.remove(by=request.scope, meeting=one)
    except Unfit as refused:
        messages.error(request, str(refused))
        return redirect("signin-meeting", number)
    messages.success(request, f"已删除“{one.title}”的签到")
    return redirect("signin")


def found(request: HttpRequest, number: int) -> Meeting:
    rows = Meeting.objects.within(request.scope).select_related("organisation", "record")
    return get_object_or_404(rows, pk=number)


def _opened(request: HttpRequest, form: MeetingForm) -> Meeting:
    return actions.open_(by=request.scope, fields=form.told())


def _changed(request: HttpRequest, one: Meeting, form: MeetingForm) -> Meeting:
    return actions.change(by=request.scope, meeting=one, fields=form.told())


def _ended(one: Meeting, now: datetime) -> dict[str, datetime | None]:
    opened = one.opens_at is not None and one.opens_at < now
    return {"closes_at": now} if opened else {"opens_at": None, "closes_at": None}


def _start(one: Meeting) -> dict[str, Any]:
    times = {"opens": one.opens_at, "closes": one.closes_at}
    words = {name: f"{timezone.localtime(at):%H:%M}" for name, at in times.items() if at}
    return {name: getattr(one, name) for name in ("title", "held_on", "types", "category")} | words


def _address(request: HttpRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("scan", args=[code]))


def _form(request: HttpRequest, form: MeetingForm, one: Meeting | None = None) -> HttpResponse:
    return htmx.page(request, "signin/form.html", {"form": form, "one": one}, status=422 if form.errors else 200)
