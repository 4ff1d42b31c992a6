"""/plans/themes/ 主题目录: issuing one, the matrix of branches × themes, own themes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.loads import branches
from zhibu.web.burden.queries import minutes_sent
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding
from zhibu.web.plans.actions import days as branch_actions
from zhibu.web.plans.actions import exporting
from zhibu.web.plans.actions import issue as actions
from zhibu.web.plans.forms.issue import CycleForm, OwnThemeForm
from zhibu.web.plans.models import Cycle, CycleTheme
from zhibu.web.plans.queries import plans
from zhibu.web.plans.queries import themes as queries

FORM = ("GET", "HEAD", "POST")
WORDS = ("name", "document", "starts_on", "ends_on", "alert_months")


@page("plans.view")
def cycles(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page_of(request, queries.cycles(request.scope)),
        "may_issue": request.scope.may("plans.issue"),
        "today": request.scope.on,
    }
    return htmx.page(request, "plans/cycles.html", context)


@page("plans.issue", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = CycleForm(request.POST or None, initial={"starts_on": request.scope.on})
    return _issue(request, form, None)


@page("plans.issue", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    if one.organisation_id != request.scope.organisation_id:
        raise Http404
    start: dict[str, Any] = {name: getattr(one, name) for name in WORDS}
    start["minutes"] = minutes_sent(one)
    start["themes"] = "\n".join(theme.name for theme in queries.themes(one))
    return _issue(request, CycleForm(request.POST or None, initial=start), one)


def _issue(request: HttpRequest, form: CycleForm, one: Cycle | None) -> HttpResponse:
    scope, weight = request.scope, None
    if request.method == "POST" and form.is_valid():
        own = finding.own(scope)
        weight = weigh(form, scope, branches(scope, own.path if own else "nowhere"))
        if weight is None and (made := tried(form, lambda: actions.cycle(by=scope, cycle=one, **form.facts))):
            messages.success(request, "已印发，下级支部记活动时可以勾选")
            return redirect("cycle", made.pk)
    context = {"form": form, "one": one, "weight": weight}
    return htmx.page(request, "plans/cycle_form.html", context, status=422 if form.errors else 200)


@page("plans.view")
def cycle(request: HttpRequest, number: int) -> HttpResponse:
    return show(request, found(request, number))


def show(request: HttpRequest, one: Cycle, form: OwnThemeForm | None = None) -> HttpResponse:
    scope = request.scope.doing("plans.view")
    shown = page_of(request, queries.places(scope, one))
    columns = list(queries.themes(one))
    here = plans.own(scope.doing("plans.keep"))
    bound = here and here.is_branch and here.path.startswith(one.organisation.path)
    rows = queries.matrix(scope, one, list(shown))
    context = {
        "one": one,
        "page": shown,
        "columns": columns,
        "rows": rows,
        "undone": sum(bool(row.undone) for row in rows),
        "alerted": queries.alerted(one, scope.on),
        "issues": one.organisation_id == scope.organisation_id and scope.may("plans.issue"),
        "may_export": scope.may("plans.export"),
        "own": _own(scope, one) if bound else None,
        "form": form or OwnThemeForm(),
    }
    return htmx.page(request, "plans/cycle.html", context, status=422 if form else 200)


@page("plans.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    scope = request.scope
    one = found(request, number, scope)
    columns = list(queries.themes(one))
    rows: list[list[sheets.Cell]] = [
        [row.place.name, *("做了" if number else "没做" for _, number in row.cells),
         "、".join(name for name, _ in row.own), len(row.undone), "提示" if row.undone and row.alert else ""]
        for row in queries.matrix(scope, one, list(queries.places(scope, one)))
    ]  # fmt: skip
    headings = ["党支部", *(theme.name for theme in columns), "自选主题", "还差", "提示"]
    sheet = sheets.Sheet(one.name, f"{one.starts_on} 至 {one.ends_on}，{one.document}", headings, rows, [40])
    name = sheets.file_name(scope.unit, "主题", one.name[:30], scope.on)
    return sheets.download(exporting.export(by=request.scope, sheet=sheet), name)


@page("plans.keep", methods=("POST",))
def own(request: HttpRequest, number: int) -> HttpResponse:
    one, form = found(request, number), OwnThemeForm(request.POST)
    here = plans.own(request.scope)
    if here is None or not here.path.startswith(one.organisation.path):
        raise Http404
    if carried_out(form, branch_actions.own_theme, by=request.scope, cycle=one):
        messages.success(request, "已加上，记活动时可以勾选")
        return redirect("cycle", number)
    return show(request, one, form)


@page("plans.keep", methods=("POST",))
def drop(request: HttpRequest, number: int, theme: int) -> HttpResponse:
    one = found(request, number)
    chosen = next((each for each in _own(request.scope, one) if each.pk == theme), None)
    if chosen is None:
        raise Http404
    branch_actions.drop_theme(by=request.scope, theme=chosen)
    messages.success(request, "已停用，用过它的记录不变")
    return redirect("cycle", number)


def found(request: HttpRequest, number: int, scope: Scope | None = None) -> Cycle:
    reach = scope or request.scope.doing("plans.view")
    return get_object_or_404(queries.cycles(reach), pk=number)


def _own(scope: Scope, one: Cycle) -> list[CycleTheme]:
    rows = CycleTheme.objects.within(scope).filter(cycle=one, required=False, dropped_on=None)
    return list(rows.filter(organisation=scope.organisation_id))
