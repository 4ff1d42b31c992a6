"""/concerns/ 反映事项: the ledger, taking in, one concern with the step whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.concerns import actions, exports, queries
from zhibu.web.concerns import forms as asks
from zhibu.web.concerns.models import Concern
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.clock import day_words
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.members import masks
from zhibu.web.organisations import finding

FORM = ("GET", "HEAD", "POST")
State = Concern.State
# step → (its form, what does it, what the message says)
STEPS: dict[str, tuple[type[forms.Form], Callable[..., Concern], str]] = {
    "assign": (asks.AssignForm, actions.assign, "已交办，列在对方的本月任务或者待我办里"),
    "handle": (asks.HandleForm, actions.handle, "已记下办理结果，还要答复"),
    "reply": (asks.ReplyForm, actions.reply, "已答复，等反映人评价"),
    "redo": (asks.RedoForm, actions.redo, "已退回重办"),
    "rate": (asks.RateForm, actions.rate, "已办结，联系方式已删除"),
    "withdraw": (asks.WithdrawForm, actions.withdraw, "已撤回，联系方式已删除"),
}


def _asked(request: HttpRequest) -> queries.Asked:
    return queries.Asked(
        query.text(request, "q"), query.choice(request, "state", queries.STATES),
        query.choice(request, "source", Concern.Source.values),
    )  # fmt: skip


@page("concerns.view")
def concerns(request: HttpRequest) -> HttpResponse:
    """`?q=&state=&source=&page=`"""
    scope, asked = request.scope, _asked(request)
    rows = queries.concerns(scope)
    shown = page_of(request, queries.filtered(rows, asked, scope.on))
    context = {
        "page": shown, "rows": [(one, one.status(scope.on)) for one in shown], "asked": asked, "unit": scope.unit,
        "states": queries.STATES, "sources": Concern.Source.choices, **queries.figures(rows, scope.on),
        "may_keep": scope.may("concerns.keep"), "may_set": scope.may("concerns.kinds"),
        "may_export": scope.may("concerns.export"), "filters": asked.filters(),
    }  # fmt: skip
    return htmx.page(request, "concerns/concerns.html", context, "rows")


@page("concerns.export")
def export(request: HttpRequest) -> HttpResponse:
    content = exports.ledger(by=request.scope, asked=_asked(request), unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "反映事项台账", "", request.scope.on))


@page("concerns.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope, here = request.scope, finding.own(request.scope)
    if here is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = asks.TakeForm(posted, kinds=queries.kinds(here), initial={"taken_on": scope.on})
    good = posted is not None and form.is_valid()
    if good and (made := tried(form, lambda: actions.take_in(by=scope, **form.cleaned_data))):
        messages.success(request, f"已受理，{day_words(made.due_on)}前答复。自己办的直接写结果，别处办的交办出去")
        return redirect("concern", made.pk)
    return htmx.page(request, "concerns/new.html", {"form": form, "here": here}, status=422 if form.errors else 200)


@page("concerns.view")
def concern(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(queries.concerns(request.scope), pk=number)
    return _concern(request, one)


def step(word: str) -> Callable[..., HttpResponse]:
    """The POST of one step."""
    form_class, does, said = STEPS[word]

    @page("concerns.keep", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one = get_object_or_404(queries.mine(request.scope), pk=number)
        form = _form(form_class, request.scope, request.POST)
        if carried_out(form, does, by=request.scope, concern=one):
            messages.success(request, said)
            return redirect("concern", number)
        return _concern(request, one, word, form)

    return post


def _form(form_class: type[forms.Form], scope: Scope, posted: Any = None) -> forms.Form:
    more = {"scope": scope.doing("concerns.keep")} if form_class is asks.AssignForm else {}
    return form_class(posted, initial={"on": scope.on}, **more)


def turns(one: Concern, scope: Scope) -> list[str]:
    """The steps that the own organisation may do now."""
    taker, handler = one.organisation_id == scope.organisation_id, one.handler_id == scope.organisation_id
    if not scope.may("concerns.keep") or not one.open or not (taker or handler):
        return []
    open_ = ["handle", "assign"] if handler and one.state in (State.TAKEN, State.ASSIGNED) else []
    answer = ["reply"] if one.state == State.HANDLED else []
    rated = ["rate"] if taker and one.state == State.REPLIED else []
    back = ["redo"] if taker and one.state in (State.HANDLED, State.REPLIED) else []
    return [*open_, *answer, *rated, *back, *(["withdraw"] if taker else [])]


def _concern(request: HttpRequest, one: Concern, word: str = "", form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope
    shown = {name: _form(STEPS[name][0], scope) for name in turns(one, scope)}
    if form is not None:
        shown[word] = form
    sides = (one.organisation_id, one.handler_id)
    context = {
        "one": one, "status": one.status(scope.on), "steps": queries.steps(one), "forms": shown, "form": form,
        "wrong": word, "contact": masks.shown(one, "contact", masks.phone) if one.contact_sealed else "",
        "may_unmask": scope.may("concerns.unmask") and scope.organisation_id in sides, "visit": one.visit_id,
    }  # fmt: skip
    return htmx.page(request, "concerns/concern.html", context, status=422 if form is not None else 200)
