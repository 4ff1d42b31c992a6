"""/liaison/<n>/files/<message>/ files of what a side wrote: changed by that side, read by whoever reads the matter."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.files import queries as kept
from zhibu.web.files.actions import MOST
from zhibu.web.files.answer import answer
from zhibu.web.files.fields import ManyFiles
from zhibu.web.files.models import Attachment
from zhibu.web.files.refuse import Refused
from zhibu.web.liaison import actions, queries
from zhibu.web.liaison.models import Message
from zhibu.web.liaison.views import found

ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx"


class FilesForm(forms.Form):
    files = forms.FileField(label="选文件", required=False, widget=ManyFiles(attrs={"accept": ACCEPT}))


@page("liaison.reply", methods=("GET", "HEAD", "POST"), uploads="attachments")
def files(request: HttpRequest, number: int, message: int) -> HttpResponse:
    said = _own(request, number, message)
    if request.method != "POST":
        return _page(request, said)
    chosen = request.FILES.getlist("files")
    if not chosen:
        return _page(request, said, ["还没有选文件"])
    refused = [words for file in chosen[:MOST] if (words := _attach(request, said, file))]
    if len(chosen) > MOST:
        refused.append(f"一次最多 {MOST} 个文件，后面的没有传")
    return _page(request, said, refused) if refused else redirect("matter", number)


@page("liaison.view")
def file(request: HttpRequest, number: int, message: int, key: str) -> HttpResponseBase:
    return answer(_one(_said(request, number, message), key))


@page("liaison.reply", methods=("POST",))
def remove(request: HttpRequest, number: int, message: int, key: str) -> HttpResponse:
    said = _own(request, number, message)
    one = _one(said, key)
    actions.detach(by=request.scope, message=said, attachment=one)
    messages.success(request, f"{one.name} 已移除")
    return redirect("matter-files", number, message)


def _attach(request: HttpRequest, said: Message, file: UploadedFile) -> str:
    """Why it was not taken; empty when it was."""
    try:
        one = actions.attach(by=request.scope, message=said, upload=file)
    except (Refused, NotAllowed) as refused:
        return f"{(file.name or '')[:60]}：{refused}"
    messages.success(request, f"{one.name} 已加上")
    return ""


def _said(request: HttpRequest, number: int, message: int) -> Message:
    if (said := queries.said(found(request, number)).filter(pk=message).first()) is None:
        raise Http404
    return said


def _own(request: HttpRequest, number: int, message: int) -> Message:
    said = _said(request, number, message)
    if said.organisation_id != request.scope.organisation_id:
        raise Http404
    return said


def _one(said: Message, key: str) -> Attachment:
    if (one := kept.attachment(said, key)) is None:
        raise Http404
    return one


def _page(request: HttpRequest, said: Message, refused: list[str] | None = None) -> HttpResponse:
    form = FilesForm({} if refused else None)
    for words in refused or ():
        form.add_error("files", words)
    context = {"form": form, "said": said, "files": kept.attachments(said)}
    return htmx.page(request, "liaison/files.html", context, status=422 if refused else 200)
