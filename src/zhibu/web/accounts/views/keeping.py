"""/accounts/ 账号管理: for system administrators, the accounts below their level."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.accounts import actions, factors, queries
from zhibu.web.accounts.forms import AccountForm
from zhibu.web.accounts.fresh import fresh
from zhibu.web.accounts.models import User
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of

BOTH = ("GET", "HEAD", "POST")


@page("accounts.view")
def accounts(request: HttpRequest) -> HttpResponse:
    """`?q=&state=stale|disabled|first&page=`"""
    text, state = asked.text(request, "q", 40), asked.choice(request, "state", queries.STATES)
    rows = queries.search(request.scope, text, state).select_related("organisation")
    context = {"page": page_of(request, rows), "q": text, "state": state, "stale_days": queries.STALE}
    return htmx.page(request, "accounts/accounts.html", context)


@page("accounts.open", methods=BOTH)
@fresh
def new(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST if "username" in request.POST else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        place = queries.place(request.scope, given["organisation"])
        if place is None:
            form.add_error("organisation", "本单位和下级单位里没有这个代码，在“组织”里查一下")
        elif User.objects.filter(username=given["username"]).exists():
            form.add_error("username", "这个账号名不能用，换一个")
        else:
            user, password = actions.open_account(by=request.scope, **{**given, "organisation": place})
            return _handed(request, user, password, "账号已开通")
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.is_bound else 200)


@page("accounts.view")
def account(request: HttpRequest, account: int) -> HttpResponse:
    user = _find(request, account)
    context = {
        "account": user,
        "factors": factors.has_any(user),
        "sessions": queries.sessions_of(user).count(),
        "can": {verb: request.scope.may(f"accounts.{verb}") for verb in ("reset", "disable", "drop_factors")},
        "hours": settings.FIRST_PASSWORD_HOURS,
    }
    return render(request, "accounts/account.html", context)


@page("accounts.reset", methods=BOTH)
@fresh
def reset(request: HttpRequest, account: int) -> HttpResponse:
    user = _find(request, account)
    if request.method != "POST":
        return redirect("account", account)
    return _handed(request, user, actions.reset(by=request.scope, user=user), "密码已重设")


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


def _find(request: HttpRequest, number: int) -> User:
    found = queries.accounts(request.scope).select_related("organisation").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, number: int, act: Callable[..., object], words: str) -> HttpResponse:
    user = _find(request, number)
    if request.method == "POST":
        act(by=request.scope, user=user)
        messages.success(request, words)
    return redirect("account", number)


def _handed(request: HttpRequest, user: User, password: str, words: str) -> HttpResponse:
    """The first password, shown once; the page is kept by no cache (core.middleware.PrivatePages)."""
    return render(request, "accounts/handed.html", {"account": user, "password": password, "words": words})
