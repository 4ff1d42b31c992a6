"""Who came in, who was refused. Nobody has a scope yet, so these lines are the system's own."""

from __future__ import annotations

import logging

from django.db import transaction

from zhibu.web.accounts import limits
from zhibu.web.accounts.models import Notice, User
from zhibu.web.audit import denials, where
from zhibu.web.audit.actions import write
from zhibu.web.core import clock

log = logging.getLogger("zhibu.security")


@transaction.atomic
def signed_in(*, user: User, how: str, strong: bool = False) -> list[str]:
    """Returns the notices for the owner that he has not been told yet; from now on he has."""
    untold = list(Notice.objects.filter(user=user, told_at=None).order_by("at"))
    Notice.objects.filter(pk__in=[notice.pk for notice in untold]).update(told_at=clock.now())
    write(
        by=None, user=user, action="accounts.sign_in", sentence=f"{user.name} 登录（{how}）", thing=user,
        organisation=None, new={"how": how, "second_factor": strong},
    )  # fmt: skip
    return [notice.words for notice in untold]


@transaction.atomic
def signed_out(*, user: User) -> None:
    write(by=None, user=user, action="accounts.sign_out", sentence=f"{user.name} 退出", thing=user, organisation=None)


def refused(*, username: str, how: str) -> None:
    """A wrong password or code: a line at once, the same again within a minute counted (audit/denials.py). The same is
    the name typed, the way and the address, whether or not there is such an account: else the work would tell. A name
    that no account has is not written down: it may be a password.
    """
    user = User.objects.filter(username=username).first()
    who = user.name if user else "没有这个账号的人"
    denials.refused(
        user=user, action="accounts.refuse", sentence=f"{who} 没有登录成功（{how}）", outcome="failed", stranger=True,
        new={"how": how}, about=f"{how} {where.address.get()} {username.casefold()}",
    )  # fmt: skip


WORDS = {
    "pair": "一个地址对一个账号",
    "device": "一台已知设备对一个账号",
    "account": "对一个账号（各处合计）",
    "network": "来自一个网段",
    "everywhere": "全站合计",
}


@transaction.atomic
def locked(*, limit: str) -> None:
    """A limit was reached: one line in ten minutes for each limit, else refusals would fill the log."""
    try:
        limits.take(limits.Want("told", (limit,)))
    except limits.Limited:
        return
    words = WORDS.get(limit, limit)
    log.warning("sign-in limit reached: %s", limit)
    write(
        by=None, action="accounts.limit", sentence=f"登录尝试过多，暂停受理：{words}", thing=User(), organisation=None,
        new={"limit": limit}, outcome="denied",
    )  # fmt: skip
