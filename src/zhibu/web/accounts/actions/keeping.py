"""Accounts opened, reset, disabled. Whoever does it never learns a lasting password: he hands over a first one, which
expires and must be changed; and he reaches only accounts below his own level (`queries.accounts`)."""

from __future__ import annotations

from django.db import models, transaction

from zhibu.web.accounts import limits, passwords, queries, sessions
from zhibu.web.accounts.models import Passkey, RecoveryCode, Totp, User
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope


@transaction.atomic
def register(*, username: str, name: str, password: str | None = None) -> tuple[User, str]:
    """Make an account on the server (a command, the sample); without a password a first one is made.

    Returns the user and the password in clear, which is kept nowhere.
    """
    user, clear = _new(username, name, password)
    write(by=None, action="accounts.register", sentence=f"开通账号 {username}", thing=user, organisation=None)
    return user, clear


@action("accounts.open")
def open_account(*, by: Scope, username: str, name: str, organisation: str) -> tuple[User, str]:
    """`organisation` is the code of the one that keeps the account. Returns the user and the first password.

    Raises Unfit when the organisation is out of reach or the username is taken.
    """
    place = queries.place(by, organisation)
    if place is None:
        raise Unfit("organisation", "本单位和下级单位里没有这个代码，在“组织”里查一下")
    if User.objects.filter(username=username).exists():
        raise Unfit("username", "这个账号名不能用，换一个")
    user, clear = _new(username, name, None, place)
    write(by=by, action="accounts.open", sentence=f"开通账号 {username}", thing=user, organisation=place)
    return user, clear


@action("accounts.reset")
def reset(*, by: Scope, account: int) -> tuple[User, str]:
    """A first password in place of the present one. Second factors stay; every session ends.

    Returns the user and the password in clear.
    """
    user = _below(by, account)
    passwords.remember(user)
    password = _set_first(user)
    user.save()
    limits.clear_account(limits.account_of(user.username))
    _write(by, user, "accounts.reset", "重设了密码", {"sessions_ended": sessions.end_all(user.pk)})
    return user, password


@action("accounts.disable")
def disable(*, by: Scope, account: int) -> None:
    user = _below(by, account)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _write(by, user, "accounts.disable", "停用了账号", {"sessions_ended": sessions.end_all(user.pk)})


@action("accounts.disable")
def enable(*, by: Scope, account: int) -> None:
    user = _below(by, account)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _write(by, user, "accounts.enable", "恢复了账号")


@action("accounts.reset")
def unlock(*, by: Scope, account: int) -> None:
    """Forget the wrong tries of this account."""
    user = _below(by, account)
    counters = limits.clear_account(limits.account_of(user.username))
    _write(by, user, "accounts.unlock", "解除了登录限制", {"counters": counters})


@action("accounts.drop_factors")
def drop_factors(*, by: Scope, account: int) -> None:
    """For somebody who lost phone and paper. Not the work of those who reset passwords: two persons are needed to get
    into an account that has a second factor."""
    user = _below(by, account)
    for model in (Totp, Passkey, RecoveryCode):
        model.objects.filter(user=user).delete()
    _write(by, user, "accounts.drop_factors", "清除了第二因素", {"sessions_ended": sessions.end_all(user.pk)})


def _new(username: str, name: str, password: str | None, organisation: models.Model | None = None) -> tuple[User, str]:
    user = User(username=username, name=name, organisation=organisation)
    if password is None:
        password = _set_first(user)
    else:
        user.set_password(password)
        user.password_set_at = clock.now()
    user.save()
    return user, password


def _set_first(user: User) -> str:
    password, user.first_until = passwords.first()
    user.set_password(password)
    user.must_change_password, user.password_set_at = True, clock.now()
    return password


def _below(by: Scope, account: int) -> User:
    """Nobody touches an account above him or beside him (W23)."""
    return reached(queries.accounts(by), account, "只能管理下级单位的账号；同级和上级的，由上级的系统管理员办理")


def _write(by: Scope, user: User, name: str, words: str, new: dict | None = None) -> None:
    write(by=by, action=name, sentence=f"{words} {user.username}", thing=user, organisation=user.organisation, new=new)
