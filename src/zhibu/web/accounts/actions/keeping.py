"""Accounts opened, reset, disabled. Whoever does it never learns a lasting password: he hands over a first one, which
expires and must be changed; and he reaches only accounts below his own level (`queries.accounts`)."""

from __future__ import annotations

from django.db import models, transaction

from zhibu.web.accounts import limits, passwords, queries, sessions, unused
from zhibu.web.accounts.models import Notice, Passkey, RecoveryCode, Totp, User
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
    """`organisation`: the name or code of the one that keeps the account. Returns the user and the first password.

    Raises Unfit when the organisation is out of reach or the username is taken.
    """
    try:
        place = queries.place(by, organisation)
    except ValueError as refusal:
        raise Unfit("organisation", str(refusal)) from refusal
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
    user = kept(by, account)
    passwords.remember(user)
    password = _set_first(user)
    user.save()
    limits.clear_account(limits.account_of(user.username))
    tell(by, user, "重设了密码")
    say(by, user, "accounts.reset", "重设了密码", new={"sessions_ended": sessions.end_all(user.pk)})
    return user, password


@action("accounts.disable")
def disable(*, by: Scope, account: int) -> None:
    user = kept(by, account)
    new = _switch(user, on=False, why=User.Why.HAND)
    say(by, user, "accounts.disable", "停用了账号", new=new)


@transaction.atomic
def disable_unused(*, user: User, organisation: models.Model | None) -> None:
    """By the system itself, at night (access/unused.py, which has looked that it may). Raises nothing of its own."""
    at = unused.last_used(user)
    new = {"last_used": at.isoformat(), **_switch(user, on=False, why=User.Why.UNUSED)}
    days = (clock.now() - at).days
    write(
        by=None, action="accounts.disable_unused", sentence=f"停用了账号 {user.username}：{days} 天没有登录",
        thing=user, organisation=organisation, new=new,
    )  # fmt: skip


@action("accounts.disable")
def enable(*, by: Scope, account: int) -> None:
    user = kept(by, account)
    why = user.disabled_why
    _switch(user, on=True)
    say(by, user, "accounts.enable", "恢复了账号", old={"disabled_why": why} if why else None)


@action("accounts.reset")
def unlock(*, by: Scope, account: int) -> None:
    """Forget the wrong tries of this account."""
    user = kept(by, account)
    counters = limits.clear_account(limits.account_of(user.username))
    say(by, user, "accounts.unlock", "解除了登录限制", new={"counters": counters})


@action("accounts.drop_factors")
def drop_factors(*, by: Scope, account: int) -> None:
    """For somebody who lost phone and paper. Not the work of those who reset passwords: two persons are needed to get
    into an account that has a second factor."""
    user = kept(by, account)
    for model in (Totp, Passkey, RecoveryCode):
        model.objects.filter(user=user).delete()
    tell(by, user, "清除了第二因素")
    say(by, user, "accounts.drop_factors", "清除了第二因素", new={"sessions_ended": sessions.end_all(user.pk)})


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


def _switch(user: User, *, on: bool, why: str = "") -> dict[str, int]:
    """Open or close the account; an account that is closed has no sessions. Returns how many ended, for the line."""
    user.is_active, user.disabled_why, user.switched_at = on, why, clock.now()
    user.save(update_fields=["is_active", "disabled_why", "switched_at"])
    return {} if on else {"sessions_ended": sessions.end_all(user.pk)}


def kept(by: Scope, account: int) -> User:
    """Nobody touches an account above him or beside him (W23)."""
    return reached(queries.accounts(by), account, "只能管理下级单位的账号；同级和上级的，由上级的系统管理员办理")


def tell(by: Scope, user: User, words: str) -> None:
    """The owner is told at his next sign-in, and reads it in 账号安全."""
    Notice.objects.create(user=user, at=clock.now(), words=f"{by.title[:200]} {words}"[:800])


def say(by: Scope, user: User, name: str, words: str, *, old: dict | None = None, new: dict | None = None) -> None:
    write(
        by=by, action=name, sentence=f"{words} {user.username}", thing=user, organisation=user.organisation, old=old,
        new=new,
    )  # fmt: skip
