"""/campaigns/ 专项活动: the list, one campaign with its units, its office, its workbook."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.access.people import known
from zhibu.web.audit.forms import tried
from zhibu.web.burden.queries import minutes_sent
from zhibu.web.burden.weighing import weigh
from zhibu.web.campaigns import actions, queries
from zhibu.web.campaigns.forms import CampaignForm, ChangeForm, StaffForm
from zhibu.web.campaigns.models import Campaign, OfficeStaff
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope

FORM = ("GET", "HEAD", "POST")
HEADINGS = ["单位", "活动记录", "最近一次", "批注和退回", "待修改"]


@page("campaigns.view")
def campaigns(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    context = {
        "page": page_of(request, queries.campaigns(scope)),
        "today": scope.on,
        "may_keep": scope.may("campaigns.keep"),
    }
    return htmx.page(request, "campaigns/campaigns.html", context)


@page("campaigns.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, scope=request.scope, initial={"starts_on": request.scope.on})
    weight = None
    if request.method == "POST" and form.is_valid():
        weight = weigh(form, request.scope, form.cleaned_data["units"])
        if weight is None and (made := tried(form, lambda: actions.begin(by=request.scope, **form.facts))):
            messages.success(request, "已开展。接着安排办公室人员")
            return redirect("campaign", made.pk)
    context = {"form": form, "weight": weight}
    return htmx.page(request, "campaigns/edit.html", context, status=422 if form.errors else 200)


@page("campaigns.view")
def campaign(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, found(request, number)
    rows = queries.progress(scope, one)
    keeps = _keeps(scope, one)
    context = {
        "one": one,
        "rows": rows,
        "with_records": sum(row.records > 0 for row in rows),
        "open": sum(row.open for row in rows),
        "keeps": keeps,
        "staff": queries.staff(scope, one) if keeps else [],
        "may_export": scope.may("campaigns.export"),
        "today": scope.on,
    }
    return htmx.page(request, "campaigns/campaign.html", context)


@page("campaigns.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    rows: list[list[sheets.Cell]] = [
        [row.unit.name, row.records, row.last, row.remarks, row.open] for row in queries.progress(request.scope, one)
    ]
    filters = f"{one.starts_on} 至 {one.ends_on}，{one.document}"
    sheet = sheets.Sheet(one.name, filters, HEADINGS, rows, [40, 12, 14, 14, 12])
    name = sheets.file_name(one.organisation.name, "专项活动", one.name[:30], request.scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("campaigns.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, kept(request, number)
    codes = "\n".join(unit.code for unit in queries.units(scope, one))
    start = {"ends_on": one.ends_on, "document": one.document, "units": codes, "minutes": minutes_sent(one)}
    form, weight = ChangeForm(request.POST or None, scope=scope, initial=start), None
    if request.method == "POST" and form.is_valid():
        weight = weigh(form, scope, form.cleaned_data["units"])
        if weight is None and tried(form, lambda: actions.change(by=scope, campaign=one, **form.facts)):
            messages.success(request, "已调整，办公室人员的权限随之改变")
            return redirect("campaign", number)
    context = {"form": form, "one": one, "weight": weight}
    return htmx.page(request, "campaigns/edit.html", context, status=422 if form.errors else 200)


@page("campaigns.keep", methods=FORM)
def staff(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    form = StaffForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid() and (seat := tried(form, lambda: _staff(request, one, form))):
        messages.success(request, f"{seat.post.user.name} 可以跟踪、批注和退回所负责单位的记录，活动结束自动收回")
        return redirect("campaign", number)
    return htmx.page(request, "campaigns/staff.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@page("campaigns.keep", methods=("POST",))
def dismiss(request: HttpRequest, number: int, seat: int) -> HttpResponse:
    one = kept(request, number)
    there = OfficeStaff.objects.within(request.scope).filter(campaign=one, post__ends_on__gte=request.scope.on)
    chosen = get_object_or_404(there, pk=seat)
    actions.dismiss(by=request.scope, campaign=one, seat=chosen)
    messages.success(request, "已撤下，权限即刻收回")
    return redirect("campaign", number)


def found(request: HttpRequest, number: int) -> Campaign:
    return get_object_or_404(queries.campaigns(request.scope), pk=number)


def kept(request: HttpRequest, number: int) -> Campaign:
    """One of the own organisation."""
    one = found(request, number)
    if not _keeps(request.scope, one):
        raise Http404
    return one


def _keeps(scope: Scope, one: Campaign) -> bool:
    return one.organisation_id == scope.organisation_id and scope.may_at("campaigns.keep", one.organisation.path)


def _staff(request: HttpRequest, one: Campaign, form: StaffForm) -> OfficeStaff:
    told = form.cleaned_data
    user = known(told["username"], told["name"])
    return actions.staff(by=request.scope, campaign=one, user=user, units=told["units"])
