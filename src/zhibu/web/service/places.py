"""From an address to a row, or a 404; and the answer of a POST that only carries something out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx

FORM = ("GET", "HEAD", "POST")


class Nothing(forms.Form):
    """A button alone."""


def found[M: Model](rows: QuerySet[M], number: int) -> M:
    return get_object_or_404(rows, pk=number)


def done(
    request: HttpRequest, form: forms.Form, act: Callable[..., Any], said: str, *to: Any, **given: Any
) -> HttpResponse:
    """Carried out, or why not as a message: for pages whose rows are small forms of one or two fields."""
    if carried_out(form, act, by=request.scope, **given):
        messages.success(request, said)
    else:
        messages.error(request, "没有做成：" + "；".join(str(one) for some in form.errors.values() for one in some))
    return redirect(*to)


def asked(
    request: HttpRequest, title: str, form: forms.Form, act: Callable[..., Any], said: str, to: str, word: str = "登记",
    lead: str = "", **given: Any,
) -> HttpResponse:  # fmt: skip
    """A page of one form."""
    if request.method == "POST" and carried_out(form, act, by=request.scope, **given):
        messages.success(request, said)
        return redirect(to)
    context = {"form": form, "title": title, "word": word, "back": to, "lead": lead}
    return htmx.page(request, "service/form.html", context, status=422 if form.errors else 200)
