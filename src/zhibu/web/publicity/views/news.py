"""/publicity/ 信息: what was handed in; one of them, and what its writer and the committee above may do with it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.publicity import actions, queries
from zhibu.web.publicity.forms import AdoptForm, NewsForm, ReasonForm
from zhibu.web.publicity.models import News
from zhibu.web.publicity.views.tabs import tabs

FORM = ("GET", "HEAD", "POST")
POST = ("POST",)
HEADINGS = ("标题", "党组织", "类别", "报送", "情况", "采用级别", "刊发在")
State = News.State


@page("publicity.view")
def listing(request: HttpRequest) -> HttpResponse:
    """`?q=&state=&page=`"""
    scope, q = request.scope, asked.text(request, "q")
    state = asked.choice(request, "state", State.values)
    context = {
        "page": page_of(request, queries.news(scope, q, state)), "q": q, "state": state, "states": State.choices,
        "may_write": scope.may("publicity.write"), "tabs": tabs(scope, "publicity"),
        "waiting": queries.to_judge(scope).count() if scope.may("publicity.judge") else 0,
    }  # fmt: skip
    return htmx.page(request, "publicity/news.html", context)


@page("publicity.view")
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, its filters in row 2."""
    scope, q = request.scope, asked.text(request, "q")
    state = asked.choice(request, "state", State.values)
    rows: list[list[sheets.Cell]] = [
        [one.title, one.organisation.name, one.get_kind_display(), one.sent_on, one.get_state_display(),
         one.get_level_display(), one.published_in]
        for one in queries.news(scope, q, state)
    ]  # fmt: skip
    about = f"{scope.unit}；{f'查找：{q}；' if q else ''}{State(state).label if state else '全部情况'}"
    sheet = sheets.Sheet("信息", about, HEADINGS, rows, (40, 30, 12, 12, 12, 12, 30))
    return sheets.download(sheets.workbook(sheet), sheets.file_name(scope.unit, "信息", "", scope.on))


@page("publicity.write", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = NewsForm(request.POST or None)
    if form.is_bound and form.is_valid() and (sent := tried(form, lambda: _send(request.scope, form))):
        messages.success(request, "已报送，上级采用或退回都会在这里写明")
        return redirect("news", sent.pk)
    return htmx.page(request, "publicity/news_form.html", {"form": form}, status=422 if form.errors else 200)


@page("publicity.view")
def one(request: HttpRequest, number: int) -> HttpResponse:
    return _one(request, found(request, number))


@page("publicity.write", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    here = _own(request, number)
    start = {"kind": here.kind, "title": here.title, "text": here.text}
    form = NewsForm(request.POST or None, initial=start)
    if form.is_bound and carried_out(form, actions.correct, by=request.scope, news=here):
        messages.success(request, "已重新报送" if here.state == State.RETURNED else "已修改")
        return redirect("news", number)
    context = {"form": form, "here": here}
    return htmx.page(request, "publicity/news_form.html", context, status=422 if form.errors else 200)


@page("publicity.write", methods=POST)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return _act(request, _own(request, number), "withdraw", ReasonForm(request.POST), actions.withdraw, "已撤回")


@page("publicity.write", methods=POST)
def share(request: HttpRequest, number: int) -> HttpResponse:
    here, shared = _own(request, number), request.POST.get("shared") == "1"
    form = forms.Form(request.POST)
    words = "其他党委、工委可以在“经验互通”里看到" if shared else "已从“经验互通”里撤下"
    if tried(form, lambda: actions.share(by=request.scope, news=here, shared=shared)):
        messages.success(request, words)
    else:
        messages.error(request, "；".join(form.non_field_errors()))
    return redirect("news", number)


@page("publicity.judge", methods=POST)
def adopt(request: HttpRequest, number: int) -> HttpResponse:
    return _act(request, found(request, number), "adopt", AdoptForm(request.POST), actions.adopt, "已登记采用")


@page("publicity.judge", methods=POST)
def send_back(request: HttpRequest, number: int) -> HttpResponse:
    return _act(request, found(request, number), "back", ReasonForm(request.POST), actions.send_back, "已退回")


def found(request: HttpRequest, number: int) -> News:
    rows = queries.news(request.scope)
    return get_object_or_404(rows, pk=number)


def _own(request: HttpRequest, number: int) -> News:
    here = found(request, number)
    if here.organisation_id != request.scope.organisation_id:
        raise Http404
    return here


def _act(
    request: HttpRequest, here: News, name: str, form: forms.Form, act: Callable[..., object], word: str
) -> HttpResponse:
    if carried_out(form, act, by=request.scope, news=here):
        messages.success(request, word)
        return redirect("news", here.pk)
    return _one(request, here, **{name: form})


def _one(request: HttpRequest, here: News, **tried_forms: forms.Form) -> HttpResponse:
    scope, path = request.scope, here.organisation.path
    own = here.organisation_id == scope.organisation_id and scope.may("publicity.write")
    judges = scope.may_at("publicity.judge", path)
    context = {
        "here": here, "own": own, "open": here.state in (State.SENT, State.RETURNED),
        "may_adopt": judges and here.state in (State.SENT, State.ADOPTED),
        "may_return": judges and here.state == State.SENT,
        "adopt": AdoptForm(initial={"level": here.level, "published_in": here.published_in}),
        "back": ReasonForm(), "withdraw": ReasonForm(),
        "may_see_record": bool(here.record) and scope.may_at("records.view", path),
        **tried_forms,
    }  # fmt: skip
    return htmx.page(request, "publicity/one.html", context, status=422 if tried_forms else 200)


def _send(scope: Scope, form: NewsForm) -> News:
    return actions.send(by=scope, **form.cleaned_data)
