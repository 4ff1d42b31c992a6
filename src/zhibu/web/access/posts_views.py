"""/posts/ 任职: who holds which post where; appointing, ending, handing over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.access import actions, people, queries
from zhibu.web.access.forms import AppointForm, EndForm, HandOverForm
from zhibu.web.access.models import Post, Role
from zhibu.web.access.policy import POLICY
from zhibu.web.audit.forms import tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.spans import held

FORM = ("GET", "HEAD", "POST")


@page("posts.view")
def posts(request: HttpRequest) -> HttpResponse:
    """`?q=&role=&ended=&page=`"""
    scope, q = request.scope, query.text(request, "q")
    role, ended = query.choice(request, "role", Role.values), query.choice(request, "ended", ("1",))
    rows = queries.named(queries.posts(scope), q)
    rows = rows.filter(role=role) if role else rows
    rows = rows if ended else rows.filter(held(scope.on))
    context = {
        "page": page_of(request, rows), "q": q, "role": role, "ended": ended, "roles": Role.choices,
        "may_appoint": scope.may("posts.appoint"),
    }  # fmt: skip
    return htmx.page(request, "access/posts.html", context, "rows")


@page("posts.appoint", methods=FORM)
def appoint(request: HttpRequest) -> HttpResponse:
    """`?organisation=code` fills the code in."""
    scope = request.scope
    given = frozenset[str]().union(*POLICY.roles[scope.role].appoints.values())
    roles = given - {Role.CAMPAIGN_STAFF}  # given with a campaign, at 专项活动
    start = {"organisation": query.text(request, "organisation", 20), "starts_on": scope.on}
    form = AppointForm(request.POST or None, scope=scope, roles=roles, initial=start)
    if request.method == "POST" and form.is_valid() and (done := tried(form, lambda: _appoint(scope, form))):
        _tell(request, f"已任命 {done[0].user.name}", done)
        return redirect("post", done[0].pk)
    return htmx.page(request, "access/appoint.html", {"form": form}, status=422 if form.errors else 200)


@page("posts.view")
def post(request: HttpRequest, number: int) -> HttpResponse:
    return _post(request, _found(request, number))


@page("posts.end", methods=("POST",))
def end(request: HttpRequest, number: int) -> HttpResponse:
    found, form = _found(request, number), EndForm(request.POST)
    if form.is_valid() and tried(form, lambda: actions.end(by=request.scope, post=found, **form.cleaned_data)):
        messages.success(request, f"{found.user.name} 的职务已登记离任")
        return redirect("post", number)
    return _post(request, found, end=form)


@page("posts.hand_over", methods=("POST",))
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    found, form = _found(request, number), HandOverForm(request.POST)
    if form.is_valid() and (done := tried(form, lambda: _hand_over(request.scope, found, form))):
        _tell(request, f"已交接给 {done[0].user.name}，草稿和待办一并转过去", done)
        return redirect("post", done[0].pk)
    return _post(request, found, hand_over=form)


def _found(request: HttpRequest, number: int) -> Post:
    return get_object_or_404(queries.posts(request.scope), pk=number)


def _post(request: HttpRequest, found: Post, **forms_: forms.Form) -> HttpResponse:
    """The page of one post, with the forms of what this reader may do to it."""
    scope = request.scope
    open_still = found.ends_on is None or found.ends_on >= scope.on
    mine = found.user_id == scope.user_id
    gives = open_still and not mine and found.role in queries.may_appoint(scope, found.organisation)
    context: dict[str, Any] = {
        "post": found,
        "lent": queries.lent_of(found),
        "end": forms_.get("end") or EndForm(initial={"ends_on": scope.on}),
        "hand_over": forms_.get("hand_over") or HandOverForm(initial={"on": scope.on}),
        "may_end": gives and scope.may("posts.end"),
        "may_hand_over": gives and scope.may("posts.hand_over"),
        "form": next(iter(forms_.values()), None),
    }
    return htmx.page(request, "access/post.html", context, status=422 if forms_ else 200)


def _appoint(scope: Any, form: AppointForm) -> tuple[Post, str]:
    told = dict(form.cleaned_data)
    user, password = people.known_or_new(told.pop("username"), told.pop("name"))
    return actions.appoint(by=scope, user=user, **told), password


def _hand_over(scope: Any, found: Post, form: HandOverForm) -> tuple[Post, str]:
    told = dict(form.cleaned_data)
    user, password = people.known_or_new(told.pop("username"), told.pop("name"))
    return actions.hand_over(by=scope, post=found, to=user, **told), password


def _tell(request: HttpRequest, sentence: str, done: tuple[Post, str]) -> None:
    """A first password is shown once, here, and kept nowhere."""
    first = f"。新账号 {done[0].user.username} 的首次密码是 {done[1]}，只显示这一次，请当面交给本人" if done[1] else ""
    messages.success(request, sentence + first)
