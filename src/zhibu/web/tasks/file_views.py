"""/tasks/<n>/files/<step>/ files of a report: changed by the owner until the task is closed, read by both sides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.files import adding
from zhibu.web.files import queries as kept
from zhibu.web.files.answer import answer
from zhibu.web.tasks import attaching, queries
from zhibu.web.tasks.models import TaskStep
from zhibu.web.tasks.views import found


@page("tasks.report", methods=("GET", "HEAD", "POST"), uploads="attachments")
def files(request: HttpRequest, number: int, step: int) -> HttpResponse:
    said = _own(request, number, step)
    if request.method != "POST":
        return _page(request, said)
    refused = adding.taken(request, lambda file: attaching.attach(by=request.scope, step=said, upload=file))
    return _page(request, said, refused) if refused else redirect("task", number)


@page("tasks.view")
def file(request: HttpRequest, number: int, step: int, key: str) -> HttpResponseBase:
    return answer(adding.found(_said(request, number, step), key))


@page("tasks.report", methods=("POST",))
def remove(request: HttpRequest, number: int, step: int, key: str) -> HttpResponse:
    said = _own(request, number, step)
    one = adding.found(said, key)
    attaching.detach(by=request.scope, step=said, attachment=one)
    messages.success(request, f"{one.name} 已移除")
    return redirect("task-files", number, step)


def _said(request: HttpRequest, number: int, step: int) -> TaskStep:
    rows = queries.steps(found(request, number)).select_related("task__order")
    return get_object_or_404(rows, pk=step)


def _own(request: HttpRequest, number: int, step: int) -> TaskStep:
    said = _said(request, number, step)
    if not attaching.may_change(request.scope, said):
        raise Http404
    return said


def _page(request: HttpRequest, said: TaskStep, refused: list[str] | None = None) -> HttpResponse:
    context = {"form": adding.FilesForm(refused or ()), "said": said, "files": kept.attachments(said)}
    return htmx.page(request, "tasks/files.html", context, status=422 if refused else 200)
