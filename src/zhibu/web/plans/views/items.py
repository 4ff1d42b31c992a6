"""Items of the own plan: one by one, a rota at once, the record that did one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.plans.actions import plans as actions
from zhibu.web.plans.forms.plans import ItemForm, LinkForm, RotaForm
from zhibu.web.plans.models import Plan, PlanItem
from zhibu.web.plans.queries import plans as queries
from zhibu.web.plans.queries import themes
from zhibu.web.plans.views.plans import FORM, kept


@page("plans.keep", methods=FORM)
def new(request: HttpRequest, number: int) -> HttpResponse:
    """`?month=` of the button pressed."""
    one = kept(request, number)
    month = request.GET.get("month", "")
    start = {"month": int(month) if month.isascii() and month.isdigit() and len(month) < 3 else request.scope.on.month}
    return _item(request, one, None, start)


@page("plans.keep", methods=FORM)
def edit(request: HttpRequest, number: int, item: int) -> HttpResponse:
    one = kept(request, number)
    here = _found(request, one, item)
    return _item(request, one, here, {name: getattr(here, name) for name in ItemForm.base_fields})


def _item(request: HttpRequest, one: Plan, item: PlanItem | None, start: dict[str, Any]) -> HttpResponse:
    form = ItemForm(
        request.POST or None, initial=start, branch=one.organisation.is_branch,
        themes=themes.of_year(one.organisation, one.year),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        tried(form, lambda: actions.put(by=request.scope, plan=one, item=item, facts=form.cleaned_data))
        if not form.errors:
            messages.success(request, "已保存")
            return redirect("plan", one.pk)
    return htmx.page(
        request, "plans/item.html", {"form": form, "one": one, "item": item}, status=422 if form.errors else 200
    )


@page("plans.keep", methods=FORM)
def rota(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    form = RotaForm(
        request.POST or None, branch=one.organisation.is_branch, initial={"types": ["weekly_talk"], "every": 7}
    )
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: actions.rota(by=request.scope, plan=one, facts=form.cleaned_data))
        if made:
            messages.success(request, f"已排 {len(made)} 次，逐次可改")
            return redirect("plan", number)
    return htmx.page(request, "plans/rota.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@page("plans.keep", methods=("POST",))
def drop(request: HttpRequest, number: int, item: int) -> HttpResponse:
    one = kept(request, number)
    actions.drop(by=request.scope, plan=one, item=_found(request, one, item))
    messages.success(request, "已去掉")
    return redirect("plan", number)


@page("plans.keep", methods=FORM)
def link(request: HttpRequest, number: int, item: int) -> HttpResponse:
    one = kept(request, number)
    here = _found(request, one, item)
    rows = queries.linkable(request.scope, here)
    form = LinkForm(request.POST or None, rows=rows, initial={"record": here.record_id})
    if request.method == "POST" and carried_out(form, actions.link, by=request.scope, plan=one, item=here):
        messages.success(request, "已保存")
        return redirect("plan", number)
    context = {"form": form, "one": one, "item": here}
    return htmx.page(request, "plans/link.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, plan: Plan, item: int) -> PlanItem:
    rows = PlanItem.objects.within(request.scope).filter(plan=plan).select_related("plan", "theme")
    return get_object_or_404(rows, pk=item)
