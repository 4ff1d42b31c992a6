"""Who was there: ticking, taking back, and the sheet on paper."""

from __future__ import annotations

from itertools import zip_longest

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.records.queries import roster
from zhibu.web.signin import actions, views
from zhibu.web.signin.forms import ReasonForm, TickForm
from zhibu.web.signin.models import Sign


@page("signin.host", methods=("POST",))
def tick(request: HttpRequest, number: int) -> HttpResponse:
    one = views.found(request, number)
    people = [(each.pk, each.name) for each in roster(request.scope, one.organisation, one.held_on)]
    form = TickForm(request.POST, people=people)
    added = None
    if form.is_valid():
        added = tried(form, lambda: actions.tick(by=request.scope, meeting=one, **form.cleaned_data))
    if added is None:
        context = views.context_of(request, one) | {"tick_form": form, "has_errors": True}
        return htmx.page(request, "signin/meeting.html", context, status=422)
    messages.success(request, f"已记 {added} 人到会" if added else "勾选的人都已经签到")
    return redirect("signin-meeting", number)


@page("signin.host", methods=views.FORM)
def take_back(request: HttpRequest, number: int, sign: int) -> HttpResponse:
    """GET asks for the reason."""
    one = views.found(request, number)
    row = Sign.objects.within(request.scope).filter(meeting=one, pk=sign).select_related("member").first()
    if row is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and carried_out(form, actions.take_back, by=request.scope, sign=row):
        messages.success(request, f"已撤下{row.member.name}的签到")
        return redirect("signin-meeting", number)
    context = {"one": one, "row": row, "form": form}
    return htmx.page(request, "signin/take_back.html", context, status=422 if form.errors else 200)


@page("signin.view")
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """签到表 on A4: the roster with a column to sign in, and the printed code."""
    context = views.context_of(request, views.found(request, number))
    rows = list(enumerate(context["sheet"].rows, 1))
    half = (len(rows) + 1) // 2
    pairs = list(zip_longest(rows[:half], rows[half:]))
    return htmx.page(request, "signin/sheet.html", context | {"pairs": pairs})
