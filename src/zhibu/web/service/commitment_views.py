"""/service/commitments/ 承诺: the ledger, one commitment, the notice board."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.service import commitments as kept
from zhibu.web.service import exports, queries
from zhibu.web.service.forms import CommitForm, FulfilForm, ReasonForm
from zhibu.web.service.models import Commitment
from zhibu.web.service.places import FORM, Nothing, asked, found


@page("service.view")
def commitments(request: HttpRequest) -> HttpResponse:
    """`?state=&page=`"""
    scope, state = request.scope, query.choice(request, "state", queries.STATES)
    shown = page_of(request, queries.commitments(scope, state))
    here = Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
    context = {
        "page": shown, "rows": [(one, *one.status(scope.on)) for one in shown], "state": state, "unit": scope.unit,
        "states": queries.STATES, "counts": queries.figures(scope), "here": here,
        "may_keep": scope.may("service.keep"), "may_export": scope.may("service.export"),
    }  # fmt: skip
    return htmx.page(request, "service/commitments.html", context, "rows")


@page("service.export")
def export(request: HttpRequest) -> HttpResponse:
    state = query.choice(request, "state", queries.STATES)
    content = exports.commitments(by=request.scope, state=state, unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "承诺台账", "", request.scope.on))


@page("service.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = CommitForm(request.POST or None, scope=request.scope)
    lead = "公开的承诺列在本党组织的公示里，党员看得到"
    return asked(request, "登记承诺", form, kept.make, "已登记，到期以前会列在本月任务", "commitments", lead=lead)


@page("service.view")
def commitment(request: HttpRequest, number: int) -> HttpResponse:
    return _commitment(request, found(queries.commitments(request.scope), number))


STEPS: dict[str, tuple[str, type, Any, str]] = {
    "fulfil": ("service.keep", FulfilForm, kept.fulfil, "已记下，由另一个人确认"),
    "withdraw": ("service.keep", ReasonForm, kept.withdraw, "已撤回"),
    "confirm": ("service.confirm", Nothing, kept.confirm, "已确认践诺"),
    "back": ("service.confirm", ReasonForm, kept.give_back, "已退回，承诺还在做"),
}


def step(word: str) -> Any:
    """The POST of one step."""
    needs, form_class, does, said = STEPS[word]

    @page(needs, methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one, form = found(queries.commitments(request.scope), number), form_class(request.POST)
        if carried_out(form, does, by=request.scope, commitment=one):
            messages.success(request, said)
            return redirect("commitment", number)
        return _commitment(request, one, word, form)

    return post


def _commitment(request: HttpRequest, one: Commitment, word: str = "", form: Any = None) -> HttpResponse:
    scope = request.scope
    own = one.organisation_id == scope.organisation_id and scope.may("service.keep")
    open_, waits = one.fulfilled_on is None and not one.withdrawn_on, one.fulfilled_on and not one.confirmed_on
    shown: dict[str, Any] = {}
    if own and open_:
        shown = {"fulfil": FulfilForm(initial={"on": scope.on}), "withdraw": ReasonForm()}
    if waits and scope.may_at("service.confirm", one.organisation.path):
        shown = {"confirm": Nothing(), "back": ReasonForm()}
    if form is not None:
        shown[word] = form
    status, says = one.status(scope.on)
    context = {"one": one, "status": status, "says": says, "forms": shown, "form": form}
    return htmx.page(request, "service/commitment.html", context, status=422 if form is not None else 200)


@page("service.read")
def board(request: HttpRequest, code: str) -> HttpResponse:
    """公示: public commitments of one organisation, to be printed."""
    here = get_object_or_404(Organisation.objects.within(request.scope), code=code)
    rows = [(one, *one.status(request.scope.on)) for one in queries.board(request.scope, here)]
    return htmx.page(request, "service/board.html", {"here": here, "rows": rows})
