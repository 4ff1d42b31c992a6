"""/campaigns/<n>/records/ the records of a campaign, and what the office and the unit say about each."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.campaigns import actions, queries
from zhibu.web.campaigns.forms import RemarkForm, ReplyForm
from zhibu.web.campaigns.models import Campaign, Remark
from zhibu.web.campaigns.views import found
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.records.models import Record


@page("campaigns.view")
def records(request: HttpRequest, number: int) -> HttpResponse:
    """`?unit=code&page=`"""
    one, code = found(request, number), query.text(request, "unit", 20)
    rows = queries.records(request.scope, one)
    rows = rows.filter(organisation__code=code) if code else rows
    unit = queries.units(request.scope, one).filter(code=code).first() if code else None
    context = {"one": one, "page": page_of(request, rows), "unit": unit}
    return htmx.page(request, "campaigns/records.html", context)


@page("campaigns.view")
def record(request: HttpRequest, number: int, record: str) -> HttpResponse:
    one = found(request, number)
    return _record(request, one, _of(request, one, record))


@page("campaigns.annotate", methods=("POST",))
def annotate(request: HttpRequest, number: int, record: str) -> HttpResponse:
    return _say(request, number, record, actions.annotate, "已批注，单位在活动记录里看得到")


@page("campaigns.return", methods=("POST",))
def send_back(request: HttpRequest, number: int, record: str) -> HttpResponse:
    return _say(request, number, record, actions.send_back, "已退回，列在单位的本月任务里")


@page("campaigns.reply", methods=("POST",))
def reply(request: HttpRequest, number: int, remark: int) -> HttpResponse:
    scope, one, form = request.scope, found(request, number), ReplyForm(request.POST)
    rows = queries.remarks(scope, one).filter(record__organisation=scope.organisation_id)
    about = get_object_or_404(rows, pk=remark)
    if form.is_valid() and tried(form, lambda: actions.reply(by=scope, remark=about, text=form.cleaned_data["reply"])):
        messages.success(request, "已答复")
        return redirect("campaign-record", number, about.record.number)
    return _record(request, one, about.record, form)


def _of(request: HttpRequest, one: Campaign, number: str) -> Record:
    """A record of the campaign, or one taken back since it was remarked on."""
    scope = request.scope
    rows = Record.objects.within(scope).filter(number=number).select_related("organisation")
    about = rows.first()
    there = about and (
        queries.records(scope, one).filter(pk=about.pk).exists()
        or queries.remarks(scope, one).filter(record=about).exists()
    )
    if not there:
        raise Http404
    return about


def _say(request: HttpRequest, number: int, record: str, act: object, done: str) -> HttpResponse:
    scope, one, form = request.scope, found(request, number), RemarkForm(request.POST)
    about = _of(request, one, record)
    told = {"by": scope, "campaign": one, "record": about}
    if form.is_valid() and tried(form, lambda: act(**told, text=form.cleaned_data["text"])):
        messages.success(request, done)
        return redirect("campaign-record", number, record)
    return _record(request, one, about, form)


def _record(request: HttpRequest, one: Campaign, about: Record, form: forms.Form | None = None) -> HttpResponse:
    scope, runs = request.scope, one.runs(request.scope.on)
    path, own = about.organisation.path, about.organisation_id == scope.organisation_id
    said = list(queries.remarks(scope, one).filter(record=about))
    context = {
        "one": one,
        "record": about,
        "said": said,
        "form": form,
        "remark_form": form if isinstance(form, RemarkForm) else RemarkForm(),
        "reply_form": form if isinstance(form, ReplyForm) else ReplyForm(),
        "may_say": runs and not about.withdrawn_at and scope.may_at("campaigns.annotate", path),
        "may_reply": own and scope.may("campaigns.reply"),
        "may_open": scope.may_at("records.view", path),
        "may_edit": own and scope.may_at("records.edit", path) and not about.withdrawn_at,
        "returned": any(one.kind == Remark.Kind.RETURN and one.open for one in said),
    }
    return htmx.page(request, "campaigns/record.html", context, status=422 if form else 200)
