"""Profile and groups of one organisation; the map of chains; hosted offices."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.bodies import actions, groups, queries
from zhibu.web.bodies.forms import GroupForm, OfficeForm, ProfileForm
from zhibu.web.bodies.models import HostedOffice, Profile
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.organisations import views as organisations
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

FORM = ("GET", "HEAD", "POST")


@page("organisations.view")
def profile(request: HttpRequest, code: str) -> HttpResponse:
    here = organisations.place(request, code)
    there, links = queries.profile(here, request.scope)
    context = {
        "here": here, "profile": there, "links": links,
        "may_keep": request.scope.may_at("profiles.keep", here.path) and not here.dissolved_on,
    }  # fmt: skip
    return htmx.page(request, "bodies/profile.html", context)


@page("profiles.keep", methods=FORM)
def profile_change(request: HttpRequest, code: str) -> HttpResponse:
    here = organisations.place(request, code)
    there, links = queries.profile(here, request.scope)
    form = ProfileForm(request.POST or None, initial=_typed(there) | {"links": "\n".join(map(_line, links))})
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: actions.describe(by=request.scope, organisation=here, **form.cleaned_data))
    ):
        messages.success(request, "单位概况已保存")
        return redirect("profile", code)
    return _form(request, "填写单位概况", here.name, form, "profile", code)


def _typed(there: Profile | None) -> dict[str, object]:
    names = ("population", "tasks", "projects", "problems")
    return {name: getattr(there, name) for name in names} if there else {}


def _line(link: object) -> str:
    return f"{link.chain}：{link.name}"  # type: ignore[attr-defined]


@page("organisations.view")
def chains(request: HttpRequest) -> HttpResponse:
    return htmx.page(request, "bodies/chains.html", {"chains": queries.chains(request.scope)})


@page("organisations.view")
def hosted(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    context = {"offices": queries.offices(scope, scope.on), "may_keep": scope.may("hosted.keep")}
    return htmx.page(request, "bodies/hosted.html", context)


@page("hosted.keep", methods=FORM)
def hosted_new(request: HttpRequest) -> HttpResponse:
    form = OfficeForm(request.POST or None, scope=request.scope, initial={"starts_on": request.scope.on})
    if (
        request.method == "POST"
        and form.is_valid()
        and (done := tried(form, lambda: actions.keep_office(by=request.scope, **form.cleaned_data)))
    ):
        messages.success(request, f"已登记：{done.name}")
        return redirect("hosted")
    return _form(request, "登记挂靠机构", "一个委员会的办公室设在别的单位，由那个单位配人", form, "hosted")


@page("hosted.keep", methods=FORM)
def hosted_change(request: HttpRequest, number: int) -> HttpResponse:
    found = HostedOffice.objects.within(request.scope).filter(pk=number).select_related("organisation").first()
    if found is None:
        raise Http404
    start = {name: getattr(found, name) for name in OfficeForm.base_fields} | {"organisation": found.organisation.code}
    form = OfficeForm(request.POST or None, scope=request.scope, initial=start)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: actions.keep_office(by=request.scope, office=found, **form.cleaned_data))
    ):
        messages.success(request, f"已修改：{found.name}")
        return redirect("hosted")
    return _form(request, "修改挂靠机构", found.name, form, "hosted")


@page("members.view")
def groups_of(request: HttpRequest, code: str) -> HttpResponse:
    scope, here = request.scope, _branch(request, code)
    found = groups.groups(scope, here)
    placed = {one.pk for group in found for one in group.members}
    context = {
        "here": here, "groups": found, "loose": [one for one in groups.roster(scope, here) if one.pk not in placed],
        "may_keep": scope.may_at("groups.keep", here.path) and not here.dissolved_on,
    }  # fmt: skip
    return htmx.page(request, "bodies/groups.html", context)


@page("groups.keep", methods=FORM)
def group_keep(request: HttpRequest, code: str, group: str = "") -> HttpResponse:
    """A new group, or the one of this code."""
    scope, here = request.scope, _branch(request, code)
    there = next((one for one in groups.groups(scope, here) if one.place.code == group), None)
    if group and there is None:
        raise Http404
    start: dict[str, object] = {}
    if there:
        start = {"name": there.place.name, "members": [str(one.pk) for one in there.members]}
        start["leader"] = str(there.leader.pk) if there.leader else ""
    form = GroupForm(request.POST or None, roster=groups.roster(scope, here), initial=start)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"group": there.place if there else None}
        if done := tried(form, lambda: groups.keep_group(by=scope, branch=here, **told)):
            messages.success(request, f"已编好：{done.name}")
            return redirect("groups", code)
    return _form(request, "修改党小组" if there else "编党小组", here.name, form, "groups", code)


def _branch(request: HttpRequest, code: str) -> Organisation:
    here = organisations.place(request, code)
    if here.kind not in BRANCH_KINDS:
        raise Http404
    return here


def _form(request: HttpRequest, title: str, lead: str, form: object, back: str, *args: str) -> HttpResponse:
    context = {"title": title, "lead": lead, "form": form, "back": back, "code": args[0] if args else ""}
    return htmx.page(request, "bodies/form.html", context, status=422 if form.errors else 200)  # type: ignore[attr-defined]
