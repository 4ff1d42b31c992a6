"""/plans/ 年度计划: who has one, one of them month by month, making it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.plans import words
from zhibu.web.plans.actions import exporting
from zhibu.web.plans.actions import plans as actions
from zhibu.web.plans.forms.plans import AnswerForm, BeginForm, PlanForm
from zhibu.web.plans.models import MeetingNotice, Plan
from zhibu.web.plans.queries import meetings
from zhibu.web.plans.queries import plans as queries
from zhibu.web.regulations.words import event_word

FORM = ("GET", "HEAD", "POST")
STATES = {"none": "还没有计划", **dict(Plan.State.choices)}
HEADINGS = (
    "月",
    "日",
    "类型",
    "主题",
    "主题目录",
    "学习内容",
    "地点",
    "负责人",
    "主讲人",
    "备注",
    "办了没有",
    "活动记录",
    "怎么算的",
)
WIDTHS = [6, 6, 24, 30, 20, 30, 20, 12, 12, 24, 12, 16, 18]


def asked_year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else request.scope.on.year
    return year if 1921 <= year <= request.scope.on.year + 1 else request.scope.on.year


@page("plans.view")
def plans(request: HttpRequest) -> HttpResponse:
    """`?year=&state=none&page=`"""
    scope, year = request.scope, asked_year(request)
    state = asked.choice(request, "state", STATES)
    shown = page_of(request, queries.listed(scope, year, state))
    whole = queries.listed(scope, year).count()
    context = {
        "page": shown,
        "rows": _rows(scope, list(shown), year),
        "year": year,
        "years": range(scope.on.year + 1, scope.on.year - 4, -1),
        "state": state,
        "states": STATES.items(),
        "whole": whole,
        "made": queries.plans(scope).filter(year=year).count(),
        "waiting": queries.plans(scope.doing("plans.answer")).filter(year=year, state="filed").count(),
        "may_keep": queries.own(scope.doing("plans.keep")),
        "may_export": scope.may("plans.export"),
    }
    return htmx.page(request, "plans/plans.html", context)


def _rows(scope: Scope, places: list, year: int) -> list[tuple]:
    """(organisation, plan or none, rate)"""
    of = queries.of_year(scope, places, year)
    found = queries.progress(scope, list(of.values()))
    return [
        (place, plan, queries.rate(found[plan.pk]) if plan else None)
        for place in places for plan in [of.get(place.pk)]
    ]  # fmt: skip


@page("plans.export")
def listing(request: HttpRequest) -> HttpResponse:
    scope, year = request.scope, asked_year(request)
    rows: list[list[sheets.Cell]] = [
        [place.name, STATES[plan.state if plan else "none"], plan and plan.filed_on, rate and rate.planned,
         rate and rate.due, rate and rate.done]
        for place, plan, rate in _rows(scope, list(queries.listed(scope, year)), year)
    ]  # fmt: skip
    headings = ["党组织", "计划", "报送日期", "事项", "到现在该办", "办了"]
    sheet = sheets.Sheet(f"{year} 年计划", "本级和下级", headings, rows, [40, 14, 14, 10, 12, 10])
    name = sheets.file_name(scope.unit, "年度计划", str(year), scope.on)
    return sheets.download(exporting.export(by=request.scope, sheet=sheet), name)


@page("plans.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope, here = request.scope, queries.own(request.scope)
    if here is None:
        raise Http404
    form = BeginForm(request.POST or None, today=scope.on, kind=here.kind, sector=here.sector)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: actions.begin(by=scope, **form.cleaned_data))
        if made:
            messages.success(request, "已建好。逐月补上日期、主题、负责人，再报送")
            return redirect("plan", made.pk)
    templates = [
        (one["title"], [(event_word(kind), months) for kind, months in one["months"].items()])
        for one in words.templates_for(here.kind, here.sector)
    ]
    context = {"form": form, "templates": templates}
    return htmx.page(request, "plans/new.html", context, status=422 if form.errors else 200)


@page("plans.view")
def plan(request: HttpRequest, number: int) -> HttpResponse:
    return show(request, found(request, number))


def show(request: HttpRequest, one: Plan, form: AnswerForm | None = None) -> HttpResponse:
    scope = request.scope
    view = scope.doing("plans.view")
    rows, told = queries.progress(view, [one])[one.pk], meetings.announced(view, one)
    whole = request.GET.get("whole") == "1" or one.year != scope.on.year
    context = {
        "one": one,
        "whole": whole,
        "folded": 0 if whole else sum(row.over and row.status == "done" for row in rows),
        "rows": [(row, told.get(row.item.pk)) for row in rows if whole or not (row.over and row.status == "done")],
        "any": rows,
        "rate": queries.rate(rows),
        "mine": mine(scope, one),
        "above": one.organisation_id != scope.organisation_id and scope.may_at("plans.answer", one.organisation.path),
        "may_export": scope.may_at("plans.export", one.organisation.path),
        "form": form or AnswerForm(),
        "today": scope.on,
    }
    return htmx.page(request, "plans/plan.html", context, status=422 if form else 200)


@page("plans.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, found(request, number)
    rows: list[list[sheets.Cell]] = [
        [row.item.month, row.item.day, row.item.types_words, row.item.topic, row.item.theme and row.item.theme.name,
         row.item.content, row.item.place, row.item.owner, row.item.speaker, row.item.note, row.says,
         row.record and row.record.number, row.how]
        for row in queries.progress(scope, [one])[one.pk]
    ]  # fmt: skip
    sheet = sheets.Sheet(f"{one.year} 年计划", one.organisation.name, HEADINGS, rows, WIDTHS)
    name = sheets.file_name(one.organisation.name, "年度计划", str(one.year), scope.on)
    return sheets.download(exporting.export(by=request.scope, sheet=sheet), name)


@page("plans.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """固定活动日, and the three of a study plan."""
    one = kept(request, number)
    form = PlanForm(request.POST or None, initial={name: getattr(one, name) for name in PlanForm.base_fields})
    if request.method == "POST" and carried_out(form, actions.describe, by=request.scope, plan=one):
        messages.success(request, "已保存")
        return redirect("plan", number)
    return htmx.page(request, "plans/edit.html", {"form": form, "one": one}, status=422 if form.errors else 200)


def found(request: HttpRequest, number: int) -> Plan:
    return get_object_or_404(queries.plans(request.scope), pk=number)


def mine(scope: Scope, one: Plan | MeetingNotice) -> bool:
    return one.organisation_id == scope.organisation_id and scope.may_at("plans.keep", one.organisation.path)


def kept(request: HttpRequest, number: int) -> Plan:
    """One of the own organisation."""
    one = found(request, number)
    if not mine(request.scope, one):
        raise Http404
    return one
