"""/organisations/<code>/lines/ 领导和指导关系: which superiors an organisation has beside the one of the tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.access.forms import EndForm, LineForm
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.organisations import supervision, tree
from zhibu.web.organisations.models import Organisation


@page("lines.view")
def lines(request: HttpRequest, code: str) -> HttpResponse:
    return _lines(request, _place(request, code))


@page("lines.keep", methods=("POST",))
def begin(request: HttpRequest, code: str) -> HttpResponse:
    here, form = _place(request, code), LineForm(request.POST, scope=request.scope)
    if form.is_valid():
        try:
            line = supervision.begin(by=request.scope, organisation=here, **form.cleaned_data)
        except supervision.Contradiction as refusal:
            form.add_error("superior", str(refusal))
        else:
            messages.success(request, f"已登记：{line.superior.name}，{line.get_kind_display()}")
            return redirect("lines", code)
    return _lines(request, here, form)


@page("lines.keep", methods=("POST",))
def end(request: HttpRequest, code: str, number: int) -> HttpResponse:
    here = _place(request, code)
    line = get_object_or_404(supervision.superiors(here), pk=number)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "写明结束日期和文件，再结束这条关系")
        return redirect("lines", code)
    try:
        supervision.end(by=request.scope, line=line, **form.cleaned_data)
    except supervision.Contradiction as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已结束：{line.superior.name}，{line.get_kind_display()}")
    return redirect("lines", code)


def _place(request: HttpRequest, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), code=code)


def _lines(request: HttpRequest, here: Organisation, form: LineForm | None = None) -> HttpResponse:
    scope = request.scope
    keeps = scope.may_at("lines.keep", here.path)
    context = {
        "here": here,
        "superior": tree.superior(here),
        "lines": list(supervision.superiors(here)),
        "today": scope.on,
        "form": form or (LineForm(scope=scope, initial={"starts_on": scope.on}) if keeps else None),
        "end": EndForm(initial={"ends_on": scope.on}),
        "keeps": keeps,
    }
    return htmx.page(request, "access/lines.html", context, status=422 if form else 200)
