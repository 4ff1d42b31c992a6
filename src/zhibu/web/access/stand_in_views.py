"""/stand-ins/ 代办: lend one's present post to a colleague for some days, and take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.access import actions, people, queries
from zhibu.web.access.forms import StandInForm
from zhibu.web.access.models import StandIn
from zhibu.web.access.policy import POLICY
from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope


@page("posts.stand_in", methods=("GET", "HEAD", "POST"))
def stand_ins(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    form = StandInForm(request.POST or None, initial={"starts_on": scope.on})
    if request.method == "POST" and form.is_valid() and tried(form, lambda: _lend(scope, form)):
        messages.success(request, f"已委托 {form.cleaned_data['name']} 代办，到期自动收回")
        return redirect("stand-ins")
    context = {
        "form": form,
        "lent": queries.lent(scope),
        "kept": [POLICY.actions[word] for word in POLICY.actions if word in POLICY.in_person],
        "today": scope.on,
    }
    return htmx.page(request, "access/stand_ins.html", context, status=422 if form.errors else 200)


@page("posts.stand_in", methods=("POST",))
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(queries.lent(request.scope), pk=number, ends_on__gte=request.scope.on)
    actions.take_back(by=request.scope, lent=found)
    messages.success(request, f"已收回 {found.user.name} 的代办")
    return redirect("stand-ins")


def _lend(scope: Scope, form: StandInForm) -> StandIn:
    told = dict(form.cleaned_data)
    user = people.known(told.pop("username"), told.pop("name"))
    return actions.stand_in(by=scope, user=user, **told)
