"""/guides/ 服务指南: what is done where, for everybody below who keeps it; windows, points, standards, cards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.guides import actions, forms, queries
from zhibu.web.guides.models import Entry, Level, ServiceItem, ServicePoint, ServiceWindow, WindowStandard
from zhibu.web.organisations import finding

FORM = ("GET", "HEAD", "POST")
# word of the address → (model, form, where its lines are shown)
KINDS: dict[str, tuple[type[Entry], type[forms.EntryForm], str]] = {
    "items": (ServiceItem, forms.ItemForm, "guides"),
    "windows": (ServiceWindow, forms.WindowForm, "guides"),
    "points": (ServicePoint, forms.PointForm, "guides"),
    "standards": (WindowStandard, forms.StandardForm, "guide-standards"),
}


def _asked(request: HttpRequest) -> tuple[str, str]:
    return query.text(request, "q"), query.choice(request, "level", Level.values)


@page("guides.read")
def guides(request: HttpRequest) -> HttpResponse:
    """`?q=&level=&page=`"""
    scope, (q, level) = request.scope, _asked(request)
    context = {
        "q": q, "level": level, "levels": Level.choices, "page": page_of(request, queries.items(scope, q, level)),
        "windows": queries.entries(ServiceWindow, scope)[:200], "points": queries.entries(ServicePoint, scope)[:200],
        "may_keep": scope.may("guides.keep"), "may_export": scope.may("guides.export"), "own": scope.organisation_id,
    }  # fmt: skip
    return htmx.page(request, "guides/guides.html", context, "rows")


@page("guides.export")
def export(request: HttpRequest) -> HttpResponse:
    q, level = _asked(request)
    content = actions.export(by=request.scope, unit=request.scope.unit, q=q, level=level)
    return sheets.download(content, sheets.file_name(request.scope.unit, "服务指南", "", request.scope.on))


@page("guides.read")
def guide(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(queries.items(request.scope), pk=number)
    keeps = one.organisation_id == request.scope.organisation_id and request.scope.may("guides.keep")
    context = {"one": one, "keeps": keeps, "may_keep": request.scope.may("guides.keep")}
    return htmx.page(request, "guides/guide.html", context)


@page("guides.keep", methods=FORM)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    model, form_class, back = _kind(kind)
    if (here := finding.own(request.scope)) is None:
        raise Http404
    form = form_class(request.POST or None, here=here, initial=_taken_over(request, kind))
    if request.method == "POST" and carried_out(form, actions.enter, by=request.scope, model=model):
        messages.success(request, "已登记")
        return redirect(back)
    context = {"form": form, "title": f"登记{model._meta.verbose_name}", "back": back, "word": "登记"}
    return htmx.page(request, "guides/form.html", context, status=422 if form.errors else 200)


@page("guides.keep", methods=FORM)
def edit(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    model, form_class, back = _kind(kind)
    one = _own(request, model, number)
    form = form_class(request.POST or None, here=one.organisation, instance=one)
    if request.method == "POST" and form.is_valid():
        fresh = _own(request, model, number)  # a model form has written into the other
        if tried(form, lambda: actions.change(by=request.scope, entry=fresh, **form.cleaned_data)):
            messages.success(request, "已保存")
            return redirect(back)
    context = {
        "form": form,
        "title": f"修改{model._meta.verbose_name}",
        "back": back,
        "word": "保存",
        "one": one,
        "kind": kind,
    }
    return htmx.page(request, "guides/form.html", context, status=422 if form.errors else 200)


@page("guides.keep", methods=("POST",))
def end(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    model, _, back = _kind(kind)
    one = _own(request, model, number)
    actions.end(by=request.scope, entry=one)
    messages.success(request, f"已停用：{one.name}")
    return redirect(back)


def _taken_over(request: HttpRequest, kind: str) -> dict[str, Any]:
    """`?from=<item>`: a superior's item as the start of an own one, but for its window."""
    number = query.text(request, "from", 12)
    rows = queries.items(request.scope.doing("guides.read")).filter(pk=int(number) if number.isdecimal() else 0)
    columns = ("name", "level", "who", "papers", "steps", "days", "basis")
    return (rows.values(*columns).first() or {}) if kind == "items" else {}


def _kind(kind: str) -> tuple[type[Entry], type[forms.EntryForm], str]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _own(request: HttpRequest, model: type[Entry], number: int) -> Any:
    rows = model.objects.within(request.scope).filter(organisation=request.scope.organisation_id, ended_on=None)
    return get_object_or_404(rows.select_related("organisation"), pk=number)
