"""/letters/templates/…: writing a template, its blocks and clauses; issuing it; the board of its units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.letters import clausing, drafting, queries
from zhibu.web.letters import forms as asks
from zhibu.web.letters.fulfilment import rule_titles
from zhibu.web.letters.models import LetterBlock, LetterClause, LetterTemplate, Tier

FORM = ("GET", "HEAD", "POST")
WORDS = {"template": "模板", "block": "板块", "clause": "条款"}


@page("letters.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = asks.TemplateForm(request.POST or None, initial={"year": request.scope.on.year})
    make = lambda: drafting.make(by=request.scope, **form.cleaned_data)  # noqa: E731
    return _kept(request, form, make, "制定责任书模板", reverse("letters"))


@page("letters.keep")
def template(request: HttpRequest, number: int) -> HttpResponse:
    return show(request, found(request, number))


@page("letters.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = own(request, number)
    form = asks.TemplateForm(request.POST or None, initial=asks.initial_of(one, asks.TemplateForm))
    alter = lambda: drafting.alter(by=request.scope, template=one, **form.cleaned_data)  # noqa: E731
    return _kept(request, form, alter, "修改模板", reverse("letter-template", args=[number]))


@page("letters.keep", methods=("POST",))
def copy(request: HttpRequest, number: int) -> HttpResponse:
    one = own(request, number)
    form = asks.NoForm(request.POST)
    if made := tried(form, lambda: drafting.copy(by=request.scope, template=one)):
        messages.success(request, f"已照这份制定 {made.year} 年的，日期都推后一年，逐条看一看")
        return redirect("letter-template", made.pk)
    return show(request, one, form)


@page("letters.keep", methods=("POST",))
def drop(request: HttpRequest, number: int) -> HttpResponse:
    one, form = own(request, number), asks.NoForm(request.POST)
    if tried(form, lambda: drafting.drop(by=request.scope, template=one)):
        messages.success(request, "已作废")
        return redirect("letters")
    return show(request, one, form)


@page("letters.keep", methods=FORM)
def block_new(request: HttpRequest, number: int) -> HttpResponse:
    one = own(request, number)
    first = {"kind": LetterBlock.Kind.PARTY, "first": Tier.UNIT_SECRETARY}
    form = asks.BlockForm(request.POST or None, initial=first)
    add = lambda: clausing.add_block(by=request.scope, template=one, **form.cleaned_data)  # noqa: E731
    return _kept(request, form, add, "加板块", reverse("letter-template", args=[number]))


@page("letters.keep", methods=FORM)
def block(request: HttpRequest, number: int) -> HttpResponse:
    """Altered, or with `do=drop` taken out."""
    rows = LetterBlock.objects.within(request.scope).select_related("template")
    one = get_object_or_404(rows.filter(template__organisation=request.scope.organisation_id), pk=number)
    form = asks.BlockForm(request.POST or None, initial=asks.initial_of(one, asks.BlockForm))
    back = reverse("letter-template", args=[one.template_id])
    if request.POST.get("do") == "drop":
        return _dropped(request, lambda: clausing.drop_block(by=request.scope, block=one), form, "修改板块", back)
    alter = lambda: clausing.alter_block(by=request.scope, block=one, **form.cleaned_data)  # noqa: E731
    return _kept(request, form, alter, "修改板块", back, drops="删去这个板块和它的条款")


@page("letters.keep", methods=FORM)
def clause_new(request: HttpRequest, number: int) -> HttpResponse:
    rows = LetterBlock.objects.within(request.scope).select_related("template")
    one = get_object_or_404(rows.filter(template__organisation=request.scope.organisation_id), pk=number)
    first = {"due_on": date(one.template.year, 12, 31)}
    form = asks.ClauseForm(request.POST or None, initial=first)
    add = lambda: clausing.add_clause(by=request.scope, block=one, **form.cleaned_data)  # noqa: E731
    return _kept(request, form, add, f"加条款：{one.title}", reverse("letter-template", args=[one.template_id]))


@page("letters.keep", methods=FORM)
def clause(request: HttpRequest, number: int) -> HttpResponse:
    """Altered, or with `do=drop` taken out."""
    rows = LetterClause.objects.within(request.scope).select_related("block__template")
    mine = rows.filter(block__template__organisation=request.scope.organisation_id)
    one = get_object_or_404(mine, pk=number)
    form = asks.ClauseForm(request.POST or None, initial=asks.initial_of(one, asks.ClauseForm))
    back = reverse("letter-template", args=[one.block.template_id])
    if request.POST.get("do") == "drop":
        return _dropped(request, lambda: clausing.drop_clause(by=request.scope, clause=one), form, "修改条款", back)
    alter = lambda: clausing.alter_clause(by=request.scope, clause=one, **form.cleaned_data)  # noqa: E731
    return _kept(request, form, alter, "修改条款", back, drops="删去这一条")


def found(request: HttpRequest, number: int) -> LetterTemplate:
    return get_object_or_404(queries.templates(request.scope), pk=number)


def own(request: HttpRequest, number: int) -> LetterTemplate:
    one = found(request, number)
    if one.organisation_id != request.scope.organisation_id:
        raise Http404
    return one


def _kept(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], title: str, back: str, drops: str = ""
) -> HttpResponse:
    """The page of a form; posted and right, the act is done and the template shown."""
    if request.method == "POST" and form.is_valid() and (made := tried(form, act)):
        messages.success(request, "已保存")
        return redirect("letter-template", _template_of(made))
    context = {"form": form, "title": title, "back": back, "drops": drops}
    return htmx.page(request, "letters/form.html", context, status=422 if form.errors else 200)


def _dropped(request: HttpRequest, act: Callable[[], Any], form: forms.Form, title: str, back: str) -> HttpResponse:
    asked = asks.NoForm(request.POST)
    tried(asked, act)
    if not asked.errors:
        messages.success(request, "已删去")
        return redirect(back)
    return htmx.page(request, "letters/form.html", {"form": asked, "title": title, "back": back}, status=422)


def _template_of(made: Any) -> int:
    if isinstance(made, LetterTemplate):
        return made.pk
    return made.template_id if isinstance(made, LetterBlock) else made.block.template_id


def show(request: HttpRequest, one: LetterTemplate, form: forms.Form | None = None, act: str = "") -> HttpResponse:
    scope = request.scope
    told = queries.blocks(one)
    clauses = [(each, list(each.clauses.all())) for each in told]
    mine = one.organisation_id == scope.organisation_id and one.dropped_on is None
    context = {
        "one": one, "blocks": [_shown(each, rows) for each, rows in clauses], "mine": mine,
        "total": sum(clause.points for _, rows in clauses for clause in rows),
        "open": mine and not one.many, "ready": bool(clauses) and all(rows for _, rows in clauses), "wrong": form,
        "opens_document": scope.may("library.view"),
        "recall": form if act == "recall" and form else asks.ReasonForm(auto_id="id_recall_%s"),
    }  # fmt: skip
    return htmx.page(request, "letters/template.html", context, status=422 if form is not None else 200)


def _shown(
    each: LetterBlock, rows: list[LetterClause]
) -> tuple[LetterBlock, Any, list[tuple[LetterClause, list[str]]]]:
    return each, sum(one.points for one in rows), [(one, rule_titles(one.rules)) for one in rows]
