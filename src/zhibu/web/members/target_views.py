"""/standards/ 党员标准 and /quotas/ 发展党员指标; and 我的: what one does oneself."""

from __future__ import annotations

from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.members import quotas as shares
from zhibu.web.members import roles
from zhibu.web.members import standards as texts
from zhibu.web.members.about_me import own_row
from zhibu.web.members.acts import FORM
from zhibu.web.members.life_forms import RoleForm
from zhibu.web.members.models import AdmissionQuota, MemberRole
from zhibu.web.members.target_forms import CandidateForm, QuotaForm, StandardForm

Candidates = formset_factory(CandidateForm, extra=6, max_num=60)


@page("standards.view")
def standards(request: HttpRequest) -> HttpResponse:
    found, newest = [], set()
    for one in texts.versions(request.scope):
        found.append((one, (one.organisation_id, one.kind) not in newest))
        newest.add((one.organisation_id, one.kind))
    context = {"standards": found, "may_keep": request.scope.may("standards.keep")}
    return htmx.page(request, "members/standards.html", context)


@page("standards.keep", methods=FORM)
def standard(request: HttpRequest) -> HttpResponse:
    form = StandardForm(request.POST or None, scope=request.scope, initial={"on": request.scope.on, "kind": "standard"})
    posted = request.method == "POST" and form.is_valid()
    if posted and (done := tried(form, lambda: texts.write_version(by=request.scope, **form.cleaned_data))):
        messages.success(request, f"已存为第 {done.version} 版")
        return redirect("standards")
    return htmx.page(request, "members/standard.html", {"form": form}, status=422 if form.errors else 200)


@page("quotas.view")
def quotas(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else request.scope.on.year
    context = {
        "year": year, "meters": shares.meters(request.scope, year), "may_keep": request.scope.may("quotas.keep"),
        "before": year - 1,
    }  # fmt: skip
    return htmx.page(request, "members/quotas.html", context)


@page("quotas.keep", methods=FORM)
def quota(request: HttpRequest) -> HttpResponse:
    start = {"year": request.scope.on.year, "rural": True}
    form = QuotaForm(request.POST or None, scope=request.scope, initial=start)
    scope, posted = request.scope, request.method == "POST" and form.is_valid()
    if posted and tried(form, lambda: shares.set_(by=scope, on=scope.on, **form.cleaned_data)):
        messages.success(request, "指标已设定")
        return redirect("quotas")
    return htmx.page(request, "members/quota.html", {"form": form}, status=422 if form.errors else 200)


@page("quotas.view", methods=FORM)
def what_if(request: HttpRequest, number: int) -> HttpResponse:
    """Candidates are typed here and kept nowhere."""
    found = get_object_or_404(AdmissionQuota.objects.within(request.scope).select_related("organisation"), pk=number)
    rows = Candidates(request.POST or None)
    answer, bad = None, request.method == "POST" and not rows.is_valid()
    if request.method == "POST" and not bad:
        given = [form.cleaned_data for form in rows if form.given]
        people = [shares.Candidate(one["education"], one["born_on"], request.scope.on) for one in given]
        answer = shares.what_if(request.scope, found, people)
    context = {"quota": found, "rows": rows, "answer": answer, "now": shares.what_if(request.scope, found, []).now}
    return htmx.page(request, "members/what_if.html", context, status=422 if bad else 200)


@page("me.role", methods=FORM)
def my_roles(request: HttpRequest) -> HttpResponse:
    member = own_row(request.scope.user_id)
    form = RoleForm(request.POST or None, initial={"on": request.scope.on})
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if value}
        if tried(form, lambda: roles.note_own(by=request.scope, **told)):
            messages.success(request, "已登记")
            return redirect("my-roles")
    context = {"member": member, "roles": roles.of(member) if member else (), "form": form if member else None}
    return htmx.page(request, "members/my_roles.html", context, status=422 if form.errors else 200)


@page("me.role", methods=("POST",))
def end_my_role(request: HttpRequest, number: int) -> HttpResponse:
    member = own_row(request.scope.user_id)
    line = roles.of(member).filter(pk=number).first() if member else None
    if not isinstance(line, MemberRole):
        raise Http404
    try:
        roles.end_own(by=request.scope, role=line, on=request.scope.on)
        messages.success(request, "已结束")
    except (NotAllowed, Unfit) as refusal:
        messages.error(request, str(refusal))
    return redirect("my-roles")
