"""不经常、不认真、不严肃: the list, one of them with its answer, what a person decides about repeated ones."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.review import actions, queries
from zhibu.web.review.forms import CallForm, PlaceFaultForm, TextForm
from zhibu.web.review.models import Fault, FaultCall

FORM = ("GET", "HEAD", "POST")
HEADINGS = ["党组织", "问题", "具体情况", "活动记录", "指出日期", "支部答复", "答复日期", "现在"]


@page("review.view")
def faults(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    own = queries.own_setting(scope)
    context = {
        "page": page_of(request, queries.faults(scope)),
        "candidates": queries.candidates(scope) if scope.may("review.call") else [],
        "calls": queries.calls(scope).filter(take=True)[:50],
        "marks": own.marks if own else None,
        "mark_days": own.mark_days if own else None,
        "may_mark": scope.may("review.mark"),
        "may_set": scope.may("review.set"),
        "may_export": scope.may("review.export"),
        "mine": scope.organisation_id,
        "closes": scope.doing("review.call"),
        "today": scope.on,
    }
    return htmx.page(request, "review/faults.html", context)


@page("review.mark", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = PlaceFaultForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"kind": Fault.Kind.IRREGULAR}
        if made := tried(form, lambda: actions.mark(by=request.scope, **told)):
            messages.success(request, "已指出，列在支部的本月任务里")
            return redirect("fault", made.pk)
    return htmx.page(request, "review/fault_new.html", {"form": form}, status=422 if form.errors else 200)


@page("review.export")
def export(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    rows: list[list[sheets.Cell]] = [
        [one.organisation.name, one.get_kind_display(), one.text, one.record.number if one.record else "",
         one.marked_on, one.answer, one.answered_on, one.words]
        for one in queries.faults(scope)[:5000]
    ]  # fmt: skip
    sheet = sheets.Sheet("组织生活的问题", f"截至 {scope.on}", HEADINGS, rows, [36, 10, 40, 14, 12, 40, 12, 14])
    name = sheets.file_name(scope.unit, "组织生活的问题", "", scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("review.view")
def fault(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, _found(request, number))


@page("review.answer", methods=("POST",))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    about, form = _found(request, number), TextForm(request.POST)
    if about.organisation_id != request.scope.organisation_id:
        raise Http404
    if form.is_valid() and tried(form, lambda: actions.answer(by=request.scope, fault=about, **form.cleaned_data)):
        messages.success(request, "已答复")
        return redirect("fault", number)
    return _show(request, about, form)


@page("review.mark", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    about, form = _found(request, number), TextForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: actions.withdraw(by=request.scope, fault=about, reason=form.cleaned_data["text"])
    ):
        messages.success(request, "已撤回，不再算数")
        return redirect("fault", number)
    return _show(request, about, form)


@page("review.call", methods=FORM)
def call(request: HttpRequest, code: str) -> HttpResponse:
    scope = request.scope
    place = get_object_or_404(Organisation.objects.within(scope), code=code)
    form = CallForm(request.POST or None)
    open_ = queries.faults(scope).filter(organisation=place, call=None, withdrawn_on=None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"take": form.cleaned_data["take"] == "yes", "organisation": place}
        if tried(form, lambda: actions.call(by=scope, **told)):
            messages.success(request, "已决定，支部看得到")
            return redirect("faults")
    context = {"form": form, "place": place, "open": open_}
    return htmx.page(request, "review/call.html", context, status=422 if form.errors else 200)


@page("review.answer", methods=("POST",))
def report(request: HttpRequest, number: int) -> HttpResponse:
    rows = FaultCall.objects.within(request.scope).filter(organisation=request.scope.organisation_id, take=True)
    about, form = rows.filter(pk=number).first(), TextForm(request.POST)
    if about is None:
        raise Http404
    return _told(
        request, form, "已报告，等上级销号", lambda: actions.report(by=request.scope, call=about, **form.cleaned_data)
    )


@page("review.call", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    about = get_object_or_404(FaultCall.objects.within(request.scope), pk=number, take=True)
    return _told(request, forms.Form(request.POST), "已销号", lambda: actions.close(by=request.scope, call=about))


def _told(request: HttpRequest, form: forms.Form, done: str, act: object) -> HttpResponse:
    if form.is_valid() and tried(form, act):  # type: ignore[arg-type]
        messages.success(request, done)
    else:
        messages.error(request, "；".join(error for errors in form.errors.values() for error in errors))
    return redirect("faults")


def _found(request: HttpRequest, number: int) -> Fault:
    about = queries.faults(request.scope).filter(pk=number).first()
    if about is None or not request.scope.reaches(about.organisation.path):
        raise Http404
    return about


def _show(request: HttpRequest, about: Fault, form: forms.Form | None = None) -> HttpResponse:
    scope, own = request.scope, about.organisation_id == request.scope.organisation_id
    open_ = about.withdrawn_on is None and about.call_id is None
    context = {
        "one": about,
        "form": form,
        "may_answer": own and scope.may("review.answer") and not about.answered_on and not about.withdrawn_on,
        "may_withdraw": open_ and scope.may_at("review.mark", about.organisation.path),
        "may_call": open_ and scope.may_at("review.call", about.organisation.path),
    }
    return htmx.page(request, "review/fault.html", context, status=422 if form else 200)
