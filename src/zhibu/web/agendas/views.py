"""/agendas/ 议事日程: leading bodies of a year, one of them, its recurring items, its person in charge."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.agendas import actions, exporting, queries
from zhibu.web.agendas.forms import ItemForm, PersonForm
from zhibu.web.agendas.models import AgendaItem
from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.offices.models import Tenure
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")


@page("agendas.view")
def agendas(request: HttpRequest) -> HttpResponse:
    """`?year=&page=`"""
    scope, year = request.scope, _year(request)
    found = queries.lines(scope, year)
    own = finding.own(scope)
    context = {
        "page": page_of(request, found), "year": year, "years": _years(scope), "total": len(found),
        "zero": sum(not one.special for one in found), "nobody": sum(one.person is None for one in found),
        "own": own if own and own.kind in queries.LEADING else None, "may_export": scope.may("agendas.export"),
    }  # fmt: skip
    return htmx.page(request, "agendas/agendas.html", context, "rows")


@page("agendas.export")
def export(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    year = _year(request)
    book = exporting.export(by=request.scope, year=year)
    name = sheets.file_name(request.scope.unit, "专题研究党建工作", str(year), request.scope.on)
    return sheets.download(book, name)


@page("agendas.view")
def agenda(request: HttpRequest, code: str) -> HttpResponse:
    """`?year=`: one body."""
    scope, year = request.scope, _year(request)
    here = get_object_or_404(queries.bodies(scope), code=code)
    rows = queries.of_kinds(scope, year, queries.kinds()).filter(organisation=here)
    context = {
        "here": here, "year": year, "years": _years(scope), "standings": queries.standings(scope, here),
        "records": rows, "special": sum(queries.SPECIAL in one.types for one in rows),
        "person": queries.in_charge(scope, [here.pk]).get(here.pk), "history": queries.history(scope, here),
        "ended": AgendaItem.objects.within(scope).filter(organisation=here).exclude(ends_on=None),
        "keeps": _keeps(scope, here), "may_open": scope.may_at("records.view", here.path),
        "may_record": here.pk == scope.organisation_id and scope.may("records.write"),
    }  # fmt: skip
    return htmx.page(request, "agendas/agenda.html", context)


@page("agendas.keep", methods=FORM)
def item_new(request: HttpRequest) -> HttpResponse:
    own, form = _own(request), ItemForm(request.POST or None, initial={"starts_on": request.scope.on, "every": 3})
    if request.method == "POST" and carried_out(form, actions.put, by=request.scope):
        messages.success(request, "已列入固定议题。到期前在本月任务里提示")
        return redirect("agenda", own.code)
    return _form(request, form, "列固定议题", "隔几个月要研究一次的事", own)


@page("agendas.keep", methods=("POST",))
def item_end(request: HttpRequest, number: int) -> HttpResponse:
    """`do=restore` undoes it."""
    own = _own(request)
    item = get_object_or_404(AgendaItem.objects.within(request.scope), organisation=own, pk=number)
    act = actions.restore if request.POST.get("do") == "restore" else actions.take_off
    if act is actions.take_off and item.ends_on:
        raise Http404
    try:
        act(by=request.scope, item=item)
        messages.success(request, "已恢复" if act is actions.restore else "已停用，可以恢复")
    except Unfit as refusal:
        messages.error(request, str(refusal))
    return redirect("agenda", own.code)


@page("agendas.keep", methods=FORM)
def person(request: HttpRequest) -> HttpResponse:
    """GET asks who; POST names; `do=undo` takes the latest naming back."""
    own, scope = _own(request), request.scope
    if request.POST.get("do") == "undo":
        actions.unname(by=scope, person=get_object_or_404(queries.history(scope, own), ends_on=None))
        messages.success(request, "已撤回")
        return redirect("agenda", own.code)
    rows = Tenure.objects.within(scope).filter(held(scope.on), office__organisation=own).select_related("office")
    form = PersonForm(request.POST or None, tenures=rows.order_by("office", "pk"), initial={"starts_on": scope.on})
    if request.method == "POST" and carried_out(form, actions.name_person, by=scope):
        messages.success(request, "已登记分管负责人")
        return redirect("agenda", own.code)
    lead = "从本组织在任的人里选" if rows.exists() else "职务与班子里还没有在任的人，先在那里登记"
    return _form(request, form, "明确分管负责人", lead, own)


def _form(request: HttpRequest, form: object, title: str, lead: str, own: Organisation) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "own": own}
    return htmx.page(request, "agendas/form.html", context, status=422 if form.errors else 200)  # type: ignore[attr-defined]


def _own(request: HttpRequest) -> Organisation:
    own = finding.own(request.scope)
    if own is None or not _keeps(request.scope, own):
        raise Http404
    return own


def _keeps(scope: Scope, here: Organisation) -> bool:
    ours = here.pk == scope.organisation_id and here.kind in queries.LEADING
    return ours and scope.may_at("agendas.keep", here.path)


def _years(scope: Scope) -> list[int]:
    return list(range(scope.on.year, scope.on.year - 6, -1))


def _year(request: HttpRequest) -> int:
    choices = {str(one): one for one in _years(request.scope)}
    return choices[asked.choice(request, "year", choices) or str(request.scope.on.year)]
