"""/tasks/ 任务: the ledger, and one task with the steps whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.files import adding
from zhibu.web.files import queries as files
from zhibu.web.regulations.words import ability_words
from zhibu.web.tasks import attaching, exports, queries, steps
from zhibu.web.tasks import forms as asks
from zhibu.web.tasks.models import Order, Task, TaskStep
from zhibu.web.tasks.origin import chain

# step → (its form, what does it, what it needs, which side, what the message says)
Step = tuple[type[forms.Form], Callable[..., TaskStep], str, str, str]
STEPS: dict[str, Step] = {
    "tell": (asks.TellForm, steps.tell, "tasks.report", "owner", "已记下进展"),
    "report": (asks.ReportForm, steps.report, "tasks.report", "owner", "已报办结，等交办单位验收"),
    "ask": (asks.AskForm, steps.ask_time, "tasks.report", "owner", "已申请延期，等交办单位答复"),
    "person": (asks.PersonForm, steps.name_person, "tasks.report", "owner", "已写上承办人"),
    "accept": (asks.AcceptForm, steps.accept, "tasks.accept", "organisation", "验收通过，已办结"),
    "return": (asks.ReturnForm, steps.send_back, "tasks.accept", "organisation", "已退回，列在承办单位的待办里"),
    "grant": (asks.GrantForm, steps.grant, "tasks.accept", "organisation", "已同意延期"),
    "refuse": (asks.RefuseForm, steps.refuse, "tasks.accept", "organisation", "已答复，期限不变"),
    "withdraw": (asks.WithdrawForm, steps.withdraw, "tasks.issue", "organisation", "已撤回，24 小时内可以恢复"),
}


def _asked(request: HttpRequest) -> queries.Asked:
    return queries.Asked(
        query.text(request, "q"), query.choice(request, "state", queries.STATES),
        query.choice(request, "side", queries.SHOWN), query.choice(request, "kind", Order.Kind.values),
    )  # fmt: skip


@page("tasks.view")
def tasks(request: HttpRequest) -> HttpResponse:
    """`?q=&state=&side=&kind=&page=`"""
    scope, asked = request.scope, _asked(request)
    rows = queries.tasks(scope)
    shown = page_of(request, queries.filtered(rows, asked, scope))
    context = {
        "page": shown, "rows": _rows(shown, scope), "asked": asked, "unit": scope.unit,
        "states": queries.STATES, "sides": queries.SHOWN, "kinds": Order.Kind.choices, "filters": asked.filters(),
        "first": _rows(queries.first_three(scope), scope),
        "people": queries.by_person(scope), "may_issue": scope.may("tasks.issue"),
        "may_export": scope.may("tasks.export"), **queries.figures(rows, scope.on),
    }  # fmt: skip
    return htmx.page(request, "tasks/tasks.html", context, "rows")


def _rows(tasks: Iterable[Task], scope: Scope) -> list[tuple[Task, str, str]]:
    return [(one, one.status(scope.on), one.words(scope.on)) for one in tasks]


@page("tasks.export")
def export(request: HttpRequest) -> HttpResponse:
    content = exports.ledger(by=request.scope, asked=_asked(request))
    return sheets.download(content, sheets.file_name(request.scope.unit, "任务台账", "", request.scope.on))


@page("tasks.view")
def task(request: HttpRequest, number: int) -> HttpResponse:
    return _task(request, found(request, number))


def step(word: str) -> Callable[..., HttpResponse]:
    """The POST of one step; files come with a report."""
    form_class, does, needs, side, said = STEPS[word]
    uploads = "attachments" if word == "report" else None

    @page(needs, methods=("POST",), uploads=uploads)
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one, form = _sides(request, number, side), form_class(request.POST)
        done: list[TaskStep] = []
        if not carried_out(form, lambda **told: done.append(does(**told)), by=request.scope, task=one):
            return _task(request, one, word, form)
        messages.success(request, said)
        return _with_files(request, done[0]) if request.FILES else redirect("task", number)

    return post


def _with_files(request: HttpRequest, made: TaskStep) -> HttpResponse:
    """The step stands; a file that was refused can be sent again from the page of its files."""
    refused = adding.taken(request, lambda file: attaching.attach(by=request.scope, step=made, upload=file))
    for words in refused:
        messages.error(request, words)
    return redirect("task-files", made.task_id, made.pk) if refused else redirect("task", made.task_id)


@page("tasks.view", methods=("POST",))
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """The last step, by the side that did it."""
    one, form = _sides(request, number, "owner", "organisation"), asks.UndoForm(request.POST)
    if tried(form, lambda: steps.undo(by=request.scope, task=one)):
        messages.success(request, "已撤销")
        return redirect("task", number)
    return _task(request, one, "undo", form)


def found(request: HttpRequest, number: int) -> Task:
    return get_object_or_404(queries.tasks(request.scope), pk=number)


def _sides(request: HttpRequest, number: int, *sides: str) -> Task:
    one = found(request, number)
    if request.scope.organisation_id not in {getattr(one, f"{side}_id") for side in sides}:
        raise Http404
    return one


def turns(one: Task, scope: Scope) -> list[str]:
    """The steps that the own organisation may do now."""
    asked = one.asked_due_on is not None and one.open
    fits = {
        "tell": one.in_hand, "report": one.in_hand, "ask": one.in_hand and not asked, "person": one.in_hand,
        "accept": one.state == Task.State.REPORTED, "return": one.state == Task.State.REPORTED,
        "grant": asked, "refuse": asked, "withdraw": one.open,
    }  # fmt: skip
    ours = {side for side in ("owner", "organisation") if getattr(one, f"{side}_id") == scope.organisation_id}
    return [word for word, (_, _, needs, side, _) in STEPS.items() if fits[word] and side in ours and scope.may(needs)]


def _initial(one: Task, scope: Scope) -> dict[str, dict[str, Any]]:
    return {
        "report": {"on": scope.on}, "person": {"person": one.person}, "grant": {"due_on": one.asked_due_on},
        "return": {"due_on": max(one.due_on, scope.on)},
    }  # fmt: skip


def _task(request: HttpRequest, one: Task, word: str = "", form: forms.Form | None = None) -> HttpResponse:
    scope, initial = request.scope, _initial(one, request.scope)
    shown = {name: STEPS[name][0](initial=initial.get(name)) for name in turns(one, scope)}
    if form is not None and word in shown:
        shown[word] = form
    told, last = list(queries.steps(one)), steps.last_step(one)
    meeting = one.order.record
    context = {
        "one": one, "order": one.order, "status": one.status(scope.on), "words": one.words(scope.on),
        "age": one.age(scope.on), "forms": shown, "form": form, "chain": chain(one), "parts": queries.parts(scope, one),
        "problems": queries.answered(scope, one), "abilities": ability_words(one.order.abilities),
        "said": [(each, files.attachments(each), attaching.may_change(scope, each)) for each in told],
        "attach": adding.FilesForm(label="附件") if "report" in shown else None,
        "may_undo": last is not None and steps.may_undo(scope, one, last), "last": last, "meeting": meeting,
        "opens_meeting": meeting and scope.may_at("records.view", meeting.organisation.path),
        "opens_order": scope.may_at("tasks.view", one.organisation.path),
        "may_split": "tell" in shown and not one.owner.is_branch and scope.may("tasks.issue"),
    }  # fmt: skip
    return htmx.page(request, "tasks/task.html", context, status=422 if form is not None else 200)
