"""备案: plan before, report after, each reviewed by the superior."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import clock, htmx
from zhibu.web.core.announce import filing_rows
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.review import queries
from zhibu.web.review.actions import filing as actions
from zhibu.web.review.actions.decide import UNDOABLE
from zhibu.web.review.forms import FilingReviewForm, PlanForm, ReportForm, TextForm
from zhibu.web.review.models import Filing

FORM = ("GET", "HEAD", "POST")
BACK = (Filing.Stage.PLAN_BACK, Filing.Stage.REPORT_BACK)


@page("filings.view")
def filings(request: HttpRequest) -> HttpResponse:
    rows = page_of(request, queries.filings(request.scope))
    context = {
        "page": rows,
        "late": {one.pk for one in rows if actions.overdue(one, request.scope.on)},
        "may_file": request.scope.may("filings.keep"),
    }
    return htmx.page(request, "review/filings.html", context)


@page("filings.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """Also the plan anew, after it came back: of the same activity and year."""
    scope = request.scope
    back = queries.filings(scope).filter(organisation=scope.organisation_id, stage=Filing.Stage.PLAN_BACK).first()
    start = {"year": scope.on.year}
    if back:
        start |= {"kind": back.kind, "year": back.year, "planned_on": back.planned_on, "plan": back.plan}
    form = PlanForm(request.POST or None, initial=start)
    if (
        request.method == "POST"
        and form.is_valid()
        and (made := tried(form, lambda: actions.plan(by=scope, **form.cleaned_data)))
    ):
        messages.success(request, f"方案已报{made.office.short_name or made.office.name}审核")
        return redirect("filing", made.pk)
    context = {"form": form, "back": back}
    return htmx.page(request, "review/filing_new.html", context, status=422 if form.errors else 200)


@page("filings.view")
def filing(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, _found(request, number))


@page("filings.keep", methods=FORM)
def report(request: HttpRequest, number: int) -> HttpResponse:
    one = _own(request, number)
    if request.method != "POST" and one.stage not in (Filing.Stage.PLAN_OK, Filing.Stage.REPORT_BACK):
        messages.info(request, one.get_stage_display())
        return redirect("filing", number)
    start = {"record": one.record and one.record.number, "report": one.report}
    form = ReportForm(request.POST or None, scope=request.scope, filing=one, initial=start)
    if request.method == "POST" and carried_out(form, actions.report, by=request.scope, filing=one):
        messages.success(request, "报告已提交，等上级审核")
        return redirect("filing", number)
    return htmx.page(
        request, "review/filing_report.html", {"form": form, "one": one}, status=422 if form.errors else 200
    )


@page("filings.keep", methods=("POST",))
def recall(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _own(request, number), TextForm(request.POST)
    if carried_out(form, actions.recall, by=request.scope, filing=one):
        messages.success(request, "已撤回，改好再报")
        return redirect("filing", number)
    return _show(request, one, form)


@page("filings.review", methods=("POST",))
def review(request: HttpRequest, number: int) -> HttpResponse:
    """`do=accept|return|undo`"""
    one, form, scope = _found(request, number), FilingReviewForm(request.POST), request.scope
    if not form.is_valid():
        return _show(request, one, form)
    told = form.cleaned_data
    acts = {
        "return": (lambda: actions.give_back(by=scope, filing=one, text=told["text"]), "已退回"),
        "undo": (lambda: actions.undo(by=scope, filing=one), "已撤销"),
        "accept": (lambda: actions.accept(by=scope, filing=one, **told), "已通过审核"),
    }
    act, done = acts.get(request.POST.get("do", ""), acts["accept"])
    if tried(form, act):
        messages.success(request, done)
        return redirect("filing", number)
    return _show(request, _found(request, number), form)


def _found(request: HttpRequest, number: int) -> Filing:
    one = queries.filings(request.scope).filter(pk=number).first()
    if one is None or not request.scope.reaches(one.organisation.path):
        raise Http404
    return one


def _own(request: HttpRequest, number: int) -> Filing:
    one = _found(request, number)
    if one.organisation_id != request.scope.organisation_id:
        raise Http404
    return one


def _show(request: HttpRequest, one: Filing, form: forms.Form | None = None) -> HttpResponse:
    scope, own = request.scope, one.organisation_id == request.scope.organisation_id
    steps = list(one.steps.within(scope.doing("filings.view")))
    reviews, last = scope.may_at("filings.review", one.organisation.path), steps[-1] if steps else None
    undoable = last and last.was in (Filing.Stage.PLAN_SENT, Filing.Stage.REPORT_SENT) and last.what != "撤回"
    context = {
        "one": one,
        "steps": steps,
        "beside": filing_rows(scope, one.pk),
        "form": form,
        "review_form": form if isinstance(form, FilingReviewForm) else FilingReviewForm(),
        "reviews": reviews and one.waits,
        "may_undo": reviews and not one.waits and undoable and clock.now() - last.at < UNDOABLE,
        "keeps": own and scope.may("filings.keep"),
        "late": actions.overdue(one, scope.on),
        "may_open": one.record and scope.may_at("records.view", one.organisation.path),
    }
    return htmx.page(request, "review/filing.html", context, status=422 if form else 200)
