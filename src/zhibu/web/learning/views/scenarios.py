"""/learning/scenarios/ 情景模拟: the library; a scenario opens its procedure in the sandbox, where nothing is kept."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.learning import actions, queries
from zhibu.web.learning.forms import ScenarioForm
from zhibu.web.learning.models import Scenario
from zhibu.web.learning.words import Choices
from zhibu.web.procedures import library
from zhibu.web.procedures.track import newest

FORM = ("GET", "HEAD", "POST")


@page("learning.view")
def scenarios(request: HttpRequest) -> HttpResponse:
    scope, keeps = request.scope, request.scope.doing("learning.scenarios")
    shown, titles = page_of(request, _readable(scope)), dict(_procedures(scope))
    context = {
        "page": shown, "may_keep": scope.may("learning.scenarios"), "may_try": scope.may("procedures.try"),
        "rows": [(one, titles.get(one.procedure, ""), keeps.reaches(one.organisation.path)) for one in shown],
    }  # fmt: skip
    return htmx.page(request, "learning/scenarios.html", context)


@page("learning.view")
def scenario(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(_readable(request.scope), pk=number)
    title = dict(_procedures(request.scope)).get(one.procedure, "")
    context = {
        "one": one, "title": title, "roles": [role for role in one.roles.splitlines() if role.strip()],
        "may_try": request.scope.may("procedures.try") and bool(title),
        "keeps": request.scope.may_at("learning.scenarios", one.organisation.path),
    }  # fmt: skip
    return htmx.page(request, "learning/scenario.html", context)


@page("learning.scenarios", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@page("learning.scenarios", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(Scenario.objects.within(request.scope), pk=number)
    return _form(request, one)


def _form(request: HttpRequest, one: Scenario | None) -> HttpResponse:
    names = ("title", "procedure", "story", "roles", "notes")
    start = {name: getattr(one, name) for name in names} | {"closed": bool(one.closed_on)} if one else {}
    form = ScenarioForm(request.POST or None, procedures=_procedures(request.scope), initial=start)
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: actions.keep_scenario(by=request.scope, scenario=one, fields=form.cleaned_data)):
        messages.success(request, "已保存")
        return redirect("scenarios")
    return htmx.page(
        request, "learning/scenario_form.html", {"form": form, "one": one}, status=422 if form.errors else 200
    )


def _readable(scope: Scope):  # type: ignore[no-untyped-def]
    """Those kept within reach, and those of superiors that are not closed."""
    above = Q(organisation__path__in=queries.above_and_here(scope), closed_on=None)
    rows = Scenario.objects.unscoped("a superior's scenarios are walked below").filter(
        scope.where(Scenario.scope_path) | above
    )
    return rows.select_related("organisation").order_by("closed_on", "title", "pk")


def _procedures(scope: Scope) -> Choices:
    """Key and title of every procedure that binds the own organisation."""
    here = queries.here(scope)
    if here is None:
        return []
    books, _ = library.binding(here.path)
    return sorted(((key, newest(found, scope.on).title) for key, found in books.items()), key=lambda one: one[1])
