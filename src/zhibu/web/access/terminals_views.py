"""/terminals/ 管理终端: from which networks the administrators of an organisation and below may work."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.access import terminals as lists
from zhibu.web.access.forms import PlaceForm, TerminalsForm
from zhibu.web.accounts.devices import address, parsed
from zhibu.web.accounts.fresh import fresh
from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation


@page("terminals.keep")
def terminals(request: HttpRequest) -> HttpResponse:
    """The lists within reach; `?code=`, or a name, leads to the page of an organisation."""
    form = PlaceForm(request.GET if "code" in request.GET else None, scope=request.scope)
    if form.is_valid():
        return redirect("terminals-of", form.cleaned_data["code"].code)
    own = Organisation.objects.within(request.scope).get(pk=request.scope.organisation_id)
    rows = lists.lists(request.scope)
    context = {
        "own": own, "list": rows.filter(organisation=own).first(), "above": lists.above(own),
        "page": page_of(request, rows.exclude(organisation=own)), "address": address(request), "form": form,
    }  # fmt: skip
    return htmx.page(request, "access/terminals.html", context)


@page("terminals.keep", methods=("GET", "HEAD", "POST"))
@fresh
def of(request: HttpRequest, code: str) -> HttpResponse:
    here = get_object_or_404(Organisation.objects.within(request.scope), code=code)
    now = lists.lists(request.scope).filter(organisation=here).first()
    sent = "networks" in request.POST
    form = TerminalsForm(request.POST if sent else None, initial={"networks": now.networks if now else ""})
    if sent and form.is_valid():
        allowed = tried(form, lambda: _keep(request, here, form))
        if allowed is not None:
            return _kept(request, here, allowed)
    where = parsed(address(request))
    context = {
        "here": here, "now": now, "form": form, "address": address(request), "above": lists.above(here),
        "own": here.pk == request.scope.organisation_id, "proxied": where is None or where.is_loopback,
    }  # fmt: skip
    return htmx.page(request, "access/terminals_of.html", context, status=422 if sent else 200)


def _keep(request: HttpRequest, here: Organisation, form: TerminalsForm) -> tuple:
    told = form.cleaned_data
    return lists.keep(
        by=request.scope, organisation=here, text=told["networks"], reason=told["reason"], address=address(request)
    )


def _kept(request: HttpRequest, here: Organisation, allowed: tuple) -> HttpResponse:
    messages.success(request, "管理终端已规定，马上生效" if allowed else "不再限制管理终端")
    if count := lists.outside(here, allowed):
        messages.warning(request, f"管理员现在登录着的 {count} 处不在这些网段里，下一次点击就进不来")
    return redirect("terminals")
