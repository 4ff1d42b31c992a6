"""/letters/templates/<n>/issue/ and board/: a template goes to units; how each of them stands, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.queries import minutes_sent
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.letters import exports, issuing, queries
from zhibu.web.letters.draft_views import FORM, found, own, show
from zhibu.web.letters.forms import IssueForm, ReasonForm
from zhibu.web.letters.models import LetterBlock, LetterTemplate
from zhibu.web.letters.scores import ROUNDING, Row, board
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation
from zhibu.web.tasks.forms import OWN, Group
from zhibu.web.tasks.origin import groups


@page("letters.keep", methods=FORM)
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Chosen, weighed, issued."""
    scope, one = request.scope, own(request, number)
    first = {"minutes": minutes_sent(one)}
    form = IssueForm(request.POST or None, scope=scope, groups=_groups(scope), initial=first)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, one)
    units = [each for each in form.cleaned_data["units"] if each.pk != scope.organisation_id]
    if weight := weigh(form, scope, units, starts_on=scope.on, ends_on=one.year_by):
        return _form(request, form, one, weight=weight)
    told = {"sign_by": form.cleaned_data["sign_by"], "minutes": form.cleaned_data["minutes"]}
    if made := tried(form, lambda: issuing.issue(by=scope, template=one, units=units, **told)):
        messages.success(request, f"已下发给 {len(made)} 个单位，列在它们的待办里，等签订")
        return redirect("letter-board", number)
    return _form(request, form, one)


def _groups(scope: Scope) -> list[Group]:
    """Below the own organisation, and what a work committee supervises beside its subtree."""
    here = finding.own(scope)
    if here is None:
        return []
    told = [one for one in groups(scope, here) if one[0] != OWN]
    beside = Organisation.objects.within(scope).filter(dissolved_on=None).exclude(path__startswith=here.path)
    many = beside.count()
    return [*told, ("beside", f"所管的机关党组织（{many} 个）", beside.order_by("path"))] if many else told


def _form(request: HttpRequest, form: IssueForm, one: LetterTemplate, **more: Any) -> HttpResponse:
    context = {"form": form, "one": one} | more
    return htmx.page(request, "letters/issue.html", context, status=422 if form.errors else 200)


@page("letters.keep", methods=("POST",))
def recall(request: HttpRequest, number: int) -> HttpResponse:
    one, form = own(request, number), ReasonForm(request.POST)
    if carried_out(form, issuing.recall, by=request.scope, template=one):
        messages.success(request, "已全部撤回，模板可以修改")
        return redirect("letter-template", number)
    return show(request, one, form, "recall")


@page("letters.keep")
def units(request: HttpRequest, number: int) -> HttpResponse:
    """As the tree stands: no ranking."""
    one = found(request, number)
    blocks = queries.blocks(one)
    shown = page_of(request, exports.letters_of(request.scope, one))
    context = {
        "one": one, "page": shown, "blocks": blocks, "rounding": ROUNDING, "unit": request.scope.unit,
        "rows": [_row(row, blocks, request.scope.on) for row in board(one, blocks, list(shown))],
        "may_export": request.scope.may("letters.export"),
    }  # fmt: skip
    return htmx.page(request, "letters/board.html", context, "rows")


def _row(row: Row, blocks: Sequence[LetterBlock], on: date) -> tuple[Any, ...]:
    named = [(one.title, got, full) for one, (got, full) in zip(blocks, row.blocks, strict=True)]
    return row, row.letter.status(on), row.letter.words(on), named


@page("letters.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    content = exports.workbook(by=request.scope, template=one)
    name = sheets.file_name(request.scope.unit, "责任书考核结果", str(one.year), request.scope.on)
    return sheets.download(content, name)
