"""/programmes/ 专项和中心工作: the list, one of them with units and records, issuing, altering, taking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.loads import branches
from zhibu.web.burden.weighing import Weight, weigh
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import finding
from zhibu.web.programmes import actions, exporting, queries
from zhibu.web.programmes.forms import ChangeForm, ProgrammeForm, WithdrawForm
from zhibu.web.programmes.models import Programme
from zhibu.web.regulations.activities import patterns

FORM = ("GET", "HEAD", "POST")
STATES = {"": "全部", "now": "进行中", "over": "已结束、撤回"}
UNITS = {"": "全部支部", "without": "还没有记录的", "with": "有记录的"}


@page("programmes.view")
def programmes(request: HttpRequest) -> HttpResponse:
    """`?state=now|over&page=`"""
    scope, state = request.scope, asked.choice(request, "state", STATES)
    context = {
        "page": page_of(request, queries.programmes(scope, state)), "today": scope.on, "state": state,
        "states": STATES.items(), "may_keep": scope.may("programmes.keep"),
    }  # fmt: skip
    return htmx.page(request, "programmes/programmes.html", context, "rows")


@page("programmes.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """`?pattern=in_my_post` begins from a pattern of the packs."""
    begun = next((one for one in patterns() if one.id == asked.text(request, "pattern")), None)
    start = {"starts_on": request.scope.on, "kind": "programme"}
    if begun:
        start |= {"themes": list(begun.themes), "text": begun.text, "kind": begun.kind}
    form = ProgrammeForm(request.POST or None, initial=start)
    weight = None
    if request.method == "POST" and form.is_valid():
        weight = _weight(request.scope, form)
        if weight is None and (made := tried(form, lambda: actions.issue(by=request.scope, **form.facts))):
            messages.success(request, "已部署。下级支部记活动时可以勾选")
            return redirect("programme", made.pk)
    context = {"form": form, "patterns": patterns(), "begun": begun, "weight": weight}
    return htmx.page(request, "programmes/edit.html", context, status=422 if form.errors else 200)


@page("programmes.view")
def programme(request: HttpRequest, number: int) -> HttpResponse:
    """`?state=with|without&page=`"""
    scope, one = request.scope, found(request, number)
    state = asked.choice(request, "state", UNITS)
    shown = page_of(request, queries.units(scope, one, state))
    context = {
        "one": one, "now": one.state(scope.on), "page": shown, "rows": queries.lines(scope, one, list(shown)),
        "states": UNITS.items(), "state": state, "themes": queries.by_theme(scope, one),
        "records": queries.records(scope, one).count(), "units": queries.units(scope, one).count(),
        "with_records": queries.units(scope, one, "with").count(), "keeps": _keeps(scope, one),
        "may_export": scope.may("programmes.export"),
        "sectors": [str(dict(ProgrammeForm.base_fields["sectors"].choices).get(each, each)) for each in one.sectors],
    }  # fmt: skip
    return htmx.page(request, "programmes/programme.html", context, "rows")


@page("programmes.view")
def records(request: HttpRequest, number: int) -> HttpResponse:
    """`?unit=code&theme=&page=`"""
    scope, one = request.scope, found(request, number)
    code, theme = asked.text(request, "unit", 20), asked.text(request, "theme")
    rows = queries.records(scope, one, theme)
    unit = queries.units(scope, one).filter(code=code).first() if code else None
    rows = rows.filter(organisation__code=code) if code else rows
    context = {"one": one, "page": page_of(request, rows), "unit": unit, "theme": theme,
               "may_open": scope.may("records.view")}  # fmt: skip
    return htmx.page(request, "programmes/records.html", context)


@page("programmes.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    start = {name: getattr(one, name) for name in actions.FIELDS}
    form = ChangeForm(request.POST or None, initial=start)
    if request.method == "POST" and carried_out(form, actions.change, by=request.scope, programme=one):
        messages.success(request, "已保存")
        return redirect("programme", number)
    return htmx.page(request, "programmes/edit.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@page("programmes.keep", methods=FORM)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """GET asks for the reason; POST takes it back, or puts it back (`do=restore`)."""
    scope, one = request.scope, kept(request, number)
    form = WithdrawForm(request.POST or None)
    if request.POST.get("do") == "restore":
        if tried(form, lambda: actions.restore(by=scope, programme=one)):
            messages.success(request, "已恢复")
        return redirect("programme", number)
    if request.method == "POST" and carried_out(form, actions.withdraw, by=scope, programme=one):
        messages.success(request, "已撤回，随时可以恢复")
        return redirect("programme", number)
    context = {"form": form, "one": one, "records": queries.records(scope, one).count()}
    return htmx.page(request, "programmes/withdraw.html", context, status=422 if form.errors else 200)


@page("programmes.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """`?state=` as on the page."""
    scope, one = request.scope, found(request, number)
    state = asked.choice(request, "state", UNITS)
    book = exporting.export(by=scope, programme=one, state=state, shown=UNITS[state])
    unit = scope.unit  # whose rows these are
    name = sheets.file_name(unit, one.get_kind_display(), one.name[:30], scope.on)
    return sheets.download(book, name)


def found(request: HttpRequest, number: int) -> Programme:
    return get_object_or_404(queries.programmes(request.scope), pk=number)


def kept(request: HttpRequest, number: int) -> Programme:
    """One of the own organisation."""
    one = found(request, number)
    if not _keeps(request.scope, one):
        raise Http404
    return one


def _weight(scope: Scope, form: ProgrammeForm) -> Weight | None:
    told = form.cleaned_data
    own = finding.own(scope)
    bound = branches(scope, own.path if own else "nowhere", told["sectors"])
    return weigh(form, scope, bound, every=told["every"], starts_on=told["starts_on"], ends_on=told["ends_on"])


def _keeps(scope: Scope, one: Programme) -> bool:
    return one.organisation_id == scope.organisation_id and scope.may_at("programmes.keep", one.organisation.path)
