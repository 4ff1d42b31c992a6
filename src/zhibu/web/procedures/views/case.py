"""/procedures/<number>/: the track of a case; taking a step back, handing the case over, withdrawing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.procedures import actions, effects, queries
from zhibu.web.procedures.forms import MoveForm, ReasonForm
from zhibu.web.procedures.keeping import records_of
from zhibu.web.procedures.models import Case, StepRecord
from zhibu.web.procedures.track import track


@page("procedures.view")
def show(request: HttpRequest, number: int) -> HttpResponse:
    scope, case = request.scope, found(request, number)
    shown = track(scope, case)
    own = case.organisation_id == scope.organisation_id
    context = {
        "case": case,
        "name": queries.shown(scope, case),
        "track": shown,
        "custodies": queries.custodies(case),
        "may_withdraw": case.open and own and scope.may_at("procedures.open", case.organisation.path),
        "may_move": case.open and scope.may_at("procedures.move", case.organisation.path),
        "may_undo": scope.may_at("procedures.undo", case.organisation.path),
        "may_attach": own and scope.may_at("procedures.record", case.organisation.path),
        "moved": queries.gone_to(scope, case),
    }
    return htmx.page(request, "procedures/case.html", context)


@page("procedures.undo", methods=("GET", "HEAD", "POST"))
def undo(request: HttpRequest, number: int, record: int) -> HttpResponse:
    case = found(request, number)
    row = record_of(case, record)
    if row.undone_at:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():

        def act() -> StepRecord:
            try:
                return actions.undo_step(by=request.scope, record=row, **form.cleaned_data)
            except effects.CannotFollow as refusal:
                raise actions.Unfit("", str(refusal)) from refusal

        if tried(form, act):
            messages.success(request, f"已撤销“{row.title}”，记录和理由留在办理经过里")
            return redirect("case", number)
    context = {"case": case, "row": row, "form": form}
    return htmx.page(request, "procedures/undo.html", context, status=422 if form.errors else 200)


@page("procedures.move", methods=("GET", "HEAD", "POST"))
def move(request: HttpRequest, number: int) -> HttpResponse:
    scope, case = request.scope, found(request, number)
    initial = {"on": scope.on, "to": request.GET.get("to", "")[:20]}
    form = MoveForm(request.POST if request.method == "POST" else None, scope=scope, initial=initial)
    if form.is_valid() and tried(form, lambda: actions.move_case(by=scope, case=case, **form.cleaned_data)):
        messages.success(request, "已转过去，时间连续计算")
        return redirect("cases")
    context = {"case": case, "name": queries.shown(scope, case), "form": form}
    return htmx.page(request, "procedures/move.html", context, status=422 if form.errors else 200)


@page("procedures.open", methods=("GET", "HEAD", "POST"))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    case = found(request, number)
    if case.organisation_id != request.scope.organisation_id:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and tried(form, lambda: actions.withdraw_case(by=request.scope, case=case, **form.cleaned_data)):
        messages.success(request, "已撤回")
        return redirect("case", number)
    context = {"case": case, "form": form}
    return htmx.page(request, "procedures/withdraw.html", context, status=422 if form.errors else 200)


def found(request: HttpRequest, number: int) -> Case:
    """A case within reach of what the page needs; 404 else, whether it exists or not."""
    return get_object_or_404(queries.seen(request.scope).select_related("by"), pk=number)


def record_of(case: Case, record: int) -> StepRecord:
    row = next((one for one in records_of(case) if one.pk == record), None)
    if row is None:
        raise Http404
    return row
