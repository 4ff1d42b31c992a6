"""Files of a step's record: always optional, taken one by one, given out to whoever may see the case."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.uploads import TABLE
from zhibu.web.files import queries as kept
from zhibu.web.files.answer import answer
from zhibu.web.files.fields import ManyFiles
from zhibu.web.files.models import Attachment
from zhibu.web.files.refuse import Refused
from zhibu.web.procedures import attaching, queries
from zhibu.web.procedures.models import StepRecord
from zhibu.web.procedures.views.case import found, record_of

MOST: int = TABLE["attachments"]["files"]
ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx"


class FilesForm(forms.Form):
    """For its label, hint and errors: the files are taken one by one, so that one bad file keeps no good one out."""

    files = forms.FileField(
        label="选文件", required=False, widget=ManyFiles(attrs={"accept": ACCEPT}),
        help_text=f"可以不传。PDF、Word、Excel 每个不超过 20 MB，照片不超过 10 MB；最多 {MOST} 个。请勿传涉密内容",
    )  # fmt: skip


@page("procedures.record", methods=("GET", "HEAD", "POST"), uploads="attachments")
def files(request: HttpRequest, number: int, record: int) -> HttpResponse:
    row = _own(request, number, record)
    if request.method != "POST":
        return _page(request, row)
    chosen = request.FILES.getlist("files")
    if not chosen:
        return _page(request, row, ["还没有选文件"])
    refused = [words for file in chosen[:MOST] if (words := _attach(request, row, file))]
    if len(chosen) > MOST:
        refused.append(f"一次最多 {MOST} 个文件，后面的没有传")
    return _page(request, row, refused) if refused else redirect("case", number)


def _attach(request: HttpRequest, row: StepRecord, file: UploadedFile) -> str:
    """Why it was not taken; empty when it was."""
    try:
        one = attaching.attach(by=request.scope, record=row, upload=file)
    except (Refused, NotAllowed) as refused:
        return f"{(file.name or '')[:60]}：{refused}"
    messages.success(request, f"{one.name} 已加上")
    return ""


@page("procedures.view")
def file(request: HttpRequest, number: int, record: int, key: str) -> HttpResponseBase:
    """Whoever may see the case and its person may have it; another record's file is not found."""
    case = found(request, number)
    if not queries.sees(request.scope, case):
        raise Http404
    return answer(_one(record_of(case, record), key))


@page("procedures.record", methods=("POST",))
def remove(request: HttpRequest, number: int, record: int, key: str) -> HttpResponse:
    row = _own(request, number, record)
    one = _one(row, key)
    attaching.detach(by=request.scope, record=row, attachment=one)
    messages.success(request, f"{one.name} 已移除")
    return redirect("case-files", number, record)


def _own(request: HttpRequest, number: int, record: int) -> StepRecord:
    case = found(request, number)
    row = record_of(case, record)
    if case.organisation_id != request.scope.organisation_id or row.undone_at:
        raise Http404
    return row


def _one(row: StepRecord, key: str) -> Attachment:
    one = kept.attachment(row, key)
    if one is None:
        raise Http404
    return one


def _page(request: HttpRequest, row: StepRecord, refused: list[str] | None = None) -> HttpResponse:
    form = FilesForm({}) if refused else FilesForm()
    for words in refused or ():
        form.add_error("files", words)
    context = {"row": row, "case": row.case, "files": kept.attachments(row), "form": form}
    return htmx.page(request, "procedures/files.html", context, status=422 if refused else 200)
