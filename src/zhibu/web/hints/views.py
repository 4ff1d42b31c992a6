"""/hints/ the questions within reach; /hints/<n>/ one of them with its two sides and its answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.hints import actions, queries, switch, twice
from zhibu.web.hints.forms import AnswerForm
from zhibu.web.hints.models import Hint
from zhibu.web.organisations.models import Organisation

STATES = (("open", "没有答复的"), ("answered", "答复了的"))


@page("hints.view")
def hints(request: HttpRequest) -> HttpResponse:
    """`?kind=&state=&o=code&page=`. No numbers: a hint is a question, not a count of anybody."""
    scope, kind = request.scope, asked.choice(request, "kind", Hint.Kind.values)
    state, code = asked.choice(request, "state", dict(STATES)), asked.text(request, "o", 20)
    rows = queries.hints(scope)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(answered_on__isnull=state == "open") if state else rows
    unit = Organisation.objects.within(scope).filter(code=code).first() if code else None
    rows = rows.filter(record__organisation__path__startswith=unit.path) if unit else rows.none() if code else rows
    context = {
        "page": page_of(request, rows), "kinds": Hint.Kind.choices, "kind": kind, "states": STATES, "state": state,
        "unit": unit, "own": scope.organisation_id, "off": [Hint.Kind(one).label for one in switch.off()],
        "may_set": scope.may("hints.set"), "filtered": bool(kind or state or code),
    }  # fmt: skip
    return htmx.page(request, "hints/hints.html", context)


@page("hints.view")
def hint(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    return _page(request, one, AnswerForm(kind=one.kind))


@page("hints.answer", methods=("POST",))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, _own(request, number)
    form = AnswerForm(request.POST, kind=one.kind)
    if form.is_valid() and (kept := tried(form, lambda: actions.answer(by=scope, hint=one, **form.cleaned_data))):
        messages.success(request, "已答复。这一对不会再问")
        mends = kept.answer == Hint.Answer.MEND and scope.may("records.edit")
        return redirect("record-edit", kept.record.number) if mends else redirect("hint", number)
    return _page(request, one, form, status=422)


@page("hints.answer", methods=("POST",))
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    one = _own(request, number)
    form = AnswerForm({}, kind=one.kind)
    if tried(form, lambda: actions.take_back(by=request.scope, hint=one)):
        messages.success(request, "答复已撤回，可以重新答复")
    else:
        messages.error(request, "还没有答复，不用撤回")
    return redirect("hint", number)


def found(request: HttpRequest, number: int) -> Hint:
    rows = queries.hints(request.scope).select_related("picture", "other_picture")
    return get_object_or_404(rows, pk=number)


def _own(request: HttpRequest, number: int) -> Hint:
    one = found(request, number)
    if one.record.organisation_id != request.scope.organisation_id:
        raise Http404
    return one


def _page(request: HttpRequest, one: Hint, form: AnswerForm, status: int = 200) -> HttpResponse:
    scope, other = request.scope, queries.shown(request.scope, one.other)
    own = one.record.organisation_id == scope.organisation_id
    context = {
        "one": one, "other": other, "own": own, "form": form, "has_errors": bool(form.errors),
        "elsewhere": one.other is not None and other is None,
        "texts": queries.side_by_side(one, other) if one.kind == Hint.Kind.TEXT else [],
        "who": _who(scope, one, other),
        "may_answer": own and scope.may("hints.answer"),
        "may_edit": own and scope.may("records.edit"),
        "measured": switch.measured(one.kind),
    }  # fmt: skip
    return htmx.page(request, "hints/hint.html", context, status=status)


def _who(scope: Scope, one: Hint, other: object) -> list[str]:
    """Who is marked present at both, for who may read the roster of the branch asked."""
    if one.kind != Hint.Kind.TWICE or one.other is None:
        return []
    return twice.who(one.record, one.other) if scope.may_at("members.view", one.record.organisation.path) else []
