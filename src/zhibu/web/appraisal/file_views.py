"""/appraisal/<n>/files/ papers of a round: changed by the branch, read by who reads its results."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from zhibu.web.appraisal import filing
from zhibu.web.appraisal.models import Appraisal
from zhibu.web.appraisal.views import found
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.files import adding
from zhibu.web.files import queries as kept
from zhibu.web.files.answer import answer


@page("appraisal.keep", methods=("GET", "HEAD", "POST"), uploads="attachments")
def files(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    if request.method != "POST":
        return _page(request, one)
    refused = adding.taken(request, lambda file: filing.attach(by=request.scope, appraisal=one, upload=file))
    return _page(request, one, refused) if refused else redirect("appraisal", number)


@page("appraisal.members")
def file(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    return answer(adding.found(found(request, number), key))


@page("appraisal.keep", methods=("POST",))
def remove(request: HttpRequest, number: int, key: str) -> HttpResponse:
    one = found(request, number)
    paper = adding.found(one, key)
    try:
        filing.detach(by=request.scope, appraisal=one, attachment=paper)
        messages.success(request, f"{paper.name} 已移除")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("appraisal-files", number)


def _page(request: HttpRequest, one: Appraisal, refused: list[str] | None = None) -> HttpResponse:
    context = {"form": adding.FilesForm(refused or ()), "one": one, "files": kept.attachments(one)}
    return htmx.page(request, "appraisal/files.html", context, status=422 if refused else 200)
