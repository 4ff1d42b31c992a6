"""Filing a plan with the superior, and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import tried
from zhibu.web.core.pages import page
from zhibu.web.plans.actions import plans as actions
from zhibu.web.plans.forms.plans import AnswerForm
from zhibu.web.plans.views.plans import found, kept, show

POST = ("POST",)


@page("plans.keep", methods=POST)
def file(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, actions.file, "已报送，等上级接收；接收前可以收回")


@page("plans.keep", methods=POST)
def recall(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, actions.recall, "已收回")


@page("plans.answer", methods=POST)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """`do=accept`, else it goes back."""
    one, scope = found(request, number), request.scope
    if one.organisation_id == scope.organisation_id:
        raise Http404
    form, accept = AnswerForm(request.POST), request.POST.get("do") == "accept"
    if form.is_valid():
        tried(form, lambda: actions.answer(by=scope, plan=one, accept=accept, text=form.cleaned_data["text"]))
    if form.errors:
        return show(request, one, form)
    messages.success(request, "已接收" if accept else "已退回，原因列在支部的本月任务里")
    return redirect("plan", number)


def _done(request: HttpRequest, number: int, act, word: str) -> HttpResponse:
    one = kept(request, number)
    try:
        act(by=request.scope, plan=one)
    except Unfit as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, word)
    return redirect("plan", number)
