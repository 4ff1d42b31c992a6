"""P04: the photos and papers of a record. Seen by whoever sees the record, changed by its own branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.uploads import TABLE
from zhibu.web.files import adding
from zhibu.web.files import queries as files
from zhibu.web.files.answer import answer
from zhibu.web.records import actions
from zhibu.web.records.models import Record
from zhibu.web.records.views.record import found, is_own

LIMITS = TABLE["attachments"]
_TYPES = LIMITS["types"]
HINT = (
    f"照片（JPEG、PNG、WebP）每张不超过 {_TYPES['jpeg']['file_mb']} MB，会缩小并去掉拍摄地点等信息；"
    f"PDF、Word（.docx）、Excel（.xlsx）每个不超过 {_TYPES['pdf']['file_mb']} MB。"
    f"最多 {LIMITS['files']} 个。请勿传涉密内容"
)
LABEL = "选照片或文件"


@page("records.attach", methods=("GET", "HEAD", "POST"), uploads="attachments")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """GET shows the files and the way to add some; POST adds them, each by itself."""
    record = _own(request, number)
    if request.method != "POST":
        return _page(request, record)
    refused = adding.taken(
        request, lambda file: actions.attach(by=request.scope, record=record, upload=file), actions.Refused
    )
    return _page(request, record, refused) if refused else redirect("record-files", number=number)


@page("records.view")
def file(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """The file itself, to be saved. Whoever may see the record may have it; another record's file is not found."""
    return answer(adding.found(found(request, number), key))


@page("records.detach", methods=("POST",))
def detach(request: HttpRequest, number: str, key: str) -> HttpResponse:
    record = _own(request, number)
    attachment = adding.found(record, key)
    try:
        actions.detach(by=request.scope, record=record, attachment=attachment)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{attachment.name} 已移除")
    return redirect("record-files", number=number)


def _own(request: HttpRequest, number: str) -> Record:
    record = found(request, number)
    if not is_own(request, record):
        raise Http404
    return record


def _page(request: HttpRequest, record: Record, refused: list[str] | None = None) -> HttpResponse:
    form = adding.FilesForm(refused or (), LABEL, HINT)
    context = {"record": record, "files": files.attachments(record), "form": form}
    return htmx.page(request, "records/files.html", context, status=422 if refused else 200)
