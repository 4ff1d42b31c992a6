"""/plans/calendar/ 日历订阅, the file of one meeting, and the feed itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.audit.actions import Unfit
from zhibu.web.core import htmx
from zhibu.web.core.pages import open_to_all, page
from zhibu.web.core.saved import to_be_saved
from zhibu.web.plans import calendars
from zhibu.web.plans.actions import feeds as actions
from zhibu.web.plans.models import Feed
from zhibu.web.plans.queries import meetings

ICS = "text/calendar; charset=utf-8"


@page("calendar.keep", methods=("GET", "HEAD", "POST"))
def calendar(request: HttpRequest) -> HttpResponse:
    """POST opens a feed; its address is shown this once."""
    address = ""
    if request.method == "POST":
        try:
            _, token = actions.open_feed(by=request.scope)
        except Unfit as refusal:
            messages.error(request, str(refusal))
            return redirect("calendar")
        address = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
    rows = (
        Feed.objects.filter(user=request.scope.user_id).select_related("post__organisation").order_by("-made_on", "-pk")
    )
    response = htmx.page(request, "plans/calendar.html", {"rows": rows[:20], "address": address})
    response.headers["Cache-Control"] = "no-store"
    return response


@page("calendar.keep", methods=("POST",))
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(Feed.objects, user=request.scope.user_id, revoked_on=None, pk=number)
    actions.revoke(by=request.scope, feed=one)
    messages.success(request, "已停用，那个地址不再有内容")
    return redirect("calendar")


@page("records.view")
def one(request: HttpRequest, number: int) -> HttpResponse:
    chosen = get_object_or_404(meetings.meetings(request.scope), pk=number)
    return to_be_saved(HttpResponse(calendars.one_file(chosen), content_type=ICS), f"会议_{chosen.on}.ics")


@open_to_all
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """By its token alone, for a calendar program: nothing else tells who asks. Unknown and stopped read alike."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    scope = calendars.scope_behind(token) if len(token) <= 64 else None
    if scope is None:
        return HttpResponse("这个订阅地址已停用，或抄得不全", status=403, content_type="text/plain; charset=utf-8")
    response = to_be_saved(HttpResponse(calendars.feed_of(scope), content_type=ICS), "支部安排.ics")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
