"""`@fresh`: a page that needs to know that the person is still the one who signed in (step-up).

Under `@page`: `@page("members.unmask", methods=("GET", "POST")) @fresh def unmask(request): …`. Who has shown a
password or a second factor within 10 minutes passes. Else the same address asks for one; what was typed travels along
in the form, so that nothing is lost (files cannot: the page says so).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.accounts import actions, factors, limits
from zhibu.web.accounts.factors import passkeys
from zhibu.web.accounts.forms import AgainForm
from zhibu.web.accounts.limits import Limited, Want
from zhibu.web.accounts.models import User
from zhibu.web.core import clock

FRESH = "fresh_at"
AGAIN_POST = "again_post"  # in the form that asks: it was a POST that was interrupted
OWN = ("csrfmiddlewaretoken", AGAIN_POST, *AgainForm.base_fields)
View = Callable[..., HttpResponse]


def mark(request: HttpRequest) -> None:
    request.session[FRESH] = clock.now().isoformat()


def is_fresh(request: HttpRequest) -> bool:
    at = request.session.get(FRESH)
    return bool(at) and clock.now() - clock.moment(at) <= timedelta(seconds=settings.FRESH_FOR)


def fresh(view: View) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        asked = request.method == "POST" and any(name in request.POST for name in AgainForm.base_fields)
        if not asked:
            return _ask(request, AgainForm(), post=request.method == "POST")
        form = AgainForm(request.POST)
        refusal = _refusal(request, form)
        if refusal:
            form.add_error(None, refusal)
            return _ask(request, form, status=422, post=AGAIN_POST in request.POST)
        mark(request)
        request.session.cycle_key()
        if AGAIN_POST in request.POST:
            return view(request, *args, **kwargs)
        return redirect(request.get_full_path())

    return guarded


def _refusal(request: HttpRequest, form: AgainForm) -> str:
    """Why not; empty when the person has shown who he is."""
    want = Want("again", (str(request.user.pk),))
    try:
        limits.take(want)
    except Limited:
        return "连续试了太多次，30 分钟后再试；着急办的，退出后重新登录"
    if not form.is_valid() or not _shown(request, form.cleaned_data):
        actions.refused(username=request.user.username, how="再次确认")
        return "密码或验证码不对，核对后再填"
    limits.clear(want)
    return ""


def _shown(request: HttpRequest, given: dict[str, str]) -> bool:
    user: User = request.user  # type: ignore[assignment]
    if given["again_passkey"]:
        try:
            return passkeys.use(request, given["again_passkey"], user) == user
        except passkeys.Unfit:
            return False
    if given["again_code"]:
        return factors.code_fits(user, given["again_code"])
    return check_password(given["again_password"], user.password)


def _held(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that was interrupted."""
    if request.method != "POST":
        return []
    return [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]


def _ask(request: HttpRequest, form: AgainForm, *, post: bool, status: int = 200) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    has_code = factors.totp.exists(user)
    form.fields["again_password"].required = not has_code  # only so that it does not read "optional"
    context = {
        "form": form,
        "held": [*_held(request), *([(AGAIN_POST, "1")] if post else [])],
        "typed": bool(_held(request)),
        "files": bool(request.FILES),
        "has_code": has_code,
        "options": passkeys.ask(request, user) if user.passkeys.exists() else "",
    }
    return render(request, "accounts/again.html", context, status=status)
