"""/letters/ 责任书: the letters within reach, one letter with its clauses, its paper, signing and withdrawal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.official import KIND
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.saved import to_be_saved
from zhibu.web.core.sheets import file_name
from zhibu.web.files import queries as files
from zhibu.web.letters import issuing, queries, word, wording
from zhibu.web.letters.forms import ReasonForm, SignForm
from zhibu.web.letters.fulfilment import fulfilment
from zhibu.web.letters.models import Letter, LetterBlock, LetterCheck
from zhibu.web.letters.people import people
from zhibu.web.organisations import finding


def _asked(request: HttpRequest) -> queries.Asked:
    year = request.GET.get("year", "")
    return queries.Asked(
        query.text(request, "q"), query.choice(request, "state", queries.STATES),
        int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
    )  # fmt: skip


@page("letters.view")
def letters(request: HttpRequest) -> HttpResponse:
    """`?q=&state=&year=&page=`"""
    scope, asked, here = request.scope, _asked(request), finding.own(request.scope)
    shown = page_of(request, queries.filtered(queries.letters(scope), asked))
    context = {
        "page": shown, "rows": [(one, one.status(scope.on), one.words(scope.on)) for one in shown], "asked": asked,
        "states": queries.STATES, "years": queries.years(scope), "unit": scope.unit,
        "templates": queries.own_templates(scope)[:20] if scope.may("letters.keep") else [],
        "may_keep": scope.may("letters.keep") and here is not None and not here.is_branch,
    }  # fmt: skip
    return htmx.page(request, "letters/letters.html", context, "rows")


@page("letters.view")
def letter(request: HttpRequest, number: int) -> HttpResponse:
    return show(request, found(request, number))


@page("letters.view")
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """A4, to be printed and signed."""
    context = _told(request, found(request, number))
    context["parts"] = [(section, _tiers(context["people"], section.block)) for section in context["sections"]]
    return htmx.page(request, "letters/paper.html", context)


@page("letters.export")
def as_word(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    content = word.export(by=request.scope, letter=one)
    name = file_name(one.unit.name, one.template.title, "", request.scope.on, "docx")
    return to_be_saved(HttpResponse(content, content_type=KIND), name)


@page("letters.sign", methods=("POST",))
def sign(request: HttpRequest, number: int) -> HttpResponse:
    one, form = side(request, number, "organisation", "unit"), SignForm(request.POST)
    if carried_out(form, issuing.sign, by=request.scope, letter=one):
        messages.success(request, "已登记签字")
        return redirect("letter", number)
    return show(request, one, "sign", form)


@page("letters.sign", methods=("POST",))
def unsign(request: HttpRequest, number: int) -> HttpResponse:
    one, form = side(request, number, "organisation"), ReasonForm(request.POST)
    if carried_out(form, issuing.unsign, by=request.scope, letter=one):
        messages.success(request, "已撤回签订记录，可以重新登记")
        return redirect("letter", number)
    return show(request, one, "unsign", form)


@page("letters.keep", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    one, form = side(request, number, "organisation"), ReasonForm(request.POST)
    if carried_out(form, issuing.withdraw, by=request.scope, letter=one):
        messages.success(request, "已撤回。需要的，从模板再下发给这个单位")
        return redirect("letter", number)
    return show(request, one, "withdraw", form)


def found(request: HttpRequest, number: int) -> Letter:
    return get_object_or_404(queries.letters(request.scope), pk=number)


def side(request: HttpRequest, number: int, *sides: str) -> Letter:
    """A letter of which the own organisation is one of these sides."""
    one = found(request, number)
    if request.scope.organisation_id not in {getattr(one, f"{each}_id") for each in sides}:
        raise Http404
    return one


def _told(request: HttpRequest, one: Letter) -> dict[str, Any]:
    """What the page and the paper both say."""
    told = wording.sections(one)
    return {
        "one": one, "template": one.template, "sections": told, "people": people(request.scope, one),
        "full": wording.full(told), "clean": LetterBlock.Kind.CLEAN,
    }  # fmt: skip


def show(request: HttpRequest, one: Letter, act: str = "", form: forms.Form | None = None) -> HttpResponse:
    scope, context = request.scope, _told(request, one)
    how = fulfilment(scope, one, [line for section in context["sections"] for line in section.lines])
    done = [how[line.clause.pk].percent == 100 for line in wording.lines(context["sections"])]
    context |= {
        "status": one.status(scope.on), "words": one.words(scope.on), "how": how, "many": len(done),
        "done": sum(done), "files": files.attachments(one), "checks": checks(scope, one),
        "form": form, "act": act, "wrong": {act: form} if form else {}, **_acts(request, one, context, act, form),
    }  # fmt: skip
    context["parts"] = [
        (section, section.block, _tiers(context["people"], section.block),
         [(line, how[line.clause.pk], context["people"].words(line.clause.tier)) for line in section.lines])
        for section in context["sections"]
    ]  # fmt: skip
    return htmx.page(request, "letters/letter.html", context, status=422 if form is not None else 200)


def _tiers(found_: Any, block: LetterBlock) -> list[tuple[str, str]]:
    told = [("第一责任人", block.first), ("直接责任人", block.direct)]
    return [(label, found_.words(tier)) for label, tier in told if tier]


def checks(scope: Any, one: Letter) -> list[tuple[str, str, LetterCheck | None, Any]]:
    """(term, its name, the check or None, by when the unit reports) of those the letter has."""
    if not one.signed:
        return []
    told = queries.checks(one)
    return [(term, LetterCheck.Term(term).label, told.get(term), day) for term, day in one.days.items()]


def _acts(request: HttpRequest, one: Letter, context: dict, act: str, form: forms.Form | None) -> dict[str, Any]:
    """The forms of what this post may do to the letter now."""
    scope, found_ = request.scope, context["people"]
    issuer, unit = one.organisation_id == scope.organisation_id, one.unit_id == scope.organisation_id
    stands = one.state != Letter.State.WITHDRAWN
    signs = []
    for side_, word_ in issuing.SIDES.items():
        mine = (issuer or (unit and side_ == "unit")) and scope.may("letters.sign")
        if mine and stands and getattr(one, f"{side_}_signed_on") is None:
            sent = form if act == "sign" and form is not None and form.data.get("side") == side_ else None
            first = {"side": side_, "signer": found_.signer(side_), "on": scope.on}
            signs.append((side_, word_, sent or SignForm(initial=first, auto_id=f"id_{side_}_%s")))
    may_unsign = issuer and scope.may("letters.sign") and stands and (one.above_signed_on or one.unit_signed_on)
    return {
        "signs": signs,
        "unsign": (form if act == "unsign" else ReasonForm(auto_id="id_unsign_%s")) if may_unsign else None,
        "withdraw": (form if act == "withdraw" else ReasonForm(auto_id="id_withdraw_%s"))
        if issuer and stands and scope.may("letters.keep") else None,
        "opens_document": scope.may("library.view"), "issuer": issuer, "mine": unit,
        "may_amend": issuer and one.signed and scope.may("letters.keep"),
        "may_file": issuer and stands and scope.may("letters.sign"), "may_export": scope.may("letters.export"),
    }  # fmt: skip
