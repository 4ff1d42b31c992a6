"""Who was there besides the roster: guests, and those who must be invited to sit in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.signin import actions, sitting, views
from zhibu.web.signin.forms import GuestForm
from zhibu.web.signin.models import Guest, Meeting

ATTENDED = {"yes": True, "no": False}


@page("signin.host", methods=("POST",))
def guest(request: HttpRequest, number: int) -> HttpResponse:
    one = views.found(request, number)
    form = GuestForm(request.POST, scope=request.scope)
    if carried_out(form, actions.invite, by=request.scope, meeting=one):
        messages.success(request, f"已记来宾{form.cleaned_data['name']}")
        return redirect("signin-meeting", number)
    context = views.context_of(request, one) | {"guest_form": form, "has_errors": True}
    return htmx.page(request, "signin/meeting.html", context, status=422)


@page("signin.host", methods=("POST",))
def drop(request: HttpRequest, number: int, guest: int) -> HttpResponse:
    one = views.found(request, number)
    row = get_object_or_404(Guest.objects.within(request.scope), meeting=one, pk=guest)
    actions.drop_guest(by=request.scope, guest=row)
    messages.success(request, f"已撤下来宾{row.name}，可以再登记")
    return redirect("signin-meeting", number)


@page("signin.invite", methods=views.FORM)
def sitins(request: HttpRequest, number: int) -> HttpResponse:
    """Who must be invited, by the category of the meeting; invited, attended, and why not."""
    one, refused, status = views.found(request, number), "", 200
    if request.method == "POST":
        try:
            done = sitting.note(by=request.scope, meeting=one, told=_told(request, one))
        except Unfit as refusal:
            refused, status = str(refusal), 422
        else:
            messages.success(request, f"已登记 {done} 人的列席情况")
            return redirect("signin-meeting", number)
    context = {
        "one": one, "category": sitting.category_word(one.category), "lines": sitting.lines(one), "refused": refused,
        "basis": sitting.rule()["basis"], "has_errors": bool(refused),
    }  # fmt: skip
    return htmx.page(request, "signin/sitins_of.html", context, status=status)


def _told(request: HttpRequest, one: Meeting) -> dict[int, tuple[bool, bool | None, str]]:
    posted = request.POST
    return {
        line.pk: (
            posted.get(f"invited-{line.pk}") == "on",
            ATTENDED.get(posted.get(f"attended-{line.pk}", "")),
            " ".join(posted.get(f"why-{line.pk}", "").split())[:200],
        )
        for line in sitting.lines(one)
    }
