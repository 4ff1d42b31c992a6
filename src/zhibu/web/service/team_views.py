"""/service/teams/ 党员服务队: the register, one team with its people and its log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.service import exports, queries, teaming
from zhibu.web.service.forms import JoinForm, LogForm, SendForm, TeamForm
from zhibu.web.service.models import Dispatch, Team, TeamMember
from zhibu.web.service.places import FORM, Nothing, asked, done, found


@page("service.view")
def teams(request: HttpRequest) -> HttpResponse:
    """`?page=`"""
    scope = request.scope
    context = {
        "page": page_of(request, queries.teams(scope)), "unit": scope.unit, "may_keep": scope.may("service.keep"),
        "may_export": scope.may("service.export"),
    }  # fmt: skip
    return htmx.page(request, "service/teams.html", context)


@page("service.export")
def export(request: HttpRequest) -> HttpResponse:
    content = exports.teams(by=request.scope, unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "党员服务队台账", "", request.scope.on))


@page("service.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None, initial={"founded_on": request.scope.on})
    return asked(request, "登记党员服务队", form, teaming.found, "已登记，再加队员", "teams")


@page("service.view")
def team(request: HttpRequest, number: int) -> HttpResponse:
    return _team(request, found(queries.teams(request.scope), number))


def _forms(request: HttpRequest, posted: Any = None) -> dict[str, Any]:
    scope = request.scope.doing("service.keep")
    first = {"since": scope.on, "on": scope.on}
    return {
        "join": JoinForm(posted, members=queries.roster(scope), initial=first),
        "send": SendForm(posted, calls=queries.calls(scope).filter(closed_on=None), initial=first),
    }


def _team(request: HttpRequest, one: Team, word: str = "", form: Any = None) -> HttpResponse:
    scope = request.scope
    keeps = one.organisation_id == scope.organisation_id and scope.may("service.keep") and not one.ended_on
    shown = (_forms(request) if keeps else {}) | ({word: form} if form is not None else {})
    log = queries.dispatches(one)
    rows = [(each, LogForm(auto_id=f"id_{each.pk}_%s") if each.on <= scope.on else None) for each in log]
    context = {
        "one": one, "people": queries.team_members(one), "log": rows, "forms": shown, "form": form, "keeps": keeps,
    }  # fmt: skip
    return htmx.page(request, "service/team.html", context, status=422 if form is not None else 200)


def _own(request: HttpRequest, number: int) -> Team:
    rows = Team.objects.within(request.scope).filter(organisation=request.scope.organisation_id)
    return found(rows.select_related("organisation"), number)


def add(word: str) -> Any:
    """The POST of a member who joins, or of a dispatch."""
    does, said = {"join": (teaming.join, "已加入"), "send": (teaming.send, "已派出，回来以后记录")}[word]

    @page("service.keep", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one, form = _own(request, number), _forms(request, request.POST)[word]
        if carried_out(form, does, by=request.scope, team=one):
            messages.success(request, said)
            return redirect("team", number)
        return _team(request, one, word, form)

    return post


@page("service.keep", methods=("POST",))
def leave(request: HttpRequest, number: int) -> HttpResponse:
    rows = TeamMember.objects.within(request.scope).filter(team__organisation=request.scope.organisation_id, until=None)
    one = found(rows, number)
    return done(request, Nothing(request.POST), teaming.leave, "已离队", "team", one.team_id, seat=one)


@page("service.keep", methods=("POST",))
def log(request: HttpRequest, number: int) -> HttpResponse:
    rows = Dispatch.objects.within(request.scope).filter(team__organisation=request.scope.organisation_id)
    one = found(rows, number)
    return done(request, LogForm(request.POST), teaming.log, "已记录", "team", one.team_id, dispatch=one)


@page("service.keep", methods=("POST",))
def disband(request: HttpRequest, number: int) -> HttpResponse:
    one = _own(request, number)
    return done(request, Nothing(request.POST), teaming.disband, "已解散", "teams", team=one)
