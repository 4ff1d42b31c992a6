"""/accounts/ 账号管理: for system administrators, the accounts below their level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zhibu.web.accounts import actions, factors, oidc, queries, unused
from zhibu.web.accounts.forms import AccountForm
from zhibu.web.accounts.fresh import fresh
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import asked, clock, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of

BOTH = ("GET", "HEAD", "POST")


@page("accounts.view")
def accounts(request: HttpRequest) -> HttpResponse:
    """`?q=&state=stale|disabled|first&page=`"""
    text, state = asked.text(request, "q", 40), asked.choice(request, "state", queries.STATES)
    rows = queries.search(request.scope, text, state).select_related("organisation")
    found = page_of(request, rows)
    for one in found.object_list:
        one.ends_at = unused.ends_at(one)
    context = {
        "page": found, "q": text, "state": state, "stale_days": unused.listed_after(), "days": settings.UNUSED_DAYS,
        "soon": clock.now() + timedelta(days=unused.AHEAD),
    }  # fmt: skip
    return htmx.page(request, "accounts/accounts.html", context)


@page("accounts.open", methods=BOTH)
@fresh
def new(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST if "username" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            return _handed(request, *actions.open_account(by=request.scope, **form.cleaned_data), "账号已开通")
        except actions.Unfit as unfit:
            form.add_error(unfit.field, str(unfit))
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.is_bound else 200)


@page("accounts.view")
def account(request: HttpRequest, account: int) -> HttpResponse:
    user = find(request, account)
    context = {
        "account": user,
        "factors": factors.has_any(user),
        "sessions": queries.sessions_of(user).count(),
        "can": {
            verb: f"accounts.{verb}" in request.scope.actions
            for verb in ("reset", "disable", "drop_factors", "bind_account")
        },
        "hours": settings.FIRST_PASSWORD_HOURS,
        "oidc": settings.OIDC_NAME if oidc.is_offered() else "",
        "bound": user.bindings.filter(issuer=settings.OIDC_ISSUER).first(),
        "ends_at": unused.ends_at(user),
        "soon": clock.now() + timedelta(days=unused.AHEAD),
    }
    return render(request, "accounts/account.html", context)


@page("accounts.reset", methods=BOTH)
@fresh
def reset(request: HttpRequest, account: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("account", find(request, account).pk)
    try:
        return _handed(request, *actions.reset(by=request.scope, account=account), "密码已重设")
    except NotAllowed as refusal:
        raise Http404 from refusal


@page("accounts.reset", methods=BOTH)
def unlock(request: HttpRequest, account: int) -> HttpResponse:
    return _done(request, account, actions.unlock, "登录限制已解除")


@page("accounts.disable", methods=BOTH)
@fresh
def disable(request: HttpRequest, account: int) -> HttpResponse:
    """POST disables; with `enable` in the form, the account may be used again."""
    if "enable" in request.POST:
        return _done(request, account, actions.enable, "账号已恢复")
    return _done(request, account, actions.disable, "账号已停用，登录都已结束")


@page("accounts.drop_factors", methods=BOTH)
@fresh
def drop_factors(request: HttpRequest, account: int) -> HttpResponse:
    return _done(request, account, actions.drop_factors, "第二因素已清除，本人下次登录后重新设置")


def find(request: HttpRequest, number: int) -> User:
    return get_object_or_404(queries.accounts(request.scope).select_related("organisation"), pk=number)


def _done(request: HttpRequest, number: int, act: Callable[..., object], words: str) -> HttpResponse:
    if request.method != "POST":  # led here after signing in again
        return redirect("account", find(request, number).pk)
    try:
        act(by=request.scope, account=number)
    except NotAllowed as refusal:
        raise Http404 from refusal
    messages.success(request, words)
    return redirect("account", number)


def _handed(request: HttpRequest, user: User, password: str, words: str) -> HttpResponse:
    """The first password, shown once; the page is kept by no cache (core.middleware.PrivatePages)."""
    return render(request, "accounts/handed.html", {"account": user, "password": password, "words": words})
