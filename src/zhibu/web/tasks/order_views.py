"""/tasks/orders/ 交办事项: the register of what was decided, one with all its units, giving it, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.weighing import Weight, weigh
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations import finding
from zhibu.web.regulations.words import ability_words
from zhibu.web.tasks import actions, queries, recalling
from zhibu.web.tasks.forms import IssueForm, WithdrawForm
from zhibu.web.tasks.models import Order, Problem
from zhibu.web.tasks.origin import Origin, groups, origin

FORM = ("GET", "HEAD", "POST")
STATES = {"open": "还有单位没办结的", "late": "有单位过了期限的", "closed": "全部办结的"}
LISTED = 60  # names on the page of a last look


@page("tasks.view")
def orders(request: HttpRequest) -> HttpResponse:
    """`?q=&state=&kind=&page=`: what was decided, how old it is, the last thing that was done."""
    scope, q, state = request.scope, query.text(request, "q"), query.choice(request, "state", STATES)
    kind = query.choice(request, "kind", Order.Kind.values)
    rows = queries.orders(scope)
    shown = page_of(request, queries.standing(rows, state, kind, q))
    context = {
        "page": shown, "rows": [(one, queries.age(one, scope.on)) for one in shown], "q": q, "state": state,
        "kind": kind, "states": STATES, "kinds": Order.Kind.choices, "unit": scope.unit,
        "still": queries.standing(rows, "open").count(), "may_issue": scope.may("tasks.issue"),
    }  # fmt: skip
    return htmx.page(request, "tasks/orders.html", context, "rows")


@page("tasks.view")
def order(request: HttpRequest, number: int) -> HttpResponse:
    return _order(request, _found(request, number))


@page("tasks.issue", methods=("POST",))
def recall(request: HttpRequest, number: int) -> HttpResponse:
    own = queries.orders(request.scope).filter(organisation=request.scope.organisation_id)
    one, form = get_object_or_404(own, pk=number), WithdrawForm(request.POST)
    if carried_out(form, recalling.recall, by=request.scope, order=one):
        messages.success(request, "已撤回。单个单位的，24 小时内可以在任务页恢复")
        return redirect("order", number)
    return _order(request, one, form)


@page("tasks.issue", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """Typed, looked at once more with the number of units (`do=check`), then given (`do=issue`)."""
    scope, own = request.scope, finding.own(request.scope)
    if own is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    source = origin(scope, request.GET if posted is None else posted)
    told = {"scope": scope, "groups": groups(scope, own), "alone": own.is_branch}
    if posted is None:
        return _form(request, IssueForm(initial=source.initial(own, scope.on), **told), source)
    form = IssueForm(posted, **told)
    if not form.is_valid():
        return _form(request, form, source, 422)
    act = posted.get("do")
    if act == "edit":
        return _form(request, form, source)
    weight = weigh(form, scope, form.cleaned_data["units"]) if form.cleaned_data.get("minutes") else None
    if act != "issue" or weight:
        return _check(request, form, source, weight)
    if made := tried(form, lambda: actions.issue(by=scope, **_facts(form), **source.facts())):
        messages.success(request, "已交办，列在承办单位的待办里")
        return redirect("order", made.pk)
    return _form(request, form, source, 422)


def _facts(form: IssueForm) -> dict[str, Any]:
    aside = ("whom", "record", "part", "problems", "seen")
    return {name: value for name, value in form.cleaned_data.items() if name not in aside}


def _form(request: HttpRequest, form: IssueForm, source: Origin, status: int = 200) -> HttpResponse:
    return htmx.page(request, "tasks/new.html", {"form": form, "source": source}, status=status)


def _check(request: HttpRequest, form: IssueForm, source: Origin, weight: Weight | None) -> HttpResponse:
    """How many units get it and what it costs them, and which of them have one of that name in hand already."""
    told = form.cleaned_data
    context = {
        "form": form, "told": told, "source": source, "many": len(told["units"]), "names": told["units"][:LISTED],
        "kind": Order.Kind(told["kind"]).label, "important": Order.Weight(told["weight"]).label,
        "abilities": ability_words(told["abilities"]), "listed": LISTED, "weight": weight,
        "twice": queries.same_title(request.scope, told["title"], told["units"]),
    }  # fmt: skip
    return htmx.page(request, "tasks/check.html", context)


def _found(request: HttpRequest, number: int) -> Order:
    return get_object_or_404(queries.orders(request.scope), pk=number)


def _order(request: HttpRequest, one: Order, form: WithdrawForm | None = None) -> HttpResponse:
    scope = request.scope
    rows = queries.tasks(scope).filter(order=one).order_by("owner__path", "pk")
    shown = page_of(request, rows)
    own, meeting = one.organisation_id == scope.organisation_id, one.record
    context = {
        "one": one, "page": shown, "rows": [(each, each.status(scope.on), each.words(scope.on)) for each in shown],
        "problems": Problem.objects.within(scope).filter(order=one).select_related("unit", "fault"),
        "age": queries.age(one, scope.on), "abilities": ability_words(one.abilities), "meeting": meeting,
        "opens_meeting": meeting and scope.may_at("records.view", meeting.organisation.path),
        "may_recall": own and scope.may("tasks.issue") and one.still, "form": form or WithdrawForm(), "wrong": form,
    }  # fmt: skip
    return htmx.page(request, "tasks/order.html", context, status=422 if form else 200)
