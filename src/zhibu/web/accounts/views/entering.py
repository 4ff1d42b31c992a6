"""P01 sign-in, the second factor, sign-out, and the words that were waiting."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.accounts import actions, factors, hashing, limits, oidc, signing_in, sms
from zhibu.web.accounts.factors import passkeys
from zhibu.web.accounts.forms import CodedSignInForm, SecondForm, SignInForm
from zhibu.web.accounts.held import WAITING, readable
from zhibu.web.accounts.limits import Limited
from zhibu.web.core.pages import open_to_all, page

HELP = "忘记密码、首次密码过期时，联系上级党委的系统管理员"


@open_to_all
def sign_in(request: HttpRequest) -> HttpResponse:
    """`?next=`: where to go afterwards, on this host only. With a field `code`: password and second factor at once."""
    onward = request.POST.get("next", request.GET.get("next", ""))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(signing_in.safe(request, onward))
    coded = "code" in request.POST
    kind = CodedSignInForm if coded else SignInForm
    form = kind(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _sign_in_page(request, form, onward, 422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        user = signing_in.check(request, given["username"], given["password"], given.get("code", ""))
    except Limited as limited:
        return locked(request, limited)
    except hashing.Busy:
        return busy(request)
    except signing_in.Wrong as wrong:
        tries = f"，还可再试 {wrong.left} 次" if wrong.left else ""
        form.add_error(None, f"{'账号、密码或验证码' if coded else '账号或密码'}不对{tries}。{HELP}")
        return _sign_in_page(request, form, onward, 422)
    return signing_in.enter(request, user, how="密码", strong=coded, onward=onward)


def _sign_in_page(request: HttpRequest, form: SignInForm, onward: str, status: int) -> HttpResponse:
    kept = signing_in.HELD in request.session or WAITING in request.session
    context = {
        "form": form, "next": signing_in.safe(request, onward), "sms": sms.is_offered(),
        "oidc": settings.OIDC_NAME if oidc.is_offered() else "", "held": kept,
        "late": getattr(request.session, "late_owner", None) or kept,
    }  # fmt: skip
    return render(request, "accounts/login.html", context, status=status)


def locked(request: HttpRequest, limited: Limited) -> HttpResponse:
    """429. Reads alike for every name that may have been typed; a second factor still gets in."""
    window = limits.rate(limited.limit).window
    context = {"until": limited.until, "minutes": int(window.total_seconds() // 60), "form": CodedSignInForm()}
    return render(request, "accounts/locked.html", context, status=429)


def busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "accounts/busy.html", status=503)
    response.headers["Retry-After"] = "10"
    return response


@open_to_all
def second(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right."""
    found = signing_in.pending(request)
    if found is None:
        return redirect("login")
    user, half = found
    form = SecondForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            wants = signing_in.take_second(request, user)
        except Limited as limited:
            return locked(request, limited)
        if form.is_valid() and _shown(request, form.cleaned_data, user):
            limits.clear(*wants)
            return signing_in.complete(request, user, how=half["how"], strong=True)
        actions.refused(username=user.username, how="第二因素")
        form.add_error(None, f"验证码不对，或已经用过，还可再试 {limits.left(wants[0])} 次。等下一个数字出来再填")
        status = 422
    has_passkey = user.passkeys.exists()
    form.fields["code"].required = True  # only so that it does not read "optional"
    context = {"form": form, "has_totp": factors.totp.exists(user), "has_passkey": has_passkey}
    context["options"] = passkeys.ask(request, user) if has_passkey else ""
    return render(request, "accounts/second.html", context, status=status)


def _shown(request: HttpRequest, given: dict, user: object) -> bool:
    if not given["passkey"]:
        return bool(given["code"]) and factors.code_fits(user, given["code"])
    try:
        return passkeys.use(request, given["passkey"], user) == user
    except passkeys.Unfit:
        return False


@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on a POST; a GET changes nothing."""
    if request.method != "POST":
        return redirect("home")
    if request.user.is_authenticated:
        actions.signed_out(user=request.user)
    logout(request)
    return redirect("login")


@page("security.view", methods=("GET", "HEAD", "POST"))
def held(request: HttpRequest) -> HttpResponse:
    """The form that came after the session had ended, to be sent again by its writer; POST puts it away."""
    kept = request.session.get(signing_in.HELD)
    if kept is None or kept["user"] != request.user.pk or request.method == "POST":
        request.session.pop(signing_in.HELD, None)
        return redirect("home")
    return render(request, "accounts/held.html", {"kept": kept, "shown": readable(kept["fields"])})
