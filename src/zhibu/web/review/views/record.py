"""One record under review: what stands there, what was said, two buttons for the reviewer, one for the branch."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import clock, htmx
from zhibu.web.core.pages import page
from zhibu.web.files import queries as files
from zhibu.web.organisations import tree
from zhibu.web.records.models import Record
from zhibu.web.records.queries import closed_by
from zhibu.web.review import actions, queries
from zhibu.web.review.actions.decide import UNDOABLE
from zhibu.web.review.forms import FaultForm, ResubmitForm, ReturnForm
from zhibu.web.review.models import RecordReview
from zhibu.web.review.offices import usual_days
from zhibu.web.review.views.inbox import return_form


@page("review.view")
def record(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, _found(request, number))


@page("review.decide", methods=("POST",))
def accept(request: HttpRequest, number: str) -> HttpResponse:
    held, form = _found(request, number), forms.Form(request.POST)
    version = _version(request)
    if tried(form, lambda: actions.accept(by=request.scope, record=held.record, version=version)):
        messages.success(request, f"{number} 已通过，24 小时内可以撤销")
        return redirect("inbox")
    return _refused(request, form, number)


@page("review.decide", methods=("POST",))
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    held, form, version = _found(request, number), return_form(request.scope, request.POST), _version(request)
    if not form.is_valid():
        return _show(request, held, form, 422)
    told = form.cleaned_data
    if tried(form, lambda: actions.return_(by=request.scope, record=held.record, version=version, **told)):
        messages.success(request, f"{number} 已退回，列在支部的本月任务里，24 小时内可以撤销")
        return redirect("inbox")
    return _show(request, _found(request, number), form, 422)


@page("review.decide", methods=("POST",))
def undo(request: HttpRequest, number: str) -> HttpResponse:
    held, form = _found(request, number), forms.Form(request.POST)
    if tried(form, lambda: actions.undo(by=request.scope, record=held.record)):
        messages.success(request, f"已撤销，{number} 重新等审核")
        return redirect("review-record", number)
    return _refused(request, form, number)


@page("review.resubmit", methods=("POST",))
def resubmit(request: HttpRequest, number: str) -> HttpResponse:
    held, form = _own(request, number), ResubmitForm(request.POST)
    act: Callable[[], object] = lambda: (  # noqa: E731
        actions.resubmit(by=request.scope, record=held.record, text=form.cleaned_data["text"]) or True
    )
    if form.is_valid() and tried(form, act):
        messages.success(request, "已重新提交，等审核")
        return redirect("review-record", number)
    return _show(request, _own(request, number), form, 422)


@page("review.mark", methods=("POST",))
def mark(request: HttpRequest, number: str) -> HttpResponse:
    rows = Record.objects.within(request.scope).select_related("organisation")
    about, form = rows.filter(number=number, withdrawn_at=None).first(), FaultForm(request.POST)
    if about is None:
        raise Http404
    told = {"organisation": about.organisation, "record": about}
    if form.is_valid() and tried(form, lambda: actions.mark(by=request.scope, **told, **form.cleaned_data)):
        messages.success(request, "已指出，支部在本月任务里看得到，可以答复")
        return redirect("record", number)
    return htmx.page(request, "review/mark.html", {"form": form, "record": about}, status=422)


def _found(request: HttpRequest, number: str) -> RecordReview:
    held = queries.of_record(request.scope, number)
    if held is None or not request.scope.reaches(held.record.organisation.path):
        raise Http404
    return held


def _own(request: HttpRequest, number: str) -> RecordReview:
    held = _found(request, number)
    if held.record.organisation_id != request.scope.organisation_id:
        raise Http404
    return held


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _refused(request: HttpRequest, form: forms.Form, number: str) -> HttpResponse:
    """Somebody was first: the second is told, and sees how the record stands now."""
    messages.warning(request, "；".join(form.non_field_errors()))
    return redirect("review-record", number)


def _show(request: HttpRequest, held: RecordReview, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    about, scope = held.record, request.scope
    path, own = about.organisation.path, about.organisation_id == scope.organisation_id
    said = queries.history(scope, about)
    last = said[-1] if said else None
    decides = scope.may_at("review.decide", path)
    context = {
        "held": held,
        "record": about,
        "closed": closed_by(scope, about),
        "files": files.attachments(about),
        "said": said,
        "days": usual_days(held.office),
        "decides": decides and about.waiting,
        "may_undo": decides and last and last.decided and not last.undone_at and clock.now() - last.at < UNDOABLE,
        "may_resubmit": own and scope.may("review.resubmit") and about.returned,
        "may_mark": scope.may_at("review.mark", path) and not about.withdrawn_at,
        "return_form": form if isinstance(form, ReturnForm) else return_form(scope),
        "resubmit_form": form if isinstance(form, ResubmitForm) else ResubmitForm(),
        "mark_form": FaultForm(),
        "errors": form,
        "breadcrumb": [*((one.short_name or one.name, "") for one in tree.ancestors(about.organisation)),
                       (about.organisation.short_name or about.organisation.name, "")],
    }  # fmt: skip
    return htmx.page(request, "review/record.html", context, status=status)
