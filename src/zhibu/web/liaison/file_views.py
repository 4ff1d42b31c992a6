"""/liaison/<n>/files/<message>/ files of what a side wrote: changed by that side, read by whoever reads the matter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.files import adding
from zhibu.web.files import queries as kept
from zhibu.web.files.answer import answer
from zhibu.web.liaison import actions, queries
from zhibu.web.liaison.models import Message
from zhibu.web.liaison.views import found


@page("liaison.reply", methods=("GET", "HEAD", "POST"), uploads="attachments")
def files(request: HttpRequest, number: int, message: int) -> HttpResponse:
    said = _own(request, number, message)
    if request.method != "POST":
        return _page(request, said)
    refused = adding.taken(request, lambda file: actions.attach(by=request.scope, message=said, upload=file))
    return _page(request, said, refused) if refused else redirect("matter", number)


@page("liaison.view")
def file(request: HttpRequest, number: int, message: int, key: str) -> HttpResponseBase:
    return answer(adding.found(_said(request, number, message), key))


@page("liaison.reply", methods=("POST",))
def remove(request: HttpRequest, number: int, message: int, key: str) -> HttpResponse:
    said = _own(request, number, message)
    one = adding.found(said, key)
    actions.detach(by=request.scope, message=said, attachment=one)
    messages.success(request, f"{one.name} 已移除")
    return redirect("matter-files", number, message)


def _said(request: HttpRequest, number: int, message: int) -> Message:
    return get_object_or_404(queries.said(found(request, number)), pk=message)


def _own(request: HttpRequest, number: int, message: int) -> Message:
    said = _said(request, number, message)
    if said.organisation_id != request.scope.organisation_id:
        raise Http404
    return said


def _page(request: HttpRequest, said: Message, refused: list[str] | None = None) -> HttpResponse:
    context = {"form": adding.FilesForm(refused or ()), "said": said, "files": kept.attachments(said)}
    return htmx.page(request, "liaison/files.html", context, status=422 if refused else 200)
