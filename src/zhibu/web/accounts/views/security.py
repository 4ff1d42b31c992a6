"""我的 → 账号安全: password, second factors, recovery codes, sessions, phone, the unit's own sign-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhibu.web.accounts import actions, factors, limits, oidc, passwords, queries, sms
from zhibu.web.accounts.factors import passkeys, recovery, totp
from zhibu.web.accounts.forms import CodeForm, PasskeyForm, PasswordForm, PhoneForm
from zhibu.web.accounts.fresh import fresh
from zhibu.web.accounts.limits import Limited
from zhibu.web.accounts.middleware import administers
from zhibu.web.accounts.sessions import stored
from zhibu.web.accounts.signing_in import STRONG
from zhibu.web.accounts.sms import codes
from zhibu.web.core.pages import page

READ = ("GET", "HEAD")
BOTH = ("GET", "HEAD", "POST")
NEW_SECRET = "totp_secret"  # in the session, until the app has shown that it has it  # noqa: S105
NEW_PHONE = "new_phone"


@page("security.view")
def security(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "must": administers(request) and not factors.has_any(user),
        "sessions": queries.sessions_of(user),
        "here": stored(request.session.session_key),
        "has_totp": totp.exists(user),
        "passkeys": user.passkeys.order_by("created_at"),
        "codes_left": recovery.left(user),
        "phone": user.phone_in_clear,
        "sms": sms.is_offered(),
        "oidc": settings.OIDC_NAME if oidc.is_offered() else "",
        "bound": user.bindings.filter(issuer=settings.OIDC_ISSUER).first(),
        "notices": queries.notices_of(user),
        "due_days": passwords.profile().days,
    }
    return render(request, "accounts/security.html", context)


@page("password.change", methods=BOTH)
def password(request: HttpRequest) -> HttpResponse:
    """A first password was shown a moment ago at sign-in; else the present one is asked for again."""
    return _password(request) if request.user.must_change_password else fresh(_password)(request)


def _password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.user, administers(request), request.POST if "new_password1" in request.POST else None)
    if form.is_bound and form.is_valid():
        here = stored(request.session.session_key)
        user = actions.change_password(by=request.scope, password=form.cleaned_data["new_password1"], session=here)
        update_session_auth_hash(request, user)
        messages.success(request, "密码已改，其他地方的登录都已结束")
        return redirect("home")
    context = {"form": form, "first": request.user.must_change_password, "overdue": passwords.overdue(request.user)}
    return render(request, "accounts/password.html", context, status=422 if form.is_bound else 200)


@page("security.change", methods=BOTH)
@fresh
def app(request: HttpRequest) -> HttpResponse:
    """The authenticator app: GET shows the QR code, POST with a code switches it on, with `remove` off."""
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_totp(by=request.scope)
        messages.success(request, "验证器已停用")
        return redirect("security")
    secret = request.session.get(NEW_SECRET) or totp.new_secret()
    request.session[NEW_SECRET] = secret
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_bound and form.is_valid():
        step = totp.step_of(secret, form.cleaned_data["code"])
        if step is not None:
            del request.session[NEW_SECRET]
            new = actions.keep_totp(by=request.scope, secret=secret, step=step)
            return _strengthened(request, new, "验证器已启用，下次登录要填它的数字")
        form.add_error("code", "数字不对。核对手机的时间是否准确，等下一个数字出来再填")
    context = {"form": form, "picture": totp.picture(request.user, secret), "secret": secret}
    return render(request, "accounts/totp.html", context, status=422 if form.is_bound else 200)


@page("security.change", methods=BOTH)
@fresh
def keys(request: HttpRequest) -> HttpResponse:
    """Passkeys: GET offers to add one, POST adds it, or removes the one named `remove`."""
    if request.method == "POST" and request.POST.get("remove", "").isdigit():
        actions.remove_passkey(by=request.scope, number=int(request.POST["remove"][:18]))
        messages.success(request, "通行密钥已删除")
        return redirect("security")
    form = PasskeyForm(request.POST if "passkey" in request.POST else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            new = actions.add_passkey(by=request.scope, request=request, answer=given["passkey"], name=given["name"])
            return _strengthened(request, new, "通行密钥已添加，下次可以直接用它登录")
        except passkeys.Unfit:
            form.add_error(None, "这台设备没有交出可用的通行密钥。换一台设备，或改用验证器")
    context = {"form": form, "options": passkeys.ask_new(request, request.user)}
    return render(request, "accounts/passkeys.html", context, status=422 if form.is_bound else 200)


def _strengthened(request: HttpRequest, new_codes: list[str], words: str) -> HttpResponse:
    """A factor was set up and shown: this session has both, under a new key."""
    request.session[STRONG] = True
    request.session.cycle_key()
    messages.success(request, words)
    return _codes_page(request, new_codes) if new_codes else redirect("security")


@page("security.change", methods=BOTH)
@fresh
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """GET says what they are; POST makes new ones and shows them, once."""
    if request.method != "POST":
        return render(request, "accounts/codes.html", {"left": recovery.left(request.user)})
    if not factors.has_any(request.user):
        messages.error(request, "先启用验证器或通行密钥，再生成恢复码")
        return redirect("security")
    return _codes_page(request, actions.renew_codes(by=request.scope))


def _codes_page(request: HttpRequest, new: list[str]) -> HttpResponse:
    return render(request, "accounts/codes.html", {"codes": new})


@page("security.change", methods=BOTH)
def end_session(request: HttpRequest) -> HttpResponse:
    """POST with `session` ends that one of one's own; without, all others."""
    if request.method == "POST":
        if chosen := request.POST.get("session", "")[:64]:
            actions.end_session(by=request.scope, session=chosen)
            messages.success(request, "那一处登录已结束")
        else:
            here = stored(request.session.session_key)
            ended = actions.end_others(by=request.scope, session=here)
            messages.success(request, f"其他 {ended} 处登录已结束")
    return redirect("security")


@page("security.change", methods=BOTH)
@fresh
def phone(request: HttpRequest) -> HttpResponse:
    """The phone that receives codes: first the number, then the code that was sent to it; `remove` takes it off."""
    if not sms.is_offered() or "remove" in request.POST:
        if request.method == "POST":
            actions.set_phone(by=request.scope, phone="")
        return redirect("security")
    if "code" in request.POST:
        return _phone_code(request)
    form = PhoneForm(request.POST if "phone" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            codes.count(request, limits.account_of(request.user.username))
        except Limited:
            form.add_error(None, "验证码要得太勤：隔 1 分钟一次，一天 10 次")
        else:
            request.session[NEW_PHONE] = form.cleaned_data["phone"]
            codes.send(request, request.user, form.cleaned_data["phone"], "登记手机")
            return render(request, "accounts/phone.html", {"form": CodeForm(), "sent": True})
    return render(request, "accounts/phone.html", {"form": form}, status=422 if form.is_bound else 200)


def _phone_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    row = codes.check(request, form.cleaned_data["code"]) if form.is_valid() else None
    number = request.session.get(NEW_PHONE, "")
    if row is None or row.user_id != request.user.pk or not number:
        form.add_error(None, "验证码不对、已经用过，或超过了 5 分钟")
        return render(request, "accounts/phone.html", {"form": form, "sent": True}, status=422)
    actions.set_phone(by=request.scope, phone=request.session.pop(NEW_PHONE))
    messages.success(request, "手机已登记，可以用短信码登录")
    return redirect("security")


@page("security.change", methods=BOTH)
@fresh
def unbind(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        actions.unbind(by=request.scope)
        messages.success(request, "已解除绑定")
    return redirect("security")
