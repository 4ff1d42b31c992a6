"""Reads. Which accounts somebody may administer is the business of `access`, which says so through `reached_by`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from zhibu.web.accounts.models import Session, User
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

STALE = 90  # days without a sign-in (security.md: 多余账号)
Reach = Callable[[Scope], Q]
_reach: list[Reach] = []


def reached_by(reach: Reach) -> Reach:
    """Register `reach(scope) -> Q over User`: the accounts below the level of the scope."""
    _reach[:] = [reach]
    return reach


def accounts(scope: Scope) -> QuerySet[User]:
    """The accounts this scope may administer; none when nobody has said which (fails closed)."""
    return User.objects.filter(_reach[0](scope)) if _reach else User.objects.none()


def place(scope: Scope, code: str) -> models.Model | None:
    """The organisation with this code that may keep an account: within reach."""
    places: Any = User._meta.get_field("organisation").related_model
    return places.objects.within(scope).filter(code=code).first()


def search(scope: Scope, text: str = "", state: str = "") -> QuerySet[User]:
    """`state`: stale (90 days unused and still open), disabled, first (first password not yet changed)."""
    rows = accounts(scope).order_by("username")
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text))
    return rows.filter(STATES[state]()) if state in STATES else rows


def _stale() -> Q:
    line = clock.now() - timedelta(days=STALE)
    return Q(is_active=True) & (Q(last_login__lt=line) | Q(last_login__isnull=True, created_at__lt=line))


STATES: dict[str, Callable[[], Q]] = {
    "stale": _stale,
    "disabled": lambda: Q(is_active=False),
    "first": lambda: Q(must_change_password=True),
}


def sessions_of(user: User) -> QuerySet[Session]:
    """Where this person is signed in now, the latest first."""
    return Session.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-seen_at")
