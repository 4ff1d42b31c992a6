"""What somebody does with his own account. `by.user_id` is the owner, and nobody else's account can be named."""

from __future__ import annotations

from django.http import HttpRequest

from zhibu.web.accounts import factors, passwords, sessions
from zhibu.web.accounts.actions.subjects import claim
from zhibu.web.accounts.factors import passkeys, recovery, totp
from zhibu.web.accounts.models import Binding, Passkey, RecoveryCode, Session, Totp, User
from zhibu.web.audit.actions import action, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope


def _me(by: Scope) -> User:
    return User.objects.get(pk=by.user_id)


@action("password.change")
def change_password(*, by: Scope, password: str, session: str = "") -> User:
    """Every other session ends; `session` is the stored key of the one that stays. Returns the owner."""
    user = _me(by)
    passwords.remember(user)
    user.set_password(password)
    user.must_change_password, user.first_until, user.password_set_at = False, None, clock.now()
    user.save(update_fields=["password", "must_change_password", "first_until", "password_set_at"])
    ended = sessions.end_all(user.pk, but=session)
    write(
        by=by, action="password.change", sentence=f"{user.name} 改了密码", thing=user, organisation=None,
        new={"sessions_ended": ended},
    )  # fmt: skip
    return user


@action("security.change")
def keep_totp(*, by: Scope, secret: str, step: int) -> list[str]:
    """From now on codes of the app are asked for. Returns new recovery codes when there were none."""
    user = _me(by)
    totp.keep(user, secret, step)
    codes = [] if recovery.left(user) else recovery.renew(user)
    _say(by, user, "accounts.add_totp", "启用了验证器")
    return codes


@action("security.change")
def remove_totp(*, by: Scope) -> None:
    user = _me(by)
    Totp.objects.filter(user=user).delete()
    _drop_codes_alone(user)
    _say(by, user, "accounts.remove_totp", "停用了验证器")


@action("security.change")
def add_passkey(*, by: Scope, request: HttpRequest, answer: str, name: str) -> list[str]:
    """Raises passkeys.Unfit. Returns new recovery codes when there were none."""
    user = _me(by)
    key = passkeys.keep(request, user, answer, name)
    codes = [] if recovery.left(user) else recovery.renew(user)
    _say(by, user, "accounts.add_passkey", f"添加了通行密钥“{key.name}”")
    return codes


@action("security.change")
def remove_passkey(*, by: Scope, number: int) -> None:
    user = _me(by)
    found = Passkey.objects.filter(user=user, pk=number).delete()[0]
    _drop_codes_alone(user)
    _say(by, user, "accounts.remove_passkey", "删除了一把通行密钥" if found else "那把通行密钥已经不在")


@action("security.change")
def renew_codes(*, by: Scope) -> list[str]:
    user = _me(by)
    codes = recovery.renew(user)
    _say(by, user, "accounts.renew_codes", "重新生成了恢复码")
    return codes


@action("security.change")
def end_session(*, by: Scope, session: str) -> None:
    """`session` is the stored key; one of another person is not found."""
    user = _me(by)
    found = Session.objects.filter(user=user, pk=session).delete()[0]
    _say(by, user, "accounts.end_session", "结束了一处登录" if found else "那一处登录已经结束")


@action("security.change")
def end_others(*, by: Scope, session: str) -> int:
    user = _me(by)
    ended = sessions.end_all(user.pk, but=session)
    _say(by, user, "accounts.end_others", f"结束了其他 {ended} 处登录")
    return ended


@action("security.change")
def set_phone(*, by: Scope, phone: str) -> None:
    """`phone` has received a code and sent it back; empty takes the phone off."""
    user = _me(by)
    user.seal_phone(phone)
    user.save(update_fields=["phone"])
    _say(by, user, "accounts.set_phone", "登记了接收验证码的手机" if phone else "取消了接收验证码的手机")


@action("security.change")
def bind(*, by: Scope, issuer: str, subject: str) -> None:
    """Raises Taken."""
    user = _me(by)
    claim(user, issuer, subject)
    _say(by, user, "accounts.bind", "绑定了统一身份认证")


@action("security.change")
def unbind(*, by: Scope) -> None:
    user = _me(by)
    Binding.objects.filter(user=user).delete()
    _say(by, user, "accounts.unbind", "解除了统一身份认证的绑定")


def _drop_codes_alone(user: User) -> None:
    """Recovery codes stand in for a factor; without one there is nothing to recover."""
    if not factors.has_any(user):
        RecoveryCode.objects.filter(user=user).delete()


def _say(by: Scope, user: User, name: str, words: str) -> None:
    write(by=by, action=name, sentence=f"{user.name} {words}", thing=user, organisation=None)
