"""P30 意见建议: a box for everybody, answers everybody can read, and the list of those still to answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.core import htmx
from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.feedback import actions, contacts, queries
from zhibu.web.feedback.forms import AnswerForm, FeedbackForm, ReasonForm
from zhibu.web.feedback.models import Feedback


@page("feedback.send", methods=("GET", "HEAD", "POST"))
def feedback(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.send(by=scope, **form.cleaned_data)
        messages.success(request, "意见已收到，10 个工作日内在这一页公开答复")
        return redirect("feedback")
    may_answer = scope.may("feedback.view")
    waiting = queries.waiting(scope) if may_answer else None
    context = {
        "form": form,
        "page": page_of(request, queries.answered(), 20),
        "own": queries.own(scope)[:10],
        "to": queries.addressee(scope),
        "waiting": [(one, queries.answer_by(one.sent_on)) for one in waiting[:50]] if may_answer else [],
        "may_answer": may_answer,
        "today": scope.on,
    }
    return htmx.page(request, "feedback/feedback.html", context, status=422 if form.errors else 200)


@page("feedback.answer", methods=("GET", "HEAD", "POST"))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    found = _waiting(request, number)
    form = AnswerForm(request.POST or None, initial={"subject": found.text[:60]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer(by=request.scope, feedback=found, subject=given["subject"], text=given["answer"])
        except actions.AlreadyAnsweredError as answered:
            messages.warning(request, str(answered))
        else:
            messages.success(request, "已公开答复")
        return redirect("feedback")
    context = {
        "form": form,
        "one": found,
        "by": queries.answer_by(found.sent_on),
        "contact": contacts.masked(found),
        "may_unmask": request.scope.may("feedback.unmask"),
    }
    return htmx.page(request, "feedback/answer.html", context, status=422 if form.errors else 200)


@page("feedback.unmask", methods=("GET", "HEAD", "POST"))
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """GET asks why; POST shows the sender's contact in its answer, once."""
    found = _waiting(request, number)
    if not found.contact_sealed:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "one": found, "contact": contacts.masked(found)}
    if request.method != "POST" or not form.is_valid():
        return htmx.page(request, "feedback/contact.html", context, status=422 if form.errors else 200)
    try:
        opened = contacts.unmask(by=request.scope, feedback=found, reason=form.cleaned_data["reason"])
    except CryptoError as error:
        return htmx.page(request, "feedback/contact.html", context | {"trouble": str(error)}, status=409)
    status = 429 if opened.refused else 200
    return htmx.page(request, "feedback/contact.html", context | {"opened": opened}, status=status)


def _waiting(request: HttpRequest, number: int) -> Feedback:
    return get_object_or_404(queries.waiting(request.scope), pk=number)
