"""审批: what I asked for, what waits for me, one request with its decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.approvals import actions, queries
from zhibu.web.approvals.forms import DecideForm
from zhibu.web.approvals.models import Approval, State
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of


@page("approvals.view")
def approvals(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    context = {
        "waiting": queries.waiting(scope)[:100],
        "page": page_of(request, queries.own(scope), 20),
        "decided": queries.decided(scope)[:20],
        "decides": scope.may("approvals.decide"),
    }
    return htmx.page(request, "approvals/approvals.html", context)


@page("approvals.view", methods=("GET", "HEAD", "POST"))
def approval(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows it; POST `do=approve|refuse` decides."""
    found = queries.visible(request.scope, number)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show(request, found, DecideForm())
    form = DecideForm(request.POST)
    if request.POST.get("do") not in ("approve", "refuse") or not form.is_valid():
        return _show(request, found, form, status=422)
    approve = request.POST["do"] == "approve"
    try:
        actions.decide(by=request.scope, approval=found, approve=approve, answer=form.cleaned_data["answer"])
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已批准，申请人可以办一次" if approve else "已告诉申请人没有批准")
    return redirect("approval", number)


def _show(request: HttpRequest, found: Approval, form: DecideForm, status: int = 200) -> HttpResponse:
    scope = request.scope
    mine = found.asked_by_id == scope.user_id and found.asked_post == scope.post_id
    context = {
        "one": found,
        "form": form,
        "may_decide": scope.may("approvals.decide") and not actions.why_not(scope, found),
        "may_take": mine and found.state == State.APPROVED and not found.expired and scope.may(found.action),
    }
    return htmx.page(request, "approvals/approval.html", context, status=status)
