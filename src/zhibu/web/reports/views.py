"""/reports/ 报告包: the list, beginning one, its page, its texts, 定稿, 作废, Word."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.reports import actions, package, queries
from zhibu.web.reports import word as words
from zhibu.web.reports.forms import ReasonForm, ReportForm, TextForm
from zhibu.web.reports.models import Report
from zhibu.web.reports.parts import part

FORM = ("GET", "HEAD", "POST")
KINDS = {"": "全部", **dict(Report.Kind.choices)}


@page("reports.view")
def reports(request: HttpRequest) -> HttpResponse:
    """`?kind=half&page=`"""
    scope, kind = request.scope, asked.choice(request, "kind", KINDS)
    rows = queries.reports(scope)
    context = {
        "page": page_of(request, rows.filter(kind=kind) if kind else rows), "kind": kind, "kinds": KINDS.items(),
        "may_keep": scope.may("reports.keep"), "today": scope.on,
    }  # fmt: skip
    return htmx.page(request, "reports/reports.html", context, "rows")


@page("reports.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    form = ReportForm(request.POST or None, initial={"kind": asked.choice(request, "kind", KINDS), "until": scope.on})
    if request.method == "POST" and form.is_valid() and (made := tried(form, lambda: _begin(scope, form))):
        messages.success(request, "已起草。数字已经取好，写文字就行")
        return redirect("report", made.pk)
    context = {"form": form, "before": queries.conference_before(scope, scope.on)}
    return htmx.page(request, "reports/new.html", context, status=422 if form.errors else 200)


@page("reports.view")
def report(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, found(request, number)
    units = list(queries.units(scope, one))
    context = {
        "one": one, "parts": queries.shown(scope, one), "keeps": keeps(scope, one),
        "may_export": scope.may_at("reports.export", one.organisation.path),
        "units": units, "asks": _asks(one), "drafts": any(each.draft for each in units),
        "orders": package.orders(scope, one) if scope.may("tasks.view") else (), "issues": _issues(scope, one),
    }  # fmt: skip
    return htmx.page(request, "reports/report.html", context)


@page("reports.keep", methods=FORM)
def text(request: HttpRequest, number: int, key: str) -> HttpResponse:
    one = kept(request, number)
    told = next((each for each in queries.shown(request.scope, one) if each.part.key == key), None)
    if told is None or not one.draft:
        raise Http404
    form = TextForm(request.POST or None, initial={"text": told.text, "version": told.version})
    if request.method == "POST" and carried_out(form, actions.say, by=request.scope, report=one, key=key):
        messages.success(request, f"“{part(one, key).heading}”已保存")
        return redirect("report", number)
    context = {"form": form, "one": one, "told": told}
    return htmx.page(request, "reports/text.html", context, status=422 if form.errors else 200)


@page("reports.keep", methods=FORM)
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows what will be fixed; POST does it."""
    one = kept(request, number)
    if not one.draft:
        return redirect("report", number)
    if request.method == "POST":
        try:
            actions.keep(by=request.scope, report=one)
        except Unfit as refusal:
            messages.error(request, str(refusal))
            return redirect("report-keep", number)
        messages.success(request, "已定稿，数字和文字从此不变")
        return redirect("report", number)
    parts = queries.shown(request.scope, one)
    context = {
        "one": one, "figures": sum(len(each.figures) for each in parts), "early": one.until > request.scope.on,
        "empty": [each.part.heading for each in parts if not each.text],
    }  # fmt: skip
    return htmx.page(request, "reports/keep.html", context)


@page("reports.keep", methods=FORM)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    one, form = kept(request, number), ReasonForm(request.POST or None)
    if request.method == "POST" and carried_out(form, actions.withdraw, by=request.scope, report=one):
        messages.success(request, "已作废，还可以查看")
        return redirect("report", number)
    context = {"form": form, "title": f"作废{one.title}", "back": "report", "number": number,
               "lead": "作废以后还可以查看，不能再改。要重写的，另起草一份", "word": "作废"}  # fmt: skip
    return htmx.page(request, "reports/reason.html", context, status=422 if form.errors else 200)


@page("reports.export")
def word(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    book = words.export(by=request.scope, report=one, site=request.build_absolute_uri("/").rstrip("/"))
    name = sheets.file_name(one.organisation.short_name, one.title, "", request.scope.on, "docx")
    return sheets.download(book, name, words.KIND)


def found(request: HttpRequest, number: int) -> Report:
    return get_object_or_404(queries.reports(request.scope), pk=number)


def kept(request: HttpRequest, number: int) -> Report:
    """One of the own organisation."""
    one = found(request, number)
    if not keeps(request.scope, one):
        raise Http404
    return one


def keeps(scope: Scope, one: Report) -> bool:
    return one.organisation_id == scope.organisation_id and scope.may_at("reports.keep", one.organisation.path)


def _asks(one: Report) -> bool:
    """Whether units below are asked for reports of this kind."""
    return one.kind == Report.Kind.HALF


def _issues(scope: Scope, one: Report) -> bool:
    """Whether the reader may issue tasks from it."""
    ready = one.kind == Report.Kind.CONFERENCE and one.kept_on and not one.withdrawn_on
    return bool(ready) and keeps(scope, one) and scope.may("tasks.issue")


def _begin(scope: Scope, form: ReportForm) -> Report:
    return actions.begin(by=scope, **form.cleaned_data)
