"""/plans/days/ 活动日: the four unifications, the rules of the day, what was not kept."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.plans.actions import days as actions
from zhibu.web.plans.actions import exporting, issue
from zhibu.web.plans.forms.issue import DayForm, DisciplinesForm, NoteForm, initial_of
from zhibu.web.plans.models import Kept
from zhibu.web.plans.queries import days as queries
from zhibu.web.plans.queries import meetings, themes
from zhibu.web.plans.views.plans import asked_year
from zhibu.web.records.models import Record

FORM = ("GET", "HEAD", "POST")
NUMBER = re.compile(r"[\w-]{1,20}\Z")
HEADINGS = ("党支部", "日期", "时间", "内容", "形式", "交纳党费", "准备会", "偏差说明")
BREACHES = ("党支部", "活动日期", "活动记录", "纪律", "出处", "情况", "登记日期", "谁登记的")


@page("plans.view")
def days(request: HttpRequest) -> HttpResponse:
    """`?year=&month=&page=`"""
    scope, year, month = request.scope, asked_year(request), _month(request)
    shown = page_of(request, queries.fixed_days(scope, year, month))
    rows = queries.days(scope, list(shown))
    context = {
        "page": shown,
        "rows": [(one, meetings.prepared(one.preparation, one.record.held_on)) for one in rows],
        "owed": sum(one.owed for one in rows),
        "year": year,
        "years": range(scope.on.year, scope.on.year - 4, -1),
        "month": month,
        "months": range(1, 13),
        "may_export": scope.may("plans.export"),
        "may_issue": scope.may("plans.issue"),
    }
    return htmx.page(request, "plans/days.html", context)


@page("plans.export")
def export(request: HttpRequest) -> HttpResponse:
    scope, year, month = request.scope, asked_year(request), _month(request)
    rows: list[list[sheets.Cell]] = [
        [one.record.organisation.name, one.record.held_on, *(f"{mark.short}：{mark.says}" for mark in one.marks),
         meetings.prepared(one.preparation, one.record.held_on)[1], one.explanation]
        for one in queries.days(scope, list(queries.fixed_days(scope, year, month)))
    ]  # fmt: skip
    period = f"{year} 年{f' {month} 月' if month else ''}"
    sheet = sheets.Sheet("活动日四个统一", period, HEADINGS, rows, [36, 12, 28, 36, 28, 28, 24, 36])
    return sheets.download(exporting.export(by=request.scope, sheet=sheet), _name(scope, "活动日", period))


@page("plans.view")
def day(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, found(request, number))


@page("plans.keep", methods=("POST",))
def check(request: HttpRequest, number: str) -> HttpResponse:
    scope, record = request.scope, found(request, number)
    if record.organisation_id != scope.organisation_id:
        raise Http404
    form = _form(scope, record, request.POST)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("preparation", "explanation")}
        served = list(form.cleaned_data["served"])
        tried(form, lambda: actions.check(by=scope, record=record, served=served, marks=form.marks, **told))
    if form.errors:
        return _show(request, record, form)
    messages.success(request, "已保存")
    return redirect("day", number=number)


@page("plans.note", methods=("POST",))
def note(request: HttpRequest, number: str) -> HttpResponse:
    record = found(request, number)
    if record.organisation_id == request.scope.organisation_id:
        raise Http404
    form = NoteForm(request.POST, rows=queries.in_force(record))
    if carried_out(form, actions.note, by=request.scope, record=record):
        messages.success(request, "已登记，列在违反情况里")
        return redirect("day", number=number)
    return _show(request, record, note=form)


@page("plans.issue", methods=FORM)
def rules(request: HttpRequest) -> HttpResponse:
    rows = [one for one in queries.disciplines(request.scope) if one.ends_on is None]
    mine = [one for one in rows if one.organisation_id == request.scope.organisation_id]
    start = {"lines": "\n".join(one.text for one in mine), "source": mine[-1].source if mine else ""}
    form = DisciplinesForm(request.POST or None, initial=start)
    if request.method == "POST" and carried_out(form, issue.disciplines, by=request.scope):
        messages.success(request, "已规定，今天起的活动照此对照")
        return redirect("day-rules")
    context = {"form": form, "others": [one for one in rows if one not in mine]}
    return htmx.page(request, "plans/rules.html", context, status=422 if form.errors else 200)


@page("plans.view")
def breaches(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page_of(request, queries.breaches(request.scope)),
        "may_export": request.scope.may("plans.export"),
        "body": actions.body(request.scope) if request.scope.may("plans.note") else "",
    }
    return htmx.page(request, "plans/breaches.html", context)


@page("plans.export")
def breaches_export(request: HttpRequest) -> HttpResponse:
    rows: list[list[sheets.Cell]] = [
        [one.record.organisation.name, one.record.held_on, one.record.number, one.discipline.text,
         one.discipline.source, one.note, one.noted_on, one.noted_by]
        for one in queries.breaches(request.scope)
    ]  # fmt: skip
    sheet = sheets.Sheet("违反活动日纪律", "全部", BREACHES, rows, [36, 12, 16, 40, 30, 40, 12, 30])
    return sheets.download(exporting.export(by=request.scope, sheet=sheet), _name(request.scope, "违反活动日纪律", ""))


@page("plans.note", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    rows = Kept.objects.within(request.scope).filter(above=True, noted_by=actions.body(request.scope))
    one = get_object_or_404(rows, pk=number)
    actions.withdraw_note(by=request.scope, mark=one)
    messages.success(request, "已撤回")
    return redirect("breaches")


def found(request: HttpRequest, number: str) -> Record:
    rows = Record.objects.within(request.scope).filter(withdrawn_at=None).select_related("organisation")
    one = rows.filter(number=number).first() if NUMBER.match(number) else None
    if one is None:
        raise Http404
    return one


def _show(
    request: HttpRequest, record: Record, form: DayForm | None = None, note: NoteForm | None = None
) -> HttpResponse:
    scope = request.scope.doing("plans.view")
    [one] = queries.days(scope, [record])
    mine = record.organisation_id == scope.organisation_id and scope.may_at("plans.keep", record.organisation.path)
    above = record.organisation_id != scope.organisation_id and scope.may_at("plans.note", record.organisation.path)
    marks = list(queries.marks_of(scope, record))
    context = {
        "one": one,
        "record": record,
        "fixed": queries.FIXED in record.types,
        "prepared": meetings.prepared(one.preparation, record.held_on),
        "served": themes.served_by(scope, record),
        "marks": marks,
        "form": form or (_form(scope, record) if mine else None),
        "note": note or (NoteForm(rows=queries.in_force(record)) if above else None),
        "any_rule": queries.in_force(record).exists(),
    }
    return htmx.page(request, "plans/day.html", context, status=422 if form or note else 200)


def _form(scope: Scope, record: Record, data=None) -> DayForm:
    view = scope.doing("plans.view")
    [one] = queries.days(view, [record])
    offered = meetings.preparations(view, record.organisation_id, record.held_on)
    linked = one.preparation.pk if one.preparation else None
    start = {
        "served": [theme.pk for theme in themes.served_by(view, record)],
        "preparation": linked or (None if one.check else meetings.likely(offered, record.held_on)),
        "explanation": one.explanation or (one.meeting.changed_why if one.meeting else ""),
        **initial_of(list(queries.marks_of(view, record))),
    }
    return DayForm(
        data, initial=start, themes=themes.choices(record.organisation, record.held_on),
        preparations=offered,
        rules=list(queries.in_force(record)), deviates=queries.FIXED in record.types and one.deviates,
    )  # fmt: skip


def _month(request: HttpRequest) -> int:
    text = asked.text(request, "month", 2)
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 12 else 0


def _name(scope: Scope, table: str, period: str) -> str:
    return sheets.file_name(scope.unit, table, period, scope.on)
