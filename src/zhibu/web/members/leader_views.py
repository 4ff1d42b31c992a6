"""/leaders/ 领导干部标准: what is asked of leading cadres above the members, and how each stands; and one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.members import leaders as kept
from zhibu.web.members.about_me import own_row
from zhibu.web.members.acts import FORM
from zhibu.web.members.target_forms import LeaderForm


@page("standards.view")
def leaders(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    scope, year = request.scope, asked.year(request, request.scope.on.year)
    context = {
        "year": year, "before": year - 1, "items": kept.items(scope, year), "leaders": kept.leaders(scope, year),
        "may_keep": scope.may("standards.keep"),
    }  # fmt: skip
    return htmx.page(request, "members/leaders.html", context)


@page("standards.keep", methods=FORM)
def leader_item(request: HttpRequest) -> HttpResponse:
    form = LeaderForm(request.POST or None, scope=request.scope, initial={"year": request.scope.on.year})
    if request.method == "POST" and carried_out(form, kept.set_, by=request.scope):
        messages.success(request, "已规定")
        return redirect("leaders")
    return htmx.page(request, "members/leader_item.html", {"form": form}, status=422 if form.errors else 200)


@page("me.view")
def my_items(request: HttpRequest) -> HttpResponse:
    year, member = asked.year(request, request.scope.on.year), own_row(request.scope.user_id)
    leader = kept.of(member, year) if member and kept.is_leader(request.scope) else None
    return htmx.page(request, "members/my_items.html", {"year": year, "before": year - 1, "leader": leader})
