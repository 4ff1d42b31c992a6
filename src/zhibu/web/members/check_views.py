"""/checks/ 组织关系排查: rounds, how far each is, and a branch's list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.forms import tried
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.members import checks
from zhibu.web.members.acts import FORM
from zhibu.web.members.life_forms import DayForm
from zhibu.web.members.models import CheckLine, CheckSheet, RollCheck
from zhibu.web.members.target_forms import CheckForm, LineForm


@page("checks.view")
def rounds(request: HttpRequest) -> HttpResponse:
    found = [(one, checks.progress(list(checks.of_round(request.scope, one)))) for one in checks.rounds(request.scope)]
    return htmx.page(request, "members/checks.html", {"rounds": found, "may_open": request.scope.may("checks.open")})


@page("checks.open", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST or None, scope=request.scope, initial={"on": request.scope.on})
    weight = None
    if request.method == "POST" and form.is_valid():
        told = form.facts
        weight = weigh(form, request.scope, checks.asked(request.scope, told["organisation"]), ends_on=told["due_on"])
        if weight is None and (done := tried(form, lambda: checks.open_(by=request.scope, **told))):
            messages.success(request, f"已开始：{done.title}")
            return redirect("checks")
    context = {"form": form, "weight": weight}
    return htmx.page(request, "members/check_new.html", context, status=422 if form.errors else 200)


@page("checks.view")
def check(request: HttpRequest, number: int) -> HttpResponse:
    scope, here = request.scope, _round(request, number)
    lists = list(checks.of_round(scope, here))
    context = {
        "check": here,
        "lists": lists,
        "progress": checks.progress(lists),
        "differences": checks.differences(scope, here)[:500],
        "may_close": not here.closed_on and scope.may_at("checks.open", here.organisation.path),
        "fills": scope.may("checks.answer"),
        "late": here.closed_on is None and here.due_on < scope.on,
    }
    return htmx.page(request, "members/check.html", context)


@page("checks.open", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    here = get_object_or_404(RollCheck.objects.within(request.scope), pk=number)
    try:
        checks.close(by=request.scope, check=here, on=request.scope.on)
        messages.success(request, "排查已结束")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("check", number)


@page("checks.answer", methods=FORM)
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """A branch's list: a state for each, then it is confirmed."""
    here, lines = _sheet(request, number)
    forms = [_line_form(request, line) for line in lines]
    shut = bool(here.check_round.closed_on or here.confirmed_on)
    whole = DayForm({"on": request.scope.on.isoformat()})  # carries what the action refuses
    posted = request.method == "POST"
    if posted and all(form.is_valid() for form in forms) and whole.is_valid():
        states = {line.pk: (form.cleaned_data["state"], form.cleaned_data["last_contact_on"]) for line, form in
                  zip(lines, forms, strict=True)}  # fmt: skip
        done = tried(whole, lambda: checks.answer(by=request.scope, sheet=here, states=states, on=request.scope.on))
        if done:
            messages.success(request, "名单已确认" if done.confirmed_on else "已保存，还有人没填")
            return redirect("check", here.check_round_id)
    bad = posted and bool(whole.errors or any(form.errors for form in forms))
    rows = list(zip(lines, forms, strict=True))
    context: dict[str, Any] = {"sheet": here, "rows": rows, "shut": shut, "form": whole if bad else None}
    return htmx.page(request, "members/sheet.html", context, status=422 if bad else 200)


@page("checks.answer", methods=("POST",))
def undo(request: HttpRequest, number: int) -> HttpResponse:
    here, _ = _sheet(request, number)
    try:
        checks.undo(by=request.scope, sheet=here, on=request.scope.on)
        messages.success(request, "已撤回确认，可以再改")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("check-sheet", number)


def _line_form(request: HttpRequest, line: CheckLine) -> LineForm:
    start = {"state": line.state, "last_contact_on": line.last_contact_on}
    given = request.POST if request.method == "POST" else None
    return LineForm(given, prefix=f"m{line.pk}", initial=start, states=CheckLine.State.choices)


def _round(request: HttpRequest, number: int) -> RollCheck:
    return get_object_or_404(checks.rounds(request.scope), pk=number)


def _sheet(request: HttpRequest, number: int) -> tuple[CheckSheet, list[CheckLine]]:
    found = get_object_or_404(checks.sheets(request.scope), pk=number)
    return found, list(checks.lines_of(request.scope, found))
