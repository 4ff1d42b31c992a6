"""Other ways in: a passkey, a code by SMS, the unit's own sign-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhibu.web.accounts import actions, devices, limits, oidc, signing_in, sms
from zhibu.web.accounts.factors import passkeys
from zhibu.web.accounts.forms import AskCodeForm, CodeForm
from zhibu.web.accounts.limits import Limited, Want
from zhibu.web.accounts.models import Binding, User
from zhibu.web.accounts.sms import codes
from zhibu.web.accounts.views.entering import locked
from zhibu.web.core.pages import open_to_all


@open_to_all
def by_passkey(request: HttpRequest) -> HttpResponse:
    """POST asks for a passkey; one with its answer signs in. The key has checked its owner: it is both factors."""
    if request.method != "POST":
        return redirect("login")
    onward = signing_in.safe(request, request.POST.get("next", ""))
    if not (answer := request.POST.get("passkey", "")):
        return render(request, "accounts/passkey.html", {"options": passkeys.ask(request), "next": onward})
    want = Want("passkey", (devices.network(devices.address(request)),))
    try:
        limits.take(want)
        user = passkeys.use(request, answer[:20_000])
    except Limited as limited:
        return locked(request, limited)
    except passkeys.Unfit:
        actions.refused(username="", how="通行密钥")
        context = {"options": passkeys.ask(request), "next": onward, "wrong": True}
        return render(request, "accounts/passkey.html", context, status=422)
    limits.give_back(want)
    return signing_in.enter(request, user, how="通行密钥", strong=True, onward=onward)


@open_to_all
def by_sms(request: HttpRequest) -> HttpResponse:
    """First the account, then the code. The pages read alike whether or not there is such an account with a phone."""
    if not sms.is_offered():
        return redirect("login")
    onward = signing_in.safe(request, request.POST.get("next", request.GET.get("next", "")))
    if request.method == "POST" and "code" in request.POST:
        return _sms_code(request, onward)
    form = AskCodeForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "next": onward}
        return render(request, "accounts/sms.html", context, status=422 if form.is_bound else 200)
    username = form.cleaned_data["username"]
    try:
        codes.count(request, limits.account_of(username))
    except Limited as limited:
        return locked(request, limited)
    user = User.objects.filter(username=username, is_active=True).first()
    codes.send(request, user, user.phone_in_clear if user else "", "登录")
    return render(request, "accounts/sms_code.html", {"form": CodeForm(), "next": onward})


def _sms_code(request: HttpRequest, onward: str) -> HttpResponse:
    form = CodeForm(request.POST)
    row = codes.check(request, form.cleaned_data["code"]) if form.is_valid() else None
    if row is None or row.user is None or not row.user.is_active:
        actions.refused(username="", how="短信码")
        form.add_error(None, "验证码不对、已经用过，或超过了 5 分钟。核对后再填，或重新获取")
        return render(request, "accounts/sms_code.html", {"form": form, "next": onward}, status=422)
    return signing_in.enter(request, row.user, how="短信码", onward=onward)


@open_to_all
@require_POST
def oidc_start(request: HttpRequest) -> HttpResponse:
    """A page that leads on: the CSP lets no form of ours end at another host."""
    if not oidc.is_offered():
        return redirect("login")
    purpose = "bind" if request.user.is_authenticated else "sign_in"
    try:
        address = oidc.address(request, purpose, signing_in.safe(request, request.POST.get("next", "")))
    except oidc.Unsure:
        return render(request, "accounts/oidc_refused.html", {"name": settings.OIDC_NAME, "away": True}, status=502)
    return render(request, "accounts/oidc.html", {"address": address, "name": settings.OIDC_NAME})


@open_to_all
def oidc_back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser back to."""
    if not oidc.is_offered():
        return redirect("login")
    try:
        subject, purpose = oidc.subject(request)
    except oidc.Unsure:
        return render(request, "accounts/oidc_refused.html", {"name": settings.OIDC_NAME}, status=403)
    if purpose["what"] == "bind":
        return _bind(request, subject)
    bound = Binding.objects.select_related("user").filter(issuer=settings.OIDC_ISSUER, subject=subject).first()
    if bound is None or not bound.user.is_active:
        return render(request, "accounts/oidc_refused.html", {"name": settings.OIDC_NAME, "unbound": True}, status=403)
    return signing_in.enter(request, bound.user, how=settings.OIDC_NAME, onward=purpose["next"])


def _bind(request: HttpRequest, subject: str) -> HttpResponse:
    if not request.user.is_authenticated or request.scope is None:
        return redirect("login")
    try:
        actions.bind(by=request.scope, issuer=settings.OIDC_ISSUER, subject=subject)
    except actions.Taken:
        messages.error(request, "那个统一身份已经绑定了另一个账号，先由其本人解除绑定")
    else:
        messages.success(request, f"已绑定{settings.OIDC_NAME}，下次可以直接用它登录")
    return redirect("security")
