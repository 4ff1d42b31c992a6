"""/liaison/ 常联系: the register, one matter with its thread, asking, replying."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.files import queries as files
from zhibu.web.liaison import actions, queries
from zhibu.web.liaison.forms import ReplyForm, SendForm
from zhibu.web.liaison.models import Matter
from zhibu.web.organisations import finding

HEADINGS = ["发出单位", "联系对象", "事由", "发出日期", "答复期限", "答复日期", "答复用时（天）"]


@page("liaison.view")
def matters(request: HttpRequest) -> HttpResponse:
    """`?q=&state=unanswered&page=`"""
    scope, q = request.scope, query.text(request, "q")
    state = query.choice(request, "state", ("unanswered",))
    rows = queries.matters(scope)
    shown = page_of(request, queries.between(rows, q, state))
    context = {
        "page": shown,
        "rows": [(one, one.status(scope.on)) for one in shown],
        "q": q,
        "state": state,
        "waiting": rows.filter(queries.UNANSWERED).count(),
        "late": rows.filter(queries.UNANSWERED, due_on__lt=scope.on).count(),
        "may_send": scope.may("liaison.send"),
    }
    return htmx.page(request, "liaison/matters.html", context)


@page("liaison.view")
def export(request: HttpRequest) -> HttpResponse:
    rows: list[list[sheets.Cell]] = [
        [one.organisation.name, one.to.name, one.subject, one.sent_on, one.due_on, one.answered_on, one.days]
        for one in queries.matters(request.scope)
    ]
    sheet = sheets.Sheet("常联系台账", "全部", HEADINGS, rows, [30, 30, 40, 12, 12, 12, 14])
    name = sheets.file_name(request.scope.unit, "常联系台账", "", request.scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("liaison.send", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    scope, here = request.scope, finding.own(request.scope)
    if here is None:
        raise Http404
    to = queries.counterparts(here, scope)
    form = SendForm(request.POST or None, to=to)
    if request.method == "POST" and form.is_valid() and (sent := tried(form, lambda: _send(scope, form))):
        messages.success(request, "已发出，列在对方的待办里")
        return redirect("matter", sent.pk)
    context = {"form": form, "any": to.exists()}
    return htmx.page(request, "liaison/new.html", context, status=422 if form.errors else 200)


@page("liaison.view")
def matter(request: HttpRequest, number: int) -> HttpResponse:
    return _matter(request, found(request, number))


@page("liaison.reply", methods=("POST",))
def reply(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(queries.mine(request.scope), pk=number)
    form = ReplyForm(request.POST)
    if carried_out(form, actions.reply, by=request.scope, matter=one):
        messages.success(request, "已写上")
        return redirect("matter", number)
    return _matter(request, one, form)


def found(request: HttpRequest, number: int) -> Matter:
    return get_object_or_404(queries.matters(request.scope), pk=number)


def _matter(request: HttpRequest, one: Matter, form: ReplyForm | None = None) -> HttpResponse:
    scope = request.scope
    sides = (one.organisation_id, one.to_id)
    said = queries.said(one)
    context = {
        "one": one,
        "status": one.status(scope.on),
        "said": [(each, files.attachments(each), each.organisation_id == scope.organisation_id) for each in said],
        "may_write": scope.may("liaison.reply") and scope.organisation_id in sides,
        "form": form or ReplyForm(),
    }
    return htmx.page(request, "liaison/matter.html", context, status=422 if form else 200)


def _send(scope: Scope, form: SendForm) -> Matter:
    return actions.send(by=scope, **form.cleaned_data)
