"""The person behind a post: an account that is there, or one that is opened with it."""

from __future__ import annotations

from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import Unfit


def known(username: str, name: str) -> User:
    """The account of that name in both senses. Raises Unfit, with the same words whether either is wrong or both."""
    found = User.objects.filter(username=username, name=name, is_active=True).first()
    if found is None:
        raise Unfit("username", "没有这个账号，或者姓名和账号对不上。账号一般是手机号，姓名要和开通时一致")
    return found


def known_or_new(username: str, name: str) -> tuple[User, str]:
    """The account, and its first password in clear when it had to be opened (else empty). Raises Unfit."""
    if User.objects.filter(username=username).exists():
        return known(username, name), ""
    return register(username=username, name=name)
