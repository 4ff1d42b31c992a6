"""From a record: the sign-in of a form being filled in, and what else is noted of a record: guests, lecturers."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import clock, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.records import cleaning
from zhibu.web.records.actions import DraftMoved
from zhibu.web.records.models import Record
from zhibu.web.records.queries import roster
from zhibu.web.records.views.form import keep
from zhibu.web.records.words import known, types_words
from zhibu.web.signin import actions, beside, views
from zhibu.web.signin.forms import LecturersForm
from zhibu.web.signin.models import Lecture, Meeting

TIMES = ("opens_at", "closes_at")


@page("signin.host", methods=("POST",))
def open_(request: HttpRequest) -> HttpResponse:
    """「出示签到码」 on the form of a record: its words are kept as a draft, its meeting is opened once, and shown.

    One registered before is taken, not opened a second time."""
    scope, key = request.scope, cleaning.key(request.POST.get("key", ""))
    if not key:
        raise Http404
    with suppress(DraftMoved):  # then the later draft stays; the form asks when it is opened again
        keep(scope, request.POST)
    told = _typed(scope, request.POST)
    there = beside.meetings(scope.organisation_id, told["held_on"], told["types"], key)
    one = there[0] if there else actions.open_(by=scope, fields=told, form_key=key)
    if one.form_key != key:  # registered before, of the same day and kind: people may have signed in there
        times = {name: told[name] for name in TIMES} if one.opens_at is None else {}
        actions.change(by=scope, meeting=one, fields={"form_key": key, **times})
    return redirect("signin-meeting", one.pk)


@page("signin.host", methods=("POST",))
def record_meeting(request: HttpRequest, number: str) -> HttpResponse:
    """Guests and sit-ins of a record: its meeting, made when it has none."""
    scope, record = request.scope, _own(request, number)
    there = Meeting.objects.within(scope).filter(record=record).order_by("pk").first()
    fields = {
        "title": record.topic[:80] or record.types_words[:80], "held_on": record.held_on, "types": record.types,
        "category": "", "opens_at": None, "closes_at": None,
    }  # fmt: skip
    one = there or actions.open_(by=scope, fields=fields, record=record)
    return redirect("signin-meeting", one.pk)


@page("signin.host", methods=views.FORM)
def lecturers(request: HttpRequest, number: str) -> HttpResponse:
    record = _own(request, number)
    people = [(one.pk, one.name) for one in roster(request.scope, record.organisation, record.held_on)]
    start = list(Lecture.objects.within(request.scope).filter(record=record).values_list("member", flat=True))
    form = LecturersForm(request.POST if request.method == "POST" else None, people=people, initial={"members": start})
    if request.method == "POST" and carried_out(form, actions.lectured, by=request.scope, record=record):
        messages.success(request, "已登记讲党课的人")
        return redirect("record", number)
    context = {"record": record, "form": form}
    return htmx.page(request, "signin/lecturers.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, number: str) -> Record:
    rows = Record.objects.within(request.scope).filter(organisation=request.scope.organisation_id, withdrawn_at=None)
    return get_object_or_404(rows.select_related("organisation"), number=number)


def _typed(scope: Scope, data: QueryDict) -> dict[str, Any]:
    """What the form says so far; a code only for a meeting of today."""
    types = [one for one in data.getlist("types") if known(one)]
    day = _day(data.get("held_on", "")) or scope.on
    told: dict[str, Any] = {
        "title": (data.get("topic", "").strip() or types_words(types) or "会议")[:80], "held_on": day, "types": types,
        "category": "", "opens_at": None, "closes_at": None,
    }  # fmt: skip
    return told | (_times(data) if day == scope.on else {})


def _times(data: QueryDict) -> dict[str, datetime]:
    """From now, for the host shows the code now, to the end of the meeting or two hours on."""
    now = clock.now()
    start, end = (_moment(data.get(name, ""), now) for name in ("starts_at", "ends_at"))
    closes = end or (start or now) + views.FOR
    return {"opens_at": now, "closes_at": closes if closes > now else now + views.FOR}


def _moment(text: str, now: datetime) -> datetime | None:
    try:
        at = datetime.strptime(text, "%H:%M").time()
    except ValueError:
        return None
    return timezone.localtime(now).replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
