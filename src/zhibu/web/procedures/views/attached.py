"""Files of a step's record: always optional, taken one by one, given out to whoever may see the case."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.files import adding
from zhibu.web.files import queries as kept
from zhibu.web.files.actions import MOST
from zhibu.web.files.answer import answer
from zhibu.web.procedures import attaching, queries
from zhibu.web.procedures.models import StepRecord
from zhibu.web.procedures.views.case import found, record_of

HINT = f"可以不传。PDF、Word、Excel 每个不超过 20 MB，照片不超过 10 MB；最多 {MOST} 个。请勿传涉密内容"


@page("procedures.record", methods=("GET", "HEAD", "POST"), uploads="attachments")
def files(request: HttpRequest, number: int, record: int) -> HttpResponse:
    row = _own(request, number, record)
    if request.method != "POST":
        return _page(request, row)
    refused = adding.taken(request, lambda file: attaching.attach(by=request.scope, record=row, upload=file))
    return _page(request, row, refused) if refused else redirect("case", number)


@page("procedures.view")
def file(request: HttpRequest, number: int, record: int, key: str) -> HttpResponseBase:
    """Whoever may see the case and its person may have it; another record's file is not found."""
    case = found(request, number)
    if not queries.sees(request.scope, case):
        raise Http404
    return answer(adding.found(record_of(case, record), key))


@page("procedures.record", methods=("POST",))
def remove(request: HttpRequest, number: int, record: int, key: str) -> HttpResponse:
    row = _own(request, number, record)
    one = adding.found(row, key)
    attaching.detach(by=request.scope, record=row, attachment=one)
    messages.success(request, f"{one.name} 已移除")
    return redirect("case-files", number, record)


def _own(request: HttpRequest, number: int, record: int) -> StepRecord:
    case = found(request, number)
    row = record_of(case, record)
    if case.organisation_id != request.scope.organisation_id or row.undone_at:
        raise Http404
    return row


def _page(request: HttpRequest, row: StepRecord, refused: list[str] | None = None) -> HttpResponse:
    form = adding.FilesForm(refused or (), hint=HINT)
    context = {"row": row, "case": row.case, "files": kept.attachments(row), "form": form}
    return htmx.page(request, "procedures/files.html", context, status=422 if refused else 200)
