"""/organisations/<code>/<step>/: one form for each step of an organisation's life, and taking the last one back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.organisations import forms, history, lifecycle
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")


def place(request: HttpRequest, code: str) -> Organisation:
    """The organisation of that code within reach, else 404, which reads alike."""
    fine = len(code) <= 20 and "\x00" not in code
    found = Organisation.objects.within(request.scope).filter(code=code).first() if fine else None
    if found is None:
        raise Http404
    return found


def _step(action: Callable[..., Organisation], form: type[forms.StepForm], thing: str = "organisation"):
    """`thing`: what the action calls the organisation of the address."""

    @page(action.action_name, methods=FORM)  # type: ignore[attr-defined]
    def view(request: HttpRequest, code: str) -> HttpResponse:
        scope, here = request.scope, place(request, code)
        start = {"on": scope.on, "kind": here.kind if thing == "organisation" else "", "sector": here.sector}
        filled = form(request.POST or None, scope=scope, here=here, initial=start)
        if request.method == "POST" and filled.is_valid():
            given: dict[str, Any] = {thing: here, **filled.cleaned_data}
            if done := tried(filled, lambda: action(by=scope, **given)):
                messages.success(request, f"已{filled.word}：{done.name}。变更记入沿革")
                return redirect("organisations-below", done.code)
        context = {"here": here, "form": filled}
        return htmx.page(request, "organisations/step.html", context, status=422 if filled.errors else 200)

    return view


set_up = _step(lifecycle.set_up, forms.SetUpForm, "superior")
rename = _step(lifecycle.rename, forms.RenameForm)
convert = _step(lifecycle.convert, forms.ConvertForm)
move = _step(lifecycle.move, forms.MoveForm)
merge = _step(lifecycle.merge, forms.MergeForm)
abolish = _step(lifecycle.abolish, forms.AbolishForm)


@page("organisations.undo", methods=FORM)
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """The last step of an organisation is taken back, with a reason."""
    here = place(request, code)
    last = next(iter(history.changes(here)), None)
    if last is None:
        raise Http404
    form = forms.UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        told = f"已撤回{last.on} 的{last.get_kind_display()}"
        if done := tried(form, lambda: lifecycle.undo(by=request.scope, change=last, reason=reason)):
            messages.success(request, told)
            return redirect("organisations-below", done.code)
    context = {"here": here, "form": form, "last": last}
    return htmx.page(request, "organisations/undo.html", context, status=422 if form.errors else 200)
