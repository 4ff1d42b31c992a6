"""Accounts are made and changed here."""

from __future__ import annotations

import secrets

from django.db import transaction

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import write


@transaction.atomic
def register(*, username: str, name: str, password: str | None = None) -> tuple[User, str]:
    """Make an account; without a password a random one is made, to be changed at first sign-in.

    Returns the user and the password in clear, which is kept nowhere.
    """
    first = password or secrets.token_urlsafe(9)
    user = User.objects.create_user(username, first, name=name)
    user.must_change_password = password is None
    user.save(update_fields=["must_change_password"])
    write(by=None, action="accounts.register", sentence=f"开通账号 {username}", thing=user, organisation=None)
    return user, first


@transaction.atomic
def signed_in(*, user: User) -> None:
    write(by=None, action="accounts.sign_in", sentence=f"{user.name} 登录", thing=user, organisation=None)


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    write(by=None, action="accounts.change_password", sentence=f"{user.name} 改了密码", thing=user, organisation=None)
