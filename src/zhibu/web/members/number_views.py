"""Whole numbers: one opened, found by number, exported. Answers to POST, kept by nobody on the way, in no address."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.approvals.queries import own
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx, sheets
from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.pages import page
from zhibu.web.members import limits, looking, number_export, queries
from zhibu.web.members.forms import FindForm, ReasonForm, UnmaskForm
from zhibu.web.members.models import Look, Member
from zhibu.web.members.views import asked_of, unit_of


@page("members.unmask", methods=("GET", "HEAD", "POST"))
def unmask(request: HttpRequest, member: int) -> HttpResponse:
    """GET asks why; POST shows the number in its answer, once."""
    found = get_object_or_404(Member.objects.within(request.scope).select_related("organisation"), pk=member)
    form = UnmaskForm(_sent(request), initial={"what": "id_number"})
    context = {"form": form, "member": queries.shown(request.scope, found)}
    if request.method != "POST" or not form.is_valid():
        return htmx.page(request, "members/unmask.html", context, status=422 if form.errors else 200)
    what = form.cleaned_data["what"]
    try:
        opened = looking.unmask(by=request.scope, member=found, what=what, reason=form.said)
    except CryptoError as error:
        return htmx.page(request, "members/unmask.html", context | {"trouble": str(error)}, status=409)
    context |= {"opened": opened, "word": dict(form.fields["what"].choices)[what]}
    return htmx.page(request, "members/unmask.html", context, status=429 if opened.refused else 200)


@page("members.find", methods=("GET", "HEAD", "POST"))
def find(request: HttpRequest) -> HttpResponse:
    form = FindForm(_sent(request))
    context = {"form": form, "members": [], "searched": False, "may_unmask": request.scope.may("members.unmask")}
    if request.method != "POST" or not form.is_valid():
        return htmx.page(request, "members/find.html", context, status=422 if form.errors else 200)
    found = looking.find(by=request.scope, number=form.cleaned_data["number"])
    context |= {"members": [(one.pk, queries.shown(request.scope, one)) for one in found.members], "searched": True}
    context |= {"refused": found.refused, "form": FindForm()}
    return htmx.page(request, "members/find.html", context, status=429 if found.refused else 200)


@page("members.export_numbers", methods=("GET", "HEAD", "POST"))
def numbers_out(request: HttpRequest) -> HttpResponse:
    """`?org=&q=&kind=` as on the roster. POST gives the workbook, or makes the request for a second person."""
    asked = asked_of(request)
    unit, form = unit_of(request, asked), ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        return _out(request, asked, unit, form)
    left = max(0, limits.alone() - limits.used(request.scope.user_id, Look.Kind.EXPORT))
    context = {"form": form, "unit": unit, "count": queries.roster(request.scope, asked).count(), "alone": left}
    return htmx.page(request, "members/numbers.html", context, status=422 if form.errors else 200)


def _out(request: HttpRequest, asked: queries.Asked, unit: str, form: ReasonForm) -> HttpResponse:
    try:
        answer = number_export.export_numbers(by=request.scope, asked=asked, unit=unit, reason=form.said)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("members")
    if answer.asked:
        messages.success(request, "已提交申请，另一位有权批准的人批准后，在这一页下载一次")
        return redirect("approval", answer.asked.pk)
    return _workbook(request, answer.workbook, unit)


@page("members.export_numbers", methods=("POST",))
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Download what a second person approved, once."""
    approval = get_object_or_404(own(request.scope), pk=number, action=number_export.KIND.action)
    try:
        content = number_export.take_numbers(by=request.scope, approval=approval)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("approval", number)
    return _workbook(request, content, approval.payload["unit"])


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form too."""
    return request.POST if request.method == "POST" else None


def _workbook(request: HttpRequest, content: bytes, unit: str) -> HttpResponse:
    return sheets.download(content, sheets.file_name(unit, "党员名册含完整号码", "", request.scope.on))
