"""Which subject of the unit's own provider an account is: bound by its owner (`own.py`), or by an administrator here.

Whoever binds opens a way in, as with a first password; so it is the work of those who reset passwords, never of those
who take second factors away, and the second factor is still asked for (decision 0012).
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from zhibu.web.accounts import sessions, subjects
from zhibu.web.accounts.actions.keeping import kept, say, tell
from zhibu.web.accounts.models import Binding, User
from zhibu.web.audit.actions import NotAllowed, Unfit, action
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

REASON = 200  # characters


class Taken(Exception):
    """That subject of the unit's own sign-in is bound to another account here."""


def claim(user: User, issuer: str, subject: str, **more: str) -> None:
    """The account is that subject from now on, and no other one of this issuer. Raises Taken."""
    if Binding.objects.filter(issuer=issuer, subject=subject).exclude(user=user).exists():
        raise Taken(subject)
    try:
        with transaction.atomic():
            Binding.objects.filter(user=user, issuer=issuer).delete()
            Binding.objects.create(user=user, issuer=issuer, subject=subject, created_at=clock.now(), **more)
    except IntegrityError as error:  # somebody else claimed it this very moment
        raise Taken(subject) from error


@action("accounts.bind_account")
def bind_account(*, by: Scope, account: int, issuer: str, subject: str, reason: str) -> None:
    """Raises Unfit for a subject that can't be one, is bound already, or has no reason; NotAllowed out of reach."""
    user = _of_another(by, account)
    if fault := subjects.fault(subject):
        raise Unfit("subject", fault)
    _reasoned(reason)
    old = _bound(user)
    if {"issuer": issuer, "subject": subject} in old:
        raise Unfit("subject", "现在绑定的就是这个编号")
    try:
        claim(user, issuer, subject, bound_by=by.title[:200], reason=reason)
    except Taken as error:
        raise Unfit("subject", "这个编号不能用：核对是否填错；已经绑在别的账号上的，先在那里解除") from error
    tell(by, user, f"为账号绑定了统一身份 {subject}，理由：{reason}")
    say(
        by, user, "accounts.bind_account", f"绑定了统一身份（{reason}）", old={"bound": old} if old else None,
        new={"issuer": issuer, "subject": subject, "reason": reason, **_ended(user, old)},
    )  # fmt: skip


@action("accounts.bind_account")
def unbind_account(*, by: Scope, account: int, reason: str) -> None:
    """Raises Unfit when nothing is bound or there is no reason; NotAllowed out of reach."""
    user = _of_another(by, account)
    _reasoned(reason)
    old = _bound(user)
    if not old:
        raise Unfit("reason", "这个账号没有绑定统一身份，不用解除")
    Binding.objects.filter(user=user).delete()
    tell(by, user, f"解除了账号和统一身份 {old[0]['subject']} 的绑定，理由：{reason}")
    say(
        by, user, "accounts.unbind_account", f"解除了统一身份的绑定（{reason}）", old={"bound": old},
        new={"reason": reason, **_ended(user, old)},
    )  # fmt: skip


def _of_another(by: Scope, account: int) -> User:
    if account == by.user_id:
        raise NotAllowed("自己的统一身份在“账号安全”里绑定，不能用管理员的身份办")
    return kept(by, account)


def _reasoned(reason: str) -> None:
    if not reason.strip() or len(reason) > REASON or not reason.isprintable():
        raise Unfit("reason", f"写明理由，一行，最长 {REASON} 字，如：本人书面申请")


def _bound(user: User) -> list[dict[str, str]]:
    return list(Binding.objects.filter(user=user).order_by("issuer").values("issuer", "subject"))


def _ended(user: User, old: list[dict[str, str]]) -> dict[str, int]:
    """Sessions end when a subject goes: whoever it was may be inside."""
    return {"sessions_ended": sessions.end_all(user.pk)} if old else {}
