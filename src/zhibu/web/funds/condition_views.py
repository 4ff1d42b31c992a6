"""/funds/conditions/ 社区工作条件: the table, one community with its arithmetic, the items of the own organisation."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.funds import conditions as kept
from zhibu.web.funds.forms import ItemForm, ReleaseForm, ValueForm
from zhibu.web.funds.models import ConditionItem
from zhibu.web.organisations.models import Organisation

BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)


@page("conditions.view")
def conditions(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    rows = kept.conditions(scope)
    context = {
        "rows": rows, "told": sum(one.index is not None for one in rows), "unit": scope.unit,
        "any": any(one.parts for one in rows), "may_set": scope.may("conditions.set"),
        "may_export": scope.may("funds.export"),
    }  # fmt: skip
    return htmx.page(request, "funds/conditions.html", context)


@page("funds.export")
def export(request: HttpRequest) -> HttpResponse:
    unit = request.scope.unit
    content = kept.export(by=request.scope, unit=unit)
    return sheets.download(content, sheets.file_name(unit, "社区工作条件", "", request.scope.on))


@page("conditions.view")
def condition(request: HttpRequest, code: str) -> HttpResponse:
    return _condition(request, _place(request, code))


@page("conditions.keep", methods=POST)
def note(request: HttpRequest, code: str) -> HttpResponse:
    here = _place(request, code)
    form = ValueForm(request.POST, items=kept.items(here.path))
    if carried_out(form, kept.note, by=request.scope, community=here):
        messages.success(request, "已登记")
        return redirect("condition", here.code)
    return _condition(request, here, form)


def _condition(request: HttpRequest, here: Organisation, form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope.doing("conditions.view")
    (found,) = kept.conditions(scope, [here])
    keeps = scope.may_at("conditions.keep", here.path)
    if keeps and form is None and found.parts:
        form = ValueForm(items=[one.item for one in found.parts], initial={"as_of": scope.on})
    history = kept.values(scope).filter(organisation=here).order_by("-as_of", "-pk")[:60]
    context = {"here": here, "found": found, "form": form, "history": history}
    wrong = form is not None and bool(form.errors)
    return htmx.page(request, "funds/condition.html", context, status=422 if wrong else 200)


@page("conditions.set", methods=BOTH)
def items(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    here = get_object_or_404(Organisation.objects.within(scope), pk=scope.organisation_id)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, kept.draft, by=scope, organisation=here):
        messages.success(request, "已存为草稿，写明依据文件再启用")
        return redirect("condition-items")
    rows = ConditionItem.objects.within(scope).filter(organisation=here).order_by("pk")
    context = {"here": here, "form": form, "rows": rows}
    return htmx.page(request, "funds/condition_items.html", context, status=422 if form.errors else 200)


@page("conditions.set", methods=POST)
def release(request: HttpRequest, number: int) -> HttpResponse:
    item, form = _item(request, number), ReleaseForm(request.POST)
    if carried_out(form, kept.release, by=request.scope, item=item):
        messages.success(request, f"已启用 {item.name}")
    else:
        messages.error(request, next(iter(next(iter(form.errors.values())))))
    return redirect("condition-items")


@page("conditions.set", methods=POST)
def retire(request: HttpRequest, number: int) -> HttpResponse:
    item = _item(request, number)
    if carried_out(forms.Form(request.POST), kept.retire, by=request.scope, item=item):
        messages.success(request, f"已停用 {item.name}")
    else:
        messages.error(request, "这一项已经停用")
    return redirect("condition-items")


def _item(request: HttpRequest, number: int) -> ConditionItem:
    return get_object_or_404(ConditionItem.objects.within(request.scope), pk=number)


def _place(request: HttpRequest, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), code=code)
