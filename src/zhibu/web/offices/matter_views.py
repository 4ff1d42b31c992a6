"""/offices/opinions/ 听取意见 and /offices/talks/ 任职谈话."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.offices import queries
from zhibu.web.offices.actions import matters
from zhibu.web.offices.forms import CloseForm, OpinionForm, RecallForm, ReplyForm, TalkForm
from zhibu.web.offices.models import Opinion
from zhibu.web.offices.views import FORM


@page("offices.view")
def opinions(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page_of(request, queries.opinions(request.scope)), "today": request.scope.on,
        "may_ask": request.scope.may("opinions.ask"),
    }  # fmt: skip
    return htmx.page(request, "offices/opinions.html", context)


@page("opinions.ask", methods=FORM)
def ask(request: HttpRequest) -> HttpResponse:
    form, weight = OpinionForm(request.POST or None, scope=request.scope), None
    if request.method == "POST" and form.is_valid():
        told = form.facts
        weight = weigh(form, request.scope, [told["organisation"]], ends_on=told["due_on"])
        if weight is None and (made := tried(form, lambda: matters.ask(by=request.scope, **told))):
            messages.success(request, f"已向{made.organisation.name}征求意见，{made.due_on} 前书面答复")
            return redirect("opinion", made.pk)
    context = {"form": form, "weight": weight}
    return htmx.page(request, "offices/ask.html", context, status=422 if form.errors else 200)


@page("offices.view")
def opinion(request: HttpRequest, number: int) -> HttpResponse:
    return _opinion(request, _found(request, number))


@page("opinions.reply", methods=("POST",))
def reply(request: HttpRequest, number: int) -> HttpResponse:
    found, form = _found(request, number), ReplyForm(request.POST)
    if form.is_valid() and tried(form, lambda: matters.reply(by=request.scope, opinion=found, **form.cleaned_data)):
        messages.success(request, "书面意见已送出")
        return redirect("opinion", number)
    return _opinion(request, found, reply=form)


@page("opinions.close", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    found, form = _found(request, number), CloseForm(request.POST)
    if form.is_valid() and tried(form, lambda: matters.close(by=request.scope, opinion=found, **form.cleaned_data)):
        messages.success(request, "已办结")
        return redirect("opinion", number)
    return _opinion(request, found, close=form)


@page("opinions.ask", methods=("POST",))
def recall(request: HttpRequest, number: int) -> HttpResponse:
    found, form = _found(request, number), RecallForm(request.POST)
    if carried_out(form, matters.recall, by=request.scope, opinion=found):
        messages.success(request, "已撤回，不用再答复")
        return redirect("opinion", number)
    return _opinion(request, found, recall=form)


@page("offices.view")
def talks(request: HttpRequest) -> HttpResponse:
    context = {"page": page_of(request, queries.talks(request.scope)), "today": request.scope.on}
    return htmx.page(request, "offices/talks.html", context | {"may_keep": request.scope.may("talks.keep")})


@page("talks.keep", methods=FORM)
def talk(request: HttpRequest, number: int) -> HttpResponse:
    scope = request.scope
    found = get_object_or_404(queries.talks(scope), pk=number)
    form = TalkForm(request.POST or None, initial={"held_on": scope.on})
    done = request.method == "POST" and form.is_valid()
    if done and tried(form, lambda: matters.hold(by=scope, talk=found, **form.cleaned_data)):
        messages.success(request, "谈话已记下")
        return redirect("talks")
    shown = scope.sees("talk.notes", found.tenure.office.organisation.path)
    context = {"form": form, "talk": found, "shows_notes": shown}
    return htmx.page(request, "offices/talk.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, number: int) -> Opinion:
    return get_object_or_404(queries.opinions(request.scope), pk=number)


def _opinion(
    request: HttpRequest, found: Opinion, reply: ReplyForm | None = None, close: CloseForm | None = None,
    recall: RecallForm | None = None,
) -> HttpResponse:  # fmt: skip
    scope = request.scope
    asked = found.organisation_id == scope.organisation_id
    context = {
        "one": found,
        "today": scope.on,
        "reply": reply or ReplyForm(),
        "close": close or CloseForm(),
        "recall": recall or RecallForm(),
        "may_reply": asked and not found.replied_on and scope.may_at("opinions.reply", found.organisation.path),
        "may_close": not found.closed_on and scope.may_at("opinions.close", found.organisation.path),
        "may_recall": not (found.closed_on or found.replied_on)
        and scope.may_at("opinions.ask", found.organisation.path),
        "form": reply or close or recall,
    }
    return htmx.page(request, "offices/opinion.html", context, status=422 if context["form"] else 200)
