"""/audit/chain/ 校验: is the log as it was written, who vouches for it, and what we hold for those below."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit import exports, queries, sealed, verification
from zhibu.web.audit.chain.holding import Fork
from zhibu.web.audit.chain.holding import take as take_in
from zhibu.web.audit.chain.notes import Unsigned
from zhibu.web.audit.denials import refused
from zhibu.web.audit.forms import TakeForm
from zhibu.web.audit.models import Held, Outcome
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of

TEXT = "text/plain; charset=utf-8"


@page("audit.view")
def chain(request: HttpRequest) -> HttpResponse:
    """The last verification in words, our checkpoints, those we hold of others."""
    _whole(request)
    return _page(request, TakeForm())


@page("audit.verify", methods=("POST",))
def verify(request: HttpRequest) -> HttpResponse:
    """Begin a verification; the page tells how far it is."""
    _whole(request)
    verification.ask(by=request.scope)
    return redirect("audit-chain")


@page("audit.hold", methods=("POST",))
def take(request: HttpRequest) -> HttpResponse:
    """Keep what an installation below has sent. What contradicts is a line of the log, for it is what we watch for."""
    _whole(request)
    form = TakeForm(request.POST)
    if form.is_valid():
        try:
            kept = take_in(by=request.scope, **form.cleaned_data)
        except (Unsigned, Fork) as error:
            form.add_error("text", str(error))
            refused(by=request.scope, action="audit.hold", outcome=Outcome.FAILED, sentence=f"没有收存检查点：{error}")
        else:
            messages.success(request, f"收存了 {len(kept)} 个检查点" if kept else "这些检查点以前都收存过")
            return redirect("audit-chain")
    return _page(request, form, 422)


@page("audit.export")
def checkpoints(request: HttpRequest) -> HttpResponse:
    """Our own, to be sent to the superior organisation."""
    _whole(request)
    return sheets.download(exports.checkpoints(by=request.scope), "audit-checkpoints.txt", TEXT)


@page("audit.export")
def held(request: HttpRequest, origin: str) -> HttpResponse:
    """Those we hold of one installation, for its comparison."""
    _whole(request)
    if not Held.objects.filter(origin=origin).exists():
        raise Http404
    return sheets.download(exports.held(by=request.scope, origin=origin), "held-checkpoints.txt", TEXT)


def _whole(request: HttpRequest) -> None:
    """Checkpoints and verifications are about the whole log: for a post that sees part of it they are not there."""
    if not queries.of_everything(request.scope):
        raise Http404


def _page(request: HttpRequest, form: TakeForm, status: int = 200) -> HttpResponse:
    may = request.scope.may
    context: dict[str, Any] = sealed.state() | {
        "page": page_of(request, sealed.checkpoints(), 10), "held": sealed.held(), "form": form,
        "working": verification.going(), "may_verify": may("audit.verify"), "may_hold": may("audit.hold"),
        "may_export": may("audit.export"),
    }  # fmt: skip
    return htmx.page(request, "audit/chain.html", context, "progress" if context["working"] else "", status)
